"""A request is written down by whoever receives it, sealed, clocked; the person is looked for in one's own cases only."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.people import Person
from maillage.protection.requests.queries import person_of, running, visible_to
from maillage.protection.requests.receiving import attach, identify, search
from maillage.protection.requests.rules import due_on
from tests.beneficiaries.jobs import index_as_worker
from tests.cli.kept_world import raw as as_owner
from tests.conventions.people import raw
from tests.days import today
from tests.protection.requests.files import ASKER, CCAS_ADMIN, CPAM_DPO, STRANGE, attached, file_of, received
from tests.referrals.world import (
    CANARIES,
    OTHER_WORKER,
    PERSON,
    STRANGER,
    WORKER,
    Signed,
    member,
    send_referral,
    sign_convention,
)


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def fields(refused: pytest.ExceptionInfo[Refused]) -> set[str | None]:
    return {fault.field for fault in refused.value.faults}


def test_it_is_sealed_and_clocked_where_the_organisation_is(signed: Signed) -> None:
    request = received()
    with member(CCAS_ADMIN) as admin:
        file = file_of(request, admin)
        assert person_of(file) == ASKER
        assert file.request.due_on == due_on(today(), admin.departement)
        assert [one.pk for one in running(admin)] == [file.pk]
        sealed = bytes(file.sealed or b"")
        assert b"Quintessence" not in sealed
        message = Message.objects.get(kind="request_received")
        assert message.path == f"/protection/demandes/{request}/"
        assert not any(word in str(vars(message)) for word in CANARIES)


def test_whoever_wrote_it_down_sees_hers_and_no_others(signed: Signed) -> None:
    request = received()
    with member(WORKER) as worker:
        assert [one.request_id for one in visible_to(worker)] == [request]
    for address in (OTHER_WORKER, STRANGER, CPAM_DPO):
        with member(address) as other:
            assert not visible_to(other).exists()


def test_the_same_form_sent_twice_opens_one_request(signed: Signed) -> None:
    token = uuid7()
    assert received(request_id=token) == received(request_id=token)


def test_bad_input_is_said_at_its_field(signed: Signed) -> None:
    with pytest.raises(Refused) as refused:
        received(received_on=today() + timedelta(days=1), rights=(), person=Person(" ", ""))
    assert fields(refused) == {"received_on", "rights", "surname", "given_name"}
    with pytest.raises(Refused, match="Choisissez dans la liste") as refused:
        received(rights=("unknown",), subject="contact")
    assert fields(refused) == {"rights"}


def test_only_whoever_watches_over_data_goes_further(signed: Signed) -> None:
    request = received()
    with member(WORKER) as worker:
        file = file_of(request, worker)
        with pytest.raises(PermissionDenied):
            search(file=file, surname="Quintessence", born=PERSON.birth_date, by=worker, at=now())
        with pytest.raises(PermissionDenied):
            attach(file=file, cases=[], by=worker)
        with pytest.raises(PermissionDenied):
            identify(file=file, person=ASKER, check_made="seen", by=worker, at=now())


def test_who_asks_is_put_right(signed: Signed) -> None:
    request = received(check_made="pending")
    with member(CCAS_ADMIN) as admin:
        file = file_of(request, admin)
        with pytest.raises(Refused):
            identify(file=file, person=ASKER, check_made="copy", by=admin, at=now())
        identify(
            file=file, person=replace(ASKER, address="5 rue Neuve"), check_made="seen", by=admin, at=now()
        )
        known = person_of(file_of(request, admin))
        assert known is not None
        assert known.address == "5 rue Neuve"


def test_she_is_found_in_ones_own_cases_by_name_and_birth_date_or_number(fresh_database: object) -> None:
    case = send_referral(sign_convention())
    index_as_worker()
    request, unknown = received(), received(person=STRANGE)
    with member(CCAS_ADMIN) as admin:
        file = file_of(request, admin)
        by_name = search(file=file, surname="QUINTESSENCE", born=PERSON.birth_date, by=admin, at=now())
        by_number = search(file=file, nir=PERSON.nir, by=admin, at=now())
        assert [one.part.case_id for one in by_name] == [one.part.case_id for one in by_number] == [case]
        assert by_name[0].identity is not None
        assert by_name[0].identity.given_name == "Ondine"
        for asked in ({"surname": "Quintessence"}, {"nir": "12"}):
            with pytest.raises(Refused):
                search(file=file, by=admin, at=now(), **asked)  # type: ignore[arg-type]  # each as it is named
        other = file_of(unknown, admin)
        assert search(file=other, surname="Inconnue", born=STRANGE.birth_date, by=admin, at=now()) == []
        assert other.searched_at is not None
    kept = str(as_owner("SELECT to_jsonb(f) - 'sealed' FROM protection_requestfile f"))
    kept += str(as_owner("SELECT to_jsonb(e) FROM audit_entry e WHERE starts_with(e.verb, 'request')"))
    assert not any(word in kept for word in CANARIES)
    assert "request.search" in kept


def test_cases_of_others_are_never_attached(signed: Signed) -> None:
    case, request = send_referral(signed), received()
    attached(request, case)
    with member(CCAS_ADMIN) as admin:
        file = file_of(request, admin)
        assert file.cases == [case]
        with pytest.raises(Refused) as refused:
            attach(file=file, cases=[case, uuid7()], by=admin)
        assert fields(refused) == {"cases"}


def test_the_database_keeps_what_was_asked_and_answered(signed: Signed) -> None:
    case, request = send_referral(signed), received()
    attached(request, case)
    moved = [
        "UPDATE protection_rightsrequest SET received_on = received_on - 1 WHERE id = %s",
        "UPDATE protection_rightsrequest SET due_on = due_on + 90 WHERE id = %s",
        "UPDATE protection_requestpart SET answered_at = now() WHERE request_id = %s",
        "UPDATE protection_requestfile SET organisation_id = gen_random_uuid() WHERE request_id = %s",
        "UPDATE protection_requestfile SET cases = ARRAY[gen_random_uuid()] WHERE request_id = %s",
        "UPDATE protection_requestfile SET state = 'refused', ended_at = now(), ended_by = id WHERE request_id = %s",
        "UPDATE protection_requestfile SET state = 'nothing', ended_at = now(), ended_by = id WHERE request_id = %s",
    ]
    for sql in moved:
        with pytest.raises(DatabaseError), transaction.atomic():
            raw("CCAS", sql, [request])
    answered = "UPDATE protection_requestfile SET state = 'answered', ended_at = now(), ended_by = id WHERE request_id = %s"
    assert raw("CCAS de Villexemple", answered, [request]) == 0
    with pytest.raises(DatabaseError), transaction.atomic():
        raw("CCAS", answered, [request])
    noted = (
        'INSERT INTO protection_rightoutcome (id, organisation_id, file_id, "right", outcome, ground, words, decided_at, decided_by)'
        " SELECT gen_random_uuid(), organisation_id, id, 'access', 'granted', '', '', now(), id FROM protection_requestfile"
        " WHERE request_id = %s"
    )
    assert raw("CCAS", noted, [request]) == 1
    assert raw("CCAS", answered, [request]) == 1
    for sql in (
        "UPDATE protection_requestfile SET state = 'asked', ended_at = NULL, ended_by = NULL WHERE request_id = %s",
        "UPDATE protection_requestfile SET cases = '{}' WHERE request_id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw("CCAS", sql, [request])
    with member(CCAS_ADMIN):
        assert RequestFile.objects.get(request=request).state == "answered"


def test_a_file_is_opened_by_whoever_was_asked_alone(signed: Signed) -> None:
    request: UUID = received()
    with pytest.raises(DatabaseError), transaction.atomic():
        raw(
            "CPAM 42",
            "INSERT INTO protection_requestfile (id, request_id, organisation_id, state, check_made, cases, ground, words)"
            " SELECT gen_random_uuid(), %s, o.id, 'asked', 'pending', '{}', '', '' FROM organisations_organisation o"
            " WHERE o.short_name = 'CPAM 42'",
            [request],
        )
