"""An identity is put right by either side of a case: what it was is kept, the other side is told, and nobody else changes anything."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections, transaction

from maillage.audit.models import Entry
from maillage.beneficiaries.correcting import (
    DESTROYED,
    WENT_FIRST,
    correct,
    formers_of,
    part_of,
    standing_of,
    take_up,
    to_take_up,
)
from maillage.beneficiaries.models import Beneficiary, Correction
from maillage.beneficiaries.rules import NOTHING_CORRECTED
from maillage.cases.following import consult, running
from maillage.cases.freezing import freeze
from maillage.cases.models import Participation
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.vault.actions import vault
from tests.beneficiaries.correcting import corrected, identity_of
from tests.cli.kept_world import raw as as_owner
from tests.conventions.people import raw
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    OFFICER,
    OTHER_WORKER,
    PERSON,
    READER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    organisation,
    send_referral,
    sign_convention,
    work,
)

BORN = date(1985, 2, 28)


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


@pytest.fixture
def case(signed: Signed) -> UUID:
    return followed_by(send_referral(signed), ADVISER)


@pytest.mark.parametrize(("by", "other"), [(WORKER, ADVISER), (ADVISER, WORKER)])
def test_either_side_corrects_both_read_it_and_what_it_was(case: UUID, by: str, other: str) -> None:
    row = corrected(case, by=by, birth_date=BORN, surname=" Quintessance ")
    assert row.fields == ["surname", "birth_date"]
    for address in (by, other):
        found = identity_of(case, address)
        assert (found.surname, found.birth_date, found.phone) == ("Quintessance", BORN, PERSON.phone)
        with member(address) as someone:
            (before,) = formers_of(part_of(case, someone), by=someone, why="pour comparer")
        assert before.identity == PERSON
        assert before.row.organisation == row.organisation


def test_the_other_side_is_told_at_once_and_takes_it_up_once(case: UUID) -> None:
    row = corrected(case, birth_date=BORN)
    with member(ADVISER) as adviser:
        (told,) = to_take_up(adviser, limit=9)
        assert (told.pk, told.organisation.short_name) == (row.pk, "CCAS")
        message = Message.objects.get(kind="identity_corrected")
        assert (message.path, message.held) == (f"/dossiers/{case}/identite/", False)
        assert not [word for word in (*CANARIES, "1985") if word in f"{message.path}{message.reference}"]
        taken = take_up(correction=row.pk, by=adviser)
        take_up(correction=row.pk, by=adviser)
        assert to_take_up(adviser, limit=9) == []
        assert taken.pk == row.pk
        assert Entry.objects.filter(verb="take_up_correction").count() == 1
    with member(WORKER) as worker:
        assert to_take_up(worker, limit=9) == []
        row.refresh_from_db()
        assert row.acknowledged_at is not None


def test_the_journal_says_who_corrected_which_fields_and_no_value(case: UUID) -> None:
    corrected(case, birth_date=BORN, nir="")
    with member(WORKER) as worker:
        formers_of(part_of(case, worker), by=worker, why="pour comparer")
    done = Entry.objects.get(verb="correct")
    assert (done.object_ref, done.fields) == (str(case), "birth_date,nir")
    assert Entry.objects.filter(verb="read", object_ref=str(case), fields="former_identity").exists()
    assert not [word for word in (*CANARIES, "1985-02-28") if word in str(list(Entry.objects.values_list()))]


def test_faults_are_those_of_the_form_that_first_takes_it_and_nothing_changed_is_refused(case: UUID) -> None:
    for changes, field, said in (
        ({"surname": " "}, "surname", "Écrivez le nom"),
        ({"birth_date": date(2099, 1, 1)}, "birth_date", "dans l’avenir"),
        ({"nir": "2840242147000"}, "nir", "Il manque la clé"),
        ({"phone": "", "email": ""}, "phone", "au moins une façon"),
        ({"phone": "0600000017", "nir": "284024214700069"}, None, NOTHING_CORRECTED),
    ):
        with pytest.raises(Refused, match=said) as refused:
            corrected(case, **changes)
        assert refused.value.field == field
    with member(WORKER):
        assert not Correction.objects.exists()


def test_of_two_who_correct_at_once_the_second_is_told(case: UUID) -> None:
    with member(ADVISER) as adviser:
        read = standing_of(part_of(case, adviser), by=adviser, why="pour corriger")
    corrected(case, birth_date=BORN)
    with member(ADVISER) as adviser, pytest.raises(Refused, match=WENT_FIRST[:40]):
        correct(
            part=part_of(case, adviser), corrected=replace(read.identity, surname="Autre"), seen=read.seen, by=adviser, at=now()
        )  # fmt: skip
    assert identity_of(case).surname == PERSON.surname
    again = corrected(case, by=ADVISER, surname="Autre")
    assert again.fields == ["surname"]
    assert identity_of(case) == replace(PERSON, nir="284024214700069", birth_date=BORN, surname="Autre")


def test_a_closed_case_is_corrected_and_what_was_destroyed_is_not(fresh_database: object) -> None:
    signed = sign_convention()
    closed = followed_by(send_referral(signed), ADVISER)
    work(closed, "acknowledge", "accept", "contact", "close")
    assert corrected(closed, birth_date=BORN).fields == ["birth_date"]
    vault().store.destroy(organisation("CCAS").id, signed.id)
    with pytest.raises(Refused, match=DESTROYED[:30]):
        corrected(closed, surname="Autre")
    with member(WORKER) as worker:
        (before,) = formers_of(part_of(closed, worker), by=worker, why="pour comparer")
    assert before.identity is None
    assert corrected(closed, by=ADVISER, surname="Autre").fields == ["surname"]


@pytest.mark.security
@pytest.mark.parametrize("address", [READER, OFFICER, "admin@ccas.example.org", OTHER_WORKER])
def test_a_role_that_does_not_send_nor_work_it_or_does_not_follow_it_corrects_nothing(
    case: UUID, address: str
) -> None:
    with member(address) as someone, pytest.raises(PermissionDenied):
        correct(part=part_of(case, someone), corrected=PERSON, seen=None, by=someone, at=now())


def test_whoever_consults_it_corrects_it_and_follows_it_from_then_on(case: UUID) -> None:
    with member(OTHER_WORKER) as someone:
        consult(case=case, motive="Elle est à l’accueil aujourd’hui", by=someone, at=now())
    assert corrected(case, by=OTHER_WORKER, birth_date=BORN)
    with member(OTHER_WORKER) as someone:
        assert running(someone).filter(case_id=case, user_id=someone.user, until=None).exists()


@pytest.mark.security
def test_another_organisation_reaches_nothing_of_it(case: UUID) -> None:
    row = corrected(case, birth_date=BORN)
    with member(STRANGER) as stranger:
        with pytest.raises(Participation.DoesNotExist):
            part_of(case, stranger)
        assert not Correction.objects.exists()
        with pytest.raises(Correction.DoesNotExist):
            take_up(correction=row.pk, by=stranger)
    with member(WORKER) as worker, pytest.raises(Correction.DoesNotExist):
        take_up(correction=row.pk, by=worker)
    with member(OFFICER) as officer, pytest.raises(PermissionDenied):
        take_up(correction=row.pk, by=officer)


@pytest.mark.security
def test_a_restricted_case_is_corrected_by_nobody_in_the_daily_work(case: UUID) -> None:
    with member(WORKER) as worker:
        freeze(cases=[case], ground="accuracy", by=worker, at=now())
    for address in (WORKER, ADVISER):
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            corrected(case, by=address, birth_date=BORN)
        assert getattr(refused.value.__cause__, "sqlstate", "") == "MF018"


COPY = "INSERT INTO beneficiaries_correction SELECT * FROM beneficiaries_correction WHERE case_id = %s"
CALL = "SELECT correct_identity(gen_random_uuid(), %s, '{surname}', %s, 'x', 'y', %s, gen_random_uuid())"


def state_of(who: str, statement: str, values: list[Any]) -> str:
    """The state of PostgreSQL's refusal."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        raw(who, statement, values)
    return str(getattr(refused.value.__cause__, "sqlstate", ""))


def stored_of(case: UUID) -> bytes:
    with member(WORKER):
        return bytes(Beneficiary.objects.get(case_id=case).identity)


@pytest.mark.security
def test_the_web_role_overwrites_no_identity_and_forges_no_correction(case: UUID) -> None:
    row = corrected(case, birth_date=BORN)
    stored = stored_of(case)
    for who in ("CCAS", "CPAM 42"):
        for statement in (
            "UPDATE beneficiaries_beneficiary SET identity = 'x' WHERE case_id = %s",
            "DELETE FROM beneficiaries_beneficiary WHERE case_id = %s",
            "DELETE FROM beneficiaries_correction WHERE case_id = %s",
            COPY,
        ):
            assert state_of(who, statement, [case]) == "42501", statement
    assert state_of("CCAS de Villexemple", CALL, [case, stored, None]) == "42501"
    assert state_of("CCAS", CALL, [case, stored, uuid7()]) == "42501", "no request of the person"
    with transaction.atomic():
        raw("CCAS", CALL, [case, b"what it was before", None])
    assert stored_of(case) == stored
    for change in (
        "former = 'x'",
        "fields = '{nir}'",
        "corrected_by = gen_random_uuid()",
        "addressee_id = NULL",
    ):
        assert state_of("CPAM 42", f"UPDATE beneficiaries_correction SET {change}", []) == "23001"  # noqa: S608 - constants
    assert raw("CCAS", "UPDATE beneficiaries_correction SET acknowledged_at = now()", []) == 0, "its author"
    raw(
        "CPAM 42",
        "UPDATE beneficiaries_correction SET acknowledged_at = '2099-01-01', acknowledged_by = id",
        [],
    )
    with member(ADVISER):
        row.refresh_from_db()
        assert row.acknowledged_at is not None
        assert row.acknowledged_at < now()
    assert (
        state_of(
            "CPAM 42",
            "UPDATE beneficiaries_correction SET acknowledged_at = NULL, acknowledged_by = NULL",
            [],
        )
        == "23001"
    )


@pytest.mark.security
def test_a_party_whose_part_has_ended_corrects_nothing_and_is_told_nothing(fresh_database: object) -> None:
    case = followed_by(send_referral(sign_convention()), ADVISER)
    with connections["owner"].cursor() as owner:
        owner.execute("ALTER TABLE cases_participation DISABLE TRIGGER USER")
        owner.execute(
            "UPDATE cases_participation SET since = since - interval '2 days', until = now() - interval '1 day'"
            " WHERE case_id = %s AND role = 'recipient'",
            [case],
        )
        owner.execute("ALTER TABLE cases_participation ENABLE TRIGGER USER")
    row = corrected(case, birth_date=BORN)
    assert row.addressee_id is None
    assert not as_owner("SELECT 1 FROM notifications_message WHERE kind = 'identity_corrected'")
    with member(ADVISER) as adviser:
        with pytest.raises(Participation.DoesNotExist):
            part_of(case, adviser)
        assert not Correction.objects.exists()
    assert state_of("CPAM 42", CALL, [case, b"x", None]) == "42501"


@pytest.mark.security
def test_nothing_of_what_it_was_is_readable_where_it_is_kept(case: UUID) -> None:
    corrected(case, surname="Zéphirin", given_name="Isabeau", birth_date=BORN)
    with member(WORKER):
        rows = [*Correction.objects.values_list(), *Beneficiary.objects.values_list()]
    kept = "".join(str(bytes(one) if isinstance(one, memoryview) else one) for row in rows for one in row)
    assert not [word for word in (*CANARIES, "phirin", "Isabeau", "1985-02-28") if word in kept]
    assert "surname" in kept
