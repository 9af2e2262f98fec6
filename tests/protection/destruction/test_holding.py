"""A destruction at term holds against what happens beside it: a restriction, a day that is moved, a digest that is being written."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from threading import Thread
from uuid import UUID

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, connections, transaction

from maillage.cases.freezing import SQLSTATE, freeze
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.documents.actions import store_upload
from maillage.protection.destruction.countersigning import countersign
from maillage.protection.destruction.models import Destruction
from maillage.protection.destruction.planning import set_day
from maillage.protection.destruction.queries import left, to_come
from maillage.protection.destruction.running import destroy, left_to_the_owner, redo, redo_all
from maillage.vault.ledger import ledger
from tests.conventions.people import raw, worker_process
from tests.days import today
from tests.protection.destruction.test_destroying import (
    HOSPITAL_ADMIN,
    LATER,
    begun,
    certificate,
    checked,
    committed,
    destroyed,
    ended,
    planned,
    readable,
)
from tests.referrals.world import ADVISER, member, organisation
from tests.rights.world import HOSPITAL, PASS, Signed, a_pdf, send

__all__ = ["committed"]


def test_a_restriction_asked_once_it_began_is_refused(
    committed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would promise what nothing keeps any more; the caisse, which keeps its own, still restricts."""
    case = send(committed)
    planned(committed)
    begun(monkeypatch)
    with member(PASS) as worker, pytest.raises(Refused, match="ne se limite plus") as refused:
        freeze(cases=[case], ground="claims", by=worker, at=now())
    assert refused.value.field == "ground"
    assert destroyed() == 1
    with member(PASS) as worker, pytest.raises(Refused, match="ne se limite plus"):
        freeze(cases=[case], ground="claims", by=worker, at=now())
    with member(ADVISER) as adviser:
        freeze(cases=[case], ground="claims", by=adviser, at=now())


@contextmanager
def as_worker(body: UUID) -> Iterator[psycopg.Connection]:
    """A transaction of the worker's beside this process."""
    asked = connections["worker"].get_connection_params()
    named = {name: asked[name] for name in ("dbname", "user", "password", "host", "port") if name in asked}
    with psycopg.connect(**named) as other:
        other.execute("SELECT set_config('maillage.organisation', %s, true)", [str(body)])
        yield other


@contextmanager
def at_once(act: Callable[[], object]) -> Iterator[list[object]]:
    """Another thread does this while the block runs, and has not ended when the block begins; then what it answered."""
    answered: list[object] = []

    def run() -> None:
        try:
            answered.append(act())
        except Exception as error:  # noqa: BLE001 - the test looks at it
            answered.append(error)
        finally:
            connection.close()

    other = Thread(target=run)
    other.start()
    other.join(1)
    assert answered == []  # it waits
    yield answered
    other.join(20)


def test_of_a_destruction_and_a_restriction_at_once_the_first_holds(committed: Signed) -> None:
    """The restriction waits until the destruction has begun, and is then told."""
    case = send(committed)
    planned(committed)
    hospital = organisation(HOSPITAL).id

    def restricts() -> object:
        with member(PASS) as worker:
            return freeze(cases=[case], ground="claims", by=worker, at=now())

    (row,) = Destruction.objects.using("owner").filter(organisation=hospital)
    with as_worker(hospital) as other:
        other.execute("SELECT protection_begin(%s, %s)", [row.pk, now() + LATER])
        with at_once(restricts) as answered:
            other.commit()
    assert isinstance(answered[0], Refused)
    assert destroyed() == 1
    assert not readable(case, PASS)


def test_of_a_restriction_and_a_destruction_at_once_the_first_holds(committed: Signed) -> None:
    """The destruction waits until the case is restricted, and does not begin."""
    case = send(committed)
    planned(committed)
    hospital = organisation(HOSPITAL).id
    (row,) = Destruction.objects.using("owner").filter(organisation=hospital)

    def begins() -> object:
        with as_worker(hospital) as other:
            return other.execute("SELECT protection_begin(%s, %s)", [row.pk, now() + LATER]).fetchone()

    with ExitStack() as ends, member(PASS) as worker:
        freeze(cases=[case], ground="claims", by=worker, at=now())
        answered = ends.enter_context(at_once(begins))
    assert getattr(answered[0], "sqlstate", None) == SQLSTATE
    assert destroyed() == 0
    assert readable(case, PASS)


def test_a_day_that_was_moved_after_the_list_was_read_is_not_begun(committed: Signed) -> None:
    case = send(committed)
    planned(committed)
    with member(HOSPITAL_ADMIN) as by:
        (row,) = to_come(by)
        set_day(row=row, due_on=today() + timedelta(days=900), reason="Un recours.", by=by, at=now())
    with worker_process():
        assert destroy(row.pk, organisation(HOSPITAL).id, now() + LATER) is False
    assert readable(case, PASS)
    with member(HOSPITAL_ADMIN) as by:
        assert to_come(by)[0].state == "planned"


def test_a_digest_that_was_being_written_goes_at_the_next_round(committed: Signed) -> None:
    case = send(committed)
    planned(committed)
    hospital = organisation(HOSPITAL).id
    with as_worker(hospital) as other:
        other.execute("DELETE FROM beneficiaries_blindindex WHERE case_id = %s", [case])
        other.execute(
            "INSERT INTO beneficiaries_blindindex (id, organisation_id, case_id, kind, digest) VALUES (%s, %s, %s, 'name', 'x')",
            [case, hospital, case],
        )
        (row,) = Destruction.objects.using("owner").filter(organisation=hospital)
        with worker_process():
            with transaction.atomic(), acting(organisation=hospital), connection.cursor() as cursor:
                cursor.execute("SELECT protection_begin(%s, %s)", [row.pk, now() + LATER])
            redo(hospital, committed.id)
        other.commit()
    with worker_process():
        assert left(hospital, committed.id).digests == 1
    assert destroyed() == 1
    with worker_process():
        assert left(hospital, committed.id).is_nothing
    _, content = certificate(committed)
    assert checked(content) == ()
    (row,) = Destruction.objects.using("owner").filter(organisation=hospital)
    assert row.emptied == row.cases == 1


def test_the_worker_empties_nothing_that_no_destruction_began(committed: Signed) -> None:
    """A line of the ledger is not enough in a convention that runs; a restore, by the owner, asks the ledger alone."""
    case = send(committed)
    hospital = organisation(HOSPITAL).id
    with worker_process():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT keep_erasure(%s, 'convention', %s, 'x')", [hospital, str(committed.id)])
        for door in ("SELECT protection_empty(%s, %s, 500)", "SELECT protection_release(%s, %s, 500)"):
            with (
                pytest.raises(DatabaseError, match="nothing of this is erased"),
                connection.cursor() as cursor,
            ):
                cursor.execute(door, [hospital, committed.id])
        assert redo_all(ledger()) == 1
        assert left_to_the_owner(ledger()) == 1  # `maillage keys restore` says so, and answers 1
    assert readable(case, PASS)
    with connections["owner"].cursor() as owner:
        owner.execute("SELECT protection_empty(%s, %s, 500)", [hospital, committed.id])
        assert owner.fetchone() == (1,)


def test_a_certificate_is_not_put_aside_for_another_file(committed: Signed) -> None:
    send(committed)
    ended(committed)
    destroyed()
    row, first = certificate(committed)
    with member(HOSPITAL_ADMIN) as by:
        mine = store_upload(
            file=ContentFile(a_pdf(), name="x.pdf"), organisation=by.organisation, readers=[], by=by, at=now()
        )
    put = "UPDATE protection_destruction SET certificate_id = %s WHERE id = %s"
    with pytest.raises(DatabaseError, match="a certificate stays"):
        raw(HOSPITAL, put, [mine.pk, row.pk])
    with connections["owner"].cursor() as owner:  # as if a guard had been taken away
        owner.execute("ALTER TABLE protection_destruction DISABLE TRIGGER USER")
        owner.execute(put, [mine.pk, row.pk])
        owner.execute("ALTER TABLE protection_destruction ENABLE TRIGGER USER")
    row, _ = certificate(committed)
    with member(HOSPITAL_ADMIN) as by, pytest.raises(Refused, match="il ne se contresigne pas"):
        countersign(row=row, by=by, at=now())
    assert checked(first) == ()
