"""A request for rectification, from its reception to the letter: corrected, told, taken up, granted; restricted or not."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from maillage.beneficiaries.correcting import standing_of, to_take_up
from maillage.beneficiaries.models import Correction
from maillage.beneficiaries.queries import cases_of_person
from maillage.beneficiaries.stopping import came_all_the_same, must_not_object
from maillage.cases.models import Participation
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.protection.requests.answering import answer
from maillage.protection.requests.collecting import collect
from maillage.protection.requests.correcting import correct, corrected_since, part_to_correct, uncorrected
from maillage.protection.requests.deciding import decide
from maillage.protection.requests.drawing import letter_for
from maillage.protection.requests.queries import rectifications_of
from maillage.protection.requests.queries import to_take_up as to_acknowledge
from maillage.protection.requests.rectifying import take_up
from tests.beneficiaries.correcting import corrected, identity_of
from tests.beneficiaries.jobs import index_as_worker
from tests.conventions.people import raw
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, attached, file_of, received
from tests.protection.requests.test_drawing import said_in
from tests.referrals.world import (
    ADVISER,
    PERSON,
    WORKER,
    Signed,
    followed_by,
    member,
    organisation,
    send_referral,
    sign_convention,
)

BORN = date(1985, 2, 28)
RIGHT = replace(PERSON, nir="284024214700069", birth_date=BORN)


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def asked(signed: Signed, *rights: str, by: str = CCAS_ADMIN) -> tuple[UUID, UUID]:
    """One of her cases, and her request about it."""
    case = followed_by(send_referral(signed), ADVISER)
    return case, attached(received(by=by, rights=rights or ("rectification",)), case, by=by)


def put_right(request: UUID, case: UUID, *, by: str = CCAS_ADMIN, **changes: Any) -> Correction:
    with member(by) as someone:
        file = file_of(request, someone)
        part = part_to_correct(file, case, someone)
        known = standing_of(part, by=someone, why="demande")
        right = replace(known.identity, **changes)
        return correct(file=file, part=part, corrected=right, seen=known.seen, by=someone, at=now())


def granted(request: UUID, right: str = "rectification", *, by: str = CCAS_ADMIN, **said: Any) -> Any:
    with member(by) as someone:
        return decide(
            file=file_of(request, someone), right=right, outcome="granted", by=someone, at=now(), **said
        )


def test_from_the_request_to_the_letter(signed: Signed) -> None:
    case, request = asked(signed)
    with member(CCAS_ADMIN) as admin:
        assert uncorrected(file_of(request, admin)) == [case]
    row = put_right(request, case, birth_date=BORN)
    assert (row.request_id, row.addressee_id) == (request, None), "the receipt is that of the request"
    assert identity_of(case, ADVISER).birth_date == BORN
    with member(CPAM_DPO) as officer:
        (told,) = to_acknowledge(officer)
        assert (told.case_id, told.what) == (case, "Identité corrigée : date de naissance.")
        assert take_up(rectification=told.pk, by=officer, at=now())
    with member(ADVISER) as adviser:
        assert to_take_up(adviser, limit=9) == []
    assert granted(request).done.startswith("Corrigé : date de naissance. Ceux qui avaient reçu")
    with member(CCAS_ADMIN) as by:
        letter = said_in(letter_for(answer(file=file_of(request, by), by=by, at=now()), by=by, at=now()))
        assert [
            one.acknowledged_at is not None for one in rectifications_of(file_of(request, by).request)
        ] == [True]
    assert "Corrigé : date de naissance" in letter
    assert "1985" not in letter


def test_a_case_corrected_in_the_daily_work_since_she_asked_counts_and_one_corrected_before_does_not(
    signed: Signed,
) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    corrected(case, safe_time="le soir")
    request = attached(received(rights=("rectification",)), case)
    with member(CCAS_ADMIN) as admin:
        assert uncorrected(file_of(request, admin)) == [case]
    corrected(case, by=ADVISER, birth_date=BORN)
    with member(CCAS_ADMIN) as admin:
        (found,) = corrected_since(file_of(request, admin))[case]
        assert found.fields == ["birth_date"]
        assert uncorrected(file_of(request, admin)) == []


def test_whoever_follows_the_request_corrects_a_restricted_case_and_nobody_else(signed: Signed) -> None:
    case, request = asked(signed, "rectification", "restriction")
    granted(request, "restriction", restriction="accuracy")
    for address in (WORKER, ADVISER):
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            corrected(case, by=address, birth_date=BORN)
        assert getattr(refused.value.__cause__, "sqlstate", "") == "MF018"
    assert put_right(request, case, birth_date=BORN).fields == ["birth_date"]
    assert identity_of(case, ADVISER).birth_date == BORN


def test_only_whoever_follows_it_corrects_for_a_request_and_only_her_cases(signed: Signed) -> None:
    case, request = asked(signed)
    other = send_referral(signed)
    with member(CCAS_ADMIN) as admin, pytest.raises(Participation.DoesNotExist):
        part_to_correct(file_of(request, admin), other, admin)
    by_worker = attached(received(by=WORKER, rights=("rectification",)), case)
    with member(WORKER) as worker:
        file = file_of(by_worker, worker)
        part = part_to_correct(file, case, worker)
        with pytest.raises(PermissionDenied):
            correct(file=file, part=part, corrected=RIGHT, seen=None, by=worker, at=now())
    with pytest.raises(Refused):
        put_right(request, case, surname=" ")


@pytest.mark.security
def test_the_database_asks_whether_the_request_is_hers(signed: Signed) -> None:
    case, request = asked(signed)
    other = send_referral(signed)
    call = "SELECT correct_identity(gen_random_uuid(), %s, '{surname}', identity, 'x', 'y', %s, gen_random_uuid()) FROM beneficiaries_beneficiary WHERE case_id = %s"  # noqa: E501
    for who, of_request, of_case in (
        ("CPAM 42", request, case),
        ("CCAS", uuid7(), case),
        ("CCAS", request, other),
    ):
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            raw(who, call, [of_case, of_request, of_case])
        assert getattr(refused.value.__cause__, "sqlstate", "") == "42501", who
    with transaction.atomic():
        assert raw("CCAS", call, [case, request, case]) == 1


def test_what_the_identity_was_is_given_to_whoever_asks_what_is_kept(signed: Signed) -> None:
    case, request = asked(signed)
    put_right(request, case, birth_date=BORN, nir="")
    with member(CCAS_ADMIN) as admin:
        (held,) = collect([case], by=admin, at=now())
    said = {
        label: value
        for section in held.sections
        if section.key == "former_identity"
        for label, value in section.lines
    }
    assert said["Avant : date de naissance"] == "29/02/1984"
    assert said["Avant : numéro de sécurité sociale"] == PERSON.nir
    assert "Avant : nom" not in said


@pytest.mark.security
def test_she_is_found_under_her_corrected_name_and_no_more_under_the_wrong_one_and_her_objection_holds(
    fresh_database: object,
) -> None:
    signed = sign_convention()
    case = followed_by(send_referral(signed, person=replace(PERSON, nir="")), ADVISER)
    index_as_worker()
    request = attached(received(by=CPAM_DPO, rights=("objection",)), case, by=CPAM_DPO)
    granted(request, "objection", by=CPAM_DPO)
    later = followed_by(send_referral(signed, person=replace(PERSON, nir="")), ADVISER)
    index_as_worker()
    right = replace(PERSON, nir="", surname="Zéphirin", birth_date=BORN)
    corrected(later, by=ADVISER, surname="Zéphirin")
    corrected(later, by=ADVISER, birth_date=BORN)
    index_as_worker()
    for address in (WORKER, ADVISER):
        with member(address) as someone:
            assert cases_of_person(by=someone, surname="zephirin", birth_date=BORN) == [later]
            assert cases_of_person(by=someone, surname=PERSON.surname, birth_date=PERSON.birth_date) == [case]
    with member(CPAM_DPO) as officer:
        assert [one.case_id for one in came_all_the_same(officer, limit=9)] == [later]
        for person in (right, PERSON):
            with pytest.raises(Refused):
                must_not_object(
                    person=person, counterpart=organisation("CCAS").id, service="misas", by=officer
                )
    corrected(case, by=ADVISER, surname="Zéphirin", birth_date=BORN)
    index_as_worker()
    with member(CPAM_DPO) as officer:
        assert [one.case_id for one in came_all_the_same(officer, limit=9)] == [later]
        with pytest.raises(Refused):
            must_not_object(person=right, counterpart=organisation("CCAS").id, service="misas", by=officer)
    with member(WORKER) as worker:
        assert cases_of_person(by=worker, surname=PERSON.surname, birth_date=PERSON.birth_date) == []
