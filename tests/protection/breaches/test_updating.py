"""How far a breach reaches becomes better known: each party updates it, what was first said stays, of two the second is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.protection.breaches import saying
from maillage.protection.breaches.deciding import close
from maillage.protection.breaches.extent_models import BreachExtent
from maillage.protection.breaches.extent_rules import Extent
from maillage.protection.breaches.following import join
from maillage.protection.breaches.models import Breach
from maillage.protection.breaches.queries import extents_of, first_said, known_now, last_known, newest_extents
from maillage.protection.breaches.updating import Overtaken, update_extent
from tests.conventions.people import STRANGER, WORKER, body, member, raw
from tests.protection.breaches.files import AT, CARSAT_ADMIN, CCAS_ADMIN, CPAM_DPO, NOTICED, reported
from tests.protection.breaches.test_deciding import agreed, filed, proposed

pytestmark = pytest.mark.django_db
WIDER = Extent(("availability", "confidentiality"), ("health", "identity", "number"), 12, 40, True)


def updated(
    breach: Breach, said: Extent = WIDER, by: str = CPAM_DPO, seen: int = 0, **changes: Any
) -> BreachExtent:
    given: dict[str, Any] = {
        "extent_id": uuid7(),
        "why": "La liste du prestataire, reçue ce matin.",
        "at": AT,
    } | changes
    with member(by, AT) as follower:
        return update_extent(breach=breach, said=said, seen=seen, by=follower, **given)


def test_each_party_reads_the_last_update_and_the_first_values_stay(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    first = first_said(breach)
    updated(breach)
    over = replace(WIDER, people=11, goes_on=False, began_at=NOTICED - timedelta(days=2), stopped_at=NOTICED)
    updated(breach, over, CARSAT_ADMIN, seen=1)
    for address in (CPAM_DPO, CARSAT_ADMIN, CCAS_ADMIN):
        with member(address, AT):
            found = Breach.objects.get(pk=breach.pk)
            assert first_said(found) == first
            assert [one.number for one in extents_of(found)] == [1, 2]
            assert last_known(found, extents_of(found)) == over
            assert known_now(found, newest_extents([found])) == over
    with member(STRANGER, AT):
        assert extents_of(breach) == []


def test_whoever_does_not_follow_is_refused_and_a_form_sent_twice_is_one_update(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    for address in (WORKER, STRANGER):
        with pytest.raises(PermissionDenied):
            updated(breach, by=address)
    token = uuid7()
    assert updated(breach, extent_id=token).pk == updated(breach, extent_id=token).pk
    with member(CPAM_DPO, AT):
        assert BreachExtent.objects.filter(breach=breach).count() == 1


def test_of_two_at_once_the_second_reads_what_the_first_one_said(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    updated(breach)
    with pytest.raises(Overtaken, match="CPAM de la Loire vient de mettre à jour") as overtaken:
        updated(breach, replace(WIDER, people=90), CCAS_ADMIN)
    assert overtaken.value.theirs.people == 12
    assert updated(breach, replace(WIDER, people=90), CCAS_ADMIN, seen=1).number == 2
    with pytest.raises(Refused, match="Rien n’a changé"):
        updated(breach, replace(WIDER, people=90), CPAM_DPO, seen=2)


def test_its_words_name_nobody_whom_the_writer_follows(
    signed_s3: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    breach = reported(signed_s3)
    monkeypatch.setattr(saying, "names_followed", lambda _by, _one: [("Quintessence", "Ondine")])
    for why in ("Le dossier de Quintessence Ondine aussi.", " "):
        with pytest.raises(Refused) as refused:
            updated(breach, why=why)
        assert refused.value.field == "why"


def test_a_file_that_is_closed_or_joined_is_not_updated(signed_s3: UUID) -> None:
    first, second = reported(signed_s3), reported(signed_s3)
    updated(second)
    with member(CPAM_DPO, AT) as by:
        join(breach=second, into=first.pk, by=by)
    with pytest.raises(Refused, match="joint à un autre"):
        updated(second, replace(WIDER, people=90), seen=1)
    common = updated(first, replace(WIDER, people=7))
    with member(CPAM_DPO, AT):
        joined = Breach.objects.get(pk=second.pk)
        assert [one.pk for one in extents_of(joined)][-1] == common.pk
        assert newest_extents([joined, first]) == {second.pk: common, first.pk: common}
    updated(first, replace(WIDER, people=7, goes_on=False), seen=1)
    agreed(proposed(first), CARSAT_ADMIN, CCAS_ADMIN)
    for address in (CPAM_DPO, CARSAT_ADMIN, CCAS_ADMIN):
        filed(first, address)
    with member(CPAM_DPO, AT) as by:
        close(breach=first, lessons="Fermer les salles.", by=by, at=AT)
    with pytest.raises(Refused, match="clos"):
        updated(first, replace(WIDER, people=8), seen=2)


_ADDED = (
    "INSERT INTO protection_breachextent (id, breach_id, number, natures, data, people, goes_on, began_at, stopped_at, why, recorded_at,"
    " recorded_by, recorded_for_id) SELECT gen_random_uuid(), b.id, {number}, '{natures}', '{data}', {people}, {goes_on}, {began},"
    " {stopped}, '{why}', now(), gen_random_uuid(), {body} FROM protection_breach b WHERE b.id = %s"
)
_SOUND = {
    "number": "1", "natures": "{integrity}", "data": "{identity}", "people": "3", "goes_on": "false", "began": "NULL", "stopped": "NULL",
    "why": "x",
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "0"},
        {"natures": "{}"},
        {"natures": "{identity}"},
        {"data": "{}"},
        {"data": "{unknown}"},
        {"people": "10000001"},
        {"why": ""},
        {"began": "now()"},
        {"stopped": "now() + interval '1 hour'"},
        {"goes_on": "true", "stopped": "b.noticed_at"},
        {"goes_on": "NULL", "stopped": "b.noticed_at"},
        {"began": "b.noticed_at", "stopped": "b.noticed_at - interval '1 minute'"},
    ],
    ids=str,
)
def test_the_database_keeps_what_an_update_promises(signed_s3: UUID, wrong: dict[str, str]) -> None:
    breach = reported(signed_s3)
    mine = f"'{body('CPAM 42').id}'"
    with pytest.raises(DatabaseError), transaction.atomic():
        raw("CPAM 42", _ADDED.format(**(_SOUND | {"body": mine} | wrong)), [breach.pk])
    assert raw("CPAM 42", _ADDED.format(**_SOUND, body=mine), [breach.pk]) == 1
    with pytest.raises(DatabaseError), transaction.atomic():  # the number is taken
        raw("CPAM 42", _ADDED.format(**_SOUND, body=mine), [breach.pk])


def test_nobody_writes_for_another_nor_changes_what_was_said(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    theirs = f"'{body('CARSAT RA').id}'"
    with pytest.raises(DatabaseError), transaction.atomic():
        raw("CPAM 42", _ADDED.format(**_SOUND, body=theirs), [breach.pk])
    updated(breach)
    for verb in ("UPDATE protection_breachextent SET people = 1", "DELETE FROM protection_breachextent"):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw("CPAM 42", f"{verb} WHERE breach_id = %s", [breach.pk])
