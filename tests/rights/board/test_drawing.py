"""The random sample: drawn once by the database, the same when it is drawn again, never changed, read by its two sides."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections, transaction

from maillage.audit.models import Entry
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.organisations.roles import Role
from maillage.rights.board.actions import draw
from maillage.rights.board.queries import drawn_again, estimate_of, mean_of_all, sampled_parts, samples_of
from maillage.rights.measuring.sampling import drawn, estimated
from maillage.rights.sampled.models import Sample
from maillage.rights.sampled.rules import Between
from tests.conventions.people import worker_process
from tests.days import PARIS, today
from tests.referrals.world import ADVISER, READER, member
from tests.rights.board.world import SINCE, UNTIL, File, of_all_kinds, plant
from tests.rights.world import PASS, STRANGER, Signed

pytestmark = pytest.mark.security
PERIOD = Between(SINCE, UNTIL)


def sample(signed: Signed, *, size: int = 3, period: Between = PERIOD, address: str = READER) -> UUID:
    with member(address) as someone:
        known = load(Convention.objects.get(id=signed.id))
        return draw(known=known, between=period, size=size, by=someone, at=now())


def read(signed: Signed, address: str) -> list[Sample]:
    with member(address) as someone:
        return samples_of(someone, signed.id)


def test_it_is_of_what_was_decided_in_the_period_and_is_drawn_again_the_same(committed: Signed) -> None:
    cases = plant(committed, *(File(SINCE, decided=number) for number in range(12)), *of_all_kinds())
    inside = {*cases[:17], cases[20], cases[23]}
    sample(committed, size=5)
    (found,) = read(committed, READER)
    with member(READER) as referent:
        whole = Sample.objects.get(id=found.id)
        assert set(whole.population) == inside
        assert whole.population == sorted(whole.population)
        assert tuple(whole.drawn) == drawn(whole.population, size=5, seed=bytes(whole.seed))
        assert drawn_again(found)
        parts = sampled_parts(referent, found)
    assert [part.case_id for part in parts] == found.drawn
    days = []
    for part in parts:
        row = part.case.application
        assert row.decided_on is not None
        assert row.received_on is not None
        days.append((row.decided_on - row.received_on).days)
    assert days == found.days
    assert (found.among, found.total_days) == (19, sum(range(12)) + 153)
    assert estimate_of(found) == estimated(days, population=19)
    assert float(mean_of_all(found)) == pytest.approx(219 / 19)
    assert (found.drawn_at.astimezone(PARIS).date(), found.size, len(bytes(found.seed))) == (today(), 5, 32)
    with member(READER):
        said = Entry.objects.get(verb="draw", object_type="convention")
        assert said.reason == "05/01/2026 – 06/07/2026, 5 dossiers"


def test_another_seed_draws_others_and_the_check_is_able_to_fail(committed: Signed) -> None:
    plant(committed, *(File(SINCE, decided=number) for number in range(40)))
    later = Between(UNTIL, UNTIL + timedelta(days=100))
    plant(committed, *(File(UNTIL, decided=number) for number in range(40)))
    sample(committed, size=5)
    sample(committed, size=5, period=later)
    second, first = read(committed, READER)
    assert bytes(first.seed) != bytes(second.seed)
    with connections["owner"].cursor() as cursor:
        cursor.execute("UPDATE rights_sample SET seed = %s WHERE id = %s", [bytes(second.seed), first.id])
    (_, changed) = read(committed, READER)
    with member(READER):
        assert drawn_again(second)
        assert not drawn_again(changed)


def test_it_is_drawn_once_and_a_sample_as_large_as_all_is_all(committed: Signed) -> None:
    cases = plant(committed, File(SINCE), File(SINCE, decided=30))
    sample(committed, size=500)
    for period in (
        PERIOD,
        Between(SINCE + timedelta(days=1), UNTIL),
        Between(SINCE - timedelta(days=90), SINCE + timedelta(days=1)),
    ):
        with pytest.raises(Refused, match="qu’une fois"):
            sample(committed, period=period)
    (found,) = read(committed, READER)
    assert set(found.drawn) == set(cases)
    assert estimate_of(found).interval == (25.0, 25.0)


def test_what_cannot_be_drawn_is_refused_in_words(committed: Signed) -> None:
    with pytest.raises(Refused, match="rien à tirer"):
        sample(committed)
    for size in (1, 501):
        with pytest.raises(Refused, match="de 2 à 500") as small:
            sample(committed, size=size)
        assert small.value.field == "size"
    with pytest.raises(Refused, match="période finie"):
        sample(committed, period=Between(SINCE, today() + timedelta(days=1)))
    with pytest.raises(Refused, match="après le premier"):
        sample(committed, period=Between(UNTIL, UNTIL))
    for address in (ADVISER, PASS):
        with pytest.raises(PermissionDenied):
            sample(committed, address=address)
    with member(PASS) as worker:
        referent = replace(worker, roles=frozenset({Role.REFERENT}))
        known = load(Convention.objects.get(id=committed.id))
        with pytest.raises(PermissionDenied, match="référents de la caisse"):
            draw(known=known, between=PERIOD, size=3, by=referent, at=now())


def test_the_partner_that_filed_all_of_them_reads_it_and_nobody_else(committed: Signed) -> None:
    plant(committed, File(SINCE), File(SINCE, decided=3))
    sample(committed)
    assert len(read(committed, PASS)) == len(read(committed, ADVISER)) == 1
    assert read(committed, STRANGER) == read(committed, "social@carsat.example.org") == []


@pytest.mark.parametrize("other", [File(SINCE, sender="CCAS"), File(SINCE, withheld=True)])
def test_a_sample_that_holds_what_a_partner_may_not_know_is_the_caisse_s_alone(
    committed: Signed, other: File
) -> None:
    plant(committed, File(SINCE), other)
    sample(committed)
    assert len(read(committed, ADVISER)) == 1
    assert read(committed, PASS) == []


def test_the_database_draws_for_the_caisse_of_the_convention_alone_and_keeps_what_it_drew(
    committed: Signed,
) -> None:
    plant(committed, File(SINCE), File(SINCE, decided=3))
    drawing = "SELECT rights_draw(%s, %s, %s, %s, %s)"
    wanted: list[Any] = [uuid4(), committed.id, SINCE, UNTIL, 2]
    for address in (PASS, STRANGER, "social@carsat.example.org"):
        with (
            pytest.raises(DatabaseError, match="no such convention"),
            member(address),
            connection.cursor() as cursor,
        ):
            cursor.execute(drawing, wanted)
    for ends in ((SINCE, today() + timedelta(days=1)), (UNTIL, SINCE)):
        with pytest.raises(DatabaseError, match="is over"), member(READER), connection.cursor() as cursor:
            cursor.execute(drawing, [uuid4(), committed.id, *ends, 2])
    made = sample(committed)
    for statement in (
        "UPDATE rights_sample SET size = 3 WHERE id = %s",
        "DELETE FROM rights_sample WHERE id = %s",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            member(READER),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [made])
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        worker_process(),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(drawing, wanted)


def test_a_sample_holds_together_whoever_writes_it(committed: Signed) -> None:
    plant(committed, File(SINCE), File(SINCE, decided=3))
    made = sample(committed)
    changes = {
        "drawn = ARRAY[gen_random_uuid(), gen_random_uuid()]": "sample_of_its_population",
        "drawn = drawn[1:1]": "sample_as_large_as_agreed",
        "days = days || 1": "sample_as_large_as_agreed",
        "seed = '\\x00'": "sample_seed_whole",
        "until = since": "sample_period_ordered",
        "size = 501": "sample_size_bounded",
    }
    for change, constraint in changes.items():
        with pytest.raises(DatabaseError, match=constraint), connections["owner"].cursor() as cursor:
            cursor.execute(f"UPDATE rights_sample SET {change} WHERE id = %s", [made])  # noqa: S608 - the changes above
