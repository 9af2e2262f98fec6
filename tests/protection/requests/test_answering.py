"""A request is passed on as the texts say, with the shared cases alone; each answers for itself; the delay is extended once."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.protection.requests.answering import answer, extend, refuse
from maillage.protection.requests.models import RequestFile, RequestPart, RightsRequest
from maillage.protection.requests.queries import parts_of, person_of, visible_to
from maillage.protection.requests.receiving import attach, identify, search
from maillage.protection.requests.relaying import ask, targets
from maillage.protection.requests.rules import extended_due_on
from tests.conventions.people import body, raw
from tests.days import today
from tests.protection.requests.files import (
    ASKER,
    CCAS_ADMIN,
    CPAM_DPO,
    HOSPITAL_ADMIN,
    STRANGE,
    attached,
    file_of,
    received,
)
from tests.referrals.world import STRANGER, WORKER, Signed, member, send_referral, sign_convention
from tests.rights import world as files_of_rights

PASS = files_of_rights.PASS


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def asked_of(request: UUID, name: str, by: str = CCAS_ADMIN) -> None:
    with member(by) as someone:
        file = file_of(request, someone)
        keys = [one.key for one in targets(file, someone, now()) if one.body == body(name).pk]
        ask(file=file, chosen=keys, by=someone, at=now())


def told(name: str) -> list[str]:
    with member({"CPAM 42": CPAM_DPO, "CCAS": CCAS_ADMIN}[name]):
        return sorted(Message.objects.filter(kind__startswith="request").values_list("kind", flat=True))


def test_under_the_convention_of_a_hospital_it_is_passed_to_the_officer_of_the_caisse(db: None) -> None:
    files_of_rights.sign()
    request = received(by=PASS)
    with member(HOSPITAL_ADMIN) as admin:
        (target,) = [one for one in targets(file_of(request, admin), admin, now()) if one.must]
        assert (target.body, target.way.to_dpo, target.way.article) == (body("cpam").pk, True, "annexe 1-5")
        assert ask(file=file_of(request, admin), chosen=[target.key], by=admin, at=now()) == []
    with member(CPAM_DPO) as officer:
        file = file_of(request, officer)
        assert file.cases == []
        assert person_of(file) is None
    assert told("CPAM 42") == ["request_received"]


def test_another_party_reads_the_shared_cases_alone_and_never_who_asks(signed: Signed) -> None:
    case, request = send_referral(signed), received()
    attached(request, case)
    for name in ("CPAM 42", "CARSAT RA"):
        asked_of(request, name)
    with member(CPAM_DPO) as officer:
        file = file_of(request, officer)
        assert file.cases == [case]
        assert file.sealed is None
        (part,) = parts_of(file.request)
        assert (part.cases, part.article) == ([case], "6")
        assert RequestFile.objects.filter(request=request).count() == 1
    with member("admin@carsat.example.org") as carsat:
        assert file_of(request, carsat).cases == []
    with member(STRANGER) as stranger:
        assert not visible_to(stranger).exists()
        assert not RightsRequest.objects.exists()
        assert not RequestPart.objects.exists()


def test_cases_found_later_are_told_when_it_is_asked_again(signed: Signed) -> None:
    case, request = send_referral(signed), received()
    asked_of(request, "CPAM 42")
    attached(request, case)
    asked_of(request, "CPAM 42")
    with member(CPAM_DPO) as officer:
        assert file_of(request, officer).cases == [case]
    assert told("CPAM 42") == ["request_received"]


def test_only_the_receiver_asks_and_only_parties_of_a_common_convention(signed: Signed) -> None:
    request = received()
    asked_of(request, "CPAM 42")
    with member(CCAS_ADMIN) as admin:
        with pytest.raises(Refused):
            ask(file=file_of(request, admin), chosen=[f"{signed.id}:{uuid7()}"], by=admin, at=now())
        with pytest.raises(Refused):
            ask(file=file_of(request, admin), chosen=[], by=admin, at=now())
    with member(CPAM_DPO) as officer, pytest.raises(PermissionDenied):
        ask(file=file_of(request, officer), chosen=["x"], by=officer, at=now())
    sql = "SELECT protection_ask(gen_random_uuid(), gen_random_uuid(), %s, %s, %s, '6', NULL, '{}')"
    for who, whom in (
        ("CCAS", "CCAS de Villexemple"),
        ("CPAM 42", "CARSAT RA"),
        ("CCAS de Villexemple", "CPAM 42"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw(who, sql, [request, signed.id, body(whom).pk])


@pytest.mark.parametrize("known", [True, False])
def test_known_or_not_the_others_read_the_same(signed: Signed, known: bool) -> None:
    request = received(person=ASKER if known else STRANGE)
    attached(request, *([send_referral(signed)] if known else []))
    asked_of(request, "CARSAT RA")
    with member(CCAS_ADMIN) as admin:
        assert answer(file=file_of(request, admin), by=admin, at=now()).state == (
            "answered" if known else "nothing"
        )
    with member("admin@carsat.example.org") as carsat:
        file = file_of(request, carsat)
        seen = [(one.cases, one.answered_at) for one in parts_of(file.request)]
        assert seen == [([], None)]
        assert file.cases == []


def test_each_answers_for_itself_and_the_receiver_reads_when_not_what(signed: Signed) -> None:
    case, request = send_referral(signed), received()
    attached(request, case)
    asked_of(request, "CPAM 42")
    with member(CPAM_DPO) as officer:
        file = file_of(request, officer)
        with pytest.raises(Refused, match="identité"):
            answer(file=file, by=officer, at=now())
        identify(file=file, person=ASKER, check_made="known", by=officer, at=now())
        with pytest.raises(Refused, match="Cherchez d’abord"):
            answer(file=file_of(request, officer), by=officer, at=now())
    attached(request, case, by=CPAM_DPO)
    with member(CPAM_DPO) as officer:
        with pytest.raises(Refused) as refused:
            refuse(file=file_of(request, officer), ground="", words=" ", by=officer, at=now())
        assert {fault.field for fault in refused.value.faults} == {"ground", "words"}
        refuse(
            file=file_of(request, officer),
            ground="others",
            words="Un tiers y est nommé.",
            by=officer,
            at=now(),
        )
        with pytest.raises(TransitionRefused):
            answer(file=file_of(request, officer), by=officer, at=now())
    with member(CCAS_ADMIN) as admin:
        parts = {one.organisation.short_name: one for one in parts_of(file_of(request, admin).request)}
        assert parts["CPAM 42"].answered_at is not None
        assert parts["CCAS"].answered_at is None
        assert not RequestFile.objects.filter(state="refused").exists()
    assert "request_moved" in told("CCAS")


def test_the_delay_is_extended_once_by_the_receiver_for_a_reason(signed: Signed) -> None:
    request = received()
    asked_of(request, "CPAM 42")
    with member(WORKER) as worker, pytest.raises(PermissionDenied):
        extend(request=file_of(request, worker).request, reason="Long.", by=worker, at=now())
    with member(CPAM_DPO) as officer, pytest.raises(PermissionDenied):
        extend(request=file_of(request, officer).request, reason="Long.", by=officer, at=now())
    with member(CCAS_ADMIN) as admin:
        row = file_of(request, admin).request
        with pytest.raises(Refused):
            extend(request=row, reason=" ", by=admin, at=now())
        extend(request=row, reason="Douze ans de dossiers papier.", by=admin, at=now())
        assert row.due_on == extended_due_on(today(), admin.departement)
        with pytest.raises(Refused, match="une fois"):
            extend(request=row, reason="Encore.", by=admin, at=now())
    assert "request_moved" in told("CPAM 42")


def test_after_the_first_month_it_is_too_late_to_extend(signed: Signed) -> None:
    request = received(received_on=today() - timedelta(days=60))
    with member(CCAS_ADMIN) as admin, pytest.raises(Refused, match="premier mois"):
        extend(request=file_of(request, admin).request, reason="Long.", by=admin, at=now())


def test_an_answered_request_is_no_longer_extended_nor_searched(signed: Signed) -> None:
    request = attached(received(person=STRANGE))
    with member(CCAS_ADMIN) as admin:
        file = answer(file=file_of(request, admin), by=admin, at=now())
        with pytest.raises(TransitionRefused):
            extend(request=file.request, reason="Douze ans de dossiers.", by=admin, at=now())
        with pytest.raises(TransitionRefused):
            search(file=file, surname="Quintessence", born=ASKER.birth_date, by=admin, at=now())
        assert not RightsRequest.objects.exclude(extended_on=None).exists()


def test_nothing_found_is_said_after_a_search_alone(signed: Signed) -> None:
    request = received()
    with member(CCAS_ADMIN) as admin:
        file = file_of(request, admin)
        with pytest.raises(Refused, match="Cherchez d’abord"):
            attach(file=file, cases=[], by=admin)
        with pytest.raises(Refused, match="Cherchez d’abord"):
            answer(file=file_of(request, admin), by=admin, at=now())
        search(file=file, surname="Quintessence", born=ASKER.birth_date, by=admin, at=now())
        attach(file=file, cases=[], by=admin)
        assert answer(file=file, by=admin, at=now()).state == "nothing"


def test_what_the_other_unticked_stays_so_when_it_is_asked_again(signed: Signed) -> None:
    first = send_referral(signed)
    request = attached(received(), first)
    asked_of(request, "CPAM 42")
    attached(request, by=CPAM_DPO)
    asked_of(request, "CPAM 42")
    with member(CPAM_DPO) as officer:
        assert file_of(request, officer).cases == []
    second = send_referral(signed)
    attached(request, first, second)
    asked_of(request, "CPAM 42")
    with member(CPAM_DPO) as officer:
        file = file_of(request, officer)
        assert file.cases == [second]
        assert parts_of(file.request)[-1].cases == sorted([first, second])
