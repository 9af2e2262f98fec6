"""An enrolment in PRADO, which its caisse alone keeps, is found for the mother's request, given to her, and each reading journalled."""

from dataclasses import replace
from uuid import UUID

import pytest

from maillage.audit.models import Entry
from maillage.core.clock import now
from maillage.protection.requests.answering import answer
from maillage.protection.requests.begun import begun_named, look, require_begun
from maillage.protection.requests.begun_rules import BegunKey, BegunKind
from maillage.protection.requests.drawing import held_for, letter_for
from maillage.protection.requests.held import machine_file
from maillage.protection.requests.receiving import attach, search
from maillage.referrals.enrolling import Corrected, correct
from maillage.vault.actions import vault
from tests.days import today
from tests.protection.requests.files import ASKER, CCAS_ADMIN, CPAM_DPO, file_of, received
from tests.protection.requests.test_drawing import said_in
from tests.referrals.prado.world import MOTHER, enrol, sign_prado, step
from tests.referrals.world import ADVISER, member, organisation


@pytest.fixture
def convention(db: None) -> UUID:
    return sign_prado()


def looked(request: UUID) -> list[str]:
    with member(CPAM_DPO) as officer:
        file = file_of(request, officer)
        search(file=file, surname=ASKER.surname, born=ASKER.birth_date, by=officer, at=now())
        found = look(file=file, surname=ASKER.surname, born=ASKER.birth_date, by=officer)
        return [str(one.key) for one in found]


def test_hers_is_found_given_and_journalled(convention: UUID) -> None:
    hers = enrol(convention)
    step("visit", hers, answers={"a-line": False})
    step("present", hers)
    step("answer", hers, midwife="Mme Exemple, 04 00 00 00 19")
    enrol(convention, mother=replace(MOTHER, surname="Autre"))
    request = received(by=ADVISER)
    keys = looked(request)
    assert keys == [str(BegunKey(BegunKind.ENROLMENT, hers))]
    with member(CPAM_DPO) as officer:
        file = file_of(request, officer)
        attach(file=file, cases=[], begun=require_begun(officer, keys), by=officer)
        (held,) = given = held_for(file, by=officer, at=now())
        said = str(held.sections)
        for words in (
            MOTHER.surname,
            MOTHER.phone,
            "('Condition du texte (a-line)', 'non')",
            "05/01/2026",
            organisation("CH d’Exemple").name,
            "elle adhère",
            "Mme Exemple",
            "notre organisme seul la garde",
        ):
            assert words in said
        assert held.title == "Inscription PRADO"
        assert MOTHER.surname in machine_file(given, organisation="CPAM", reference="R", on=today()).decode()
        letter = said_in(letter_for(answer(file=file, by=officer, at=now()), by=officer, at=now()))
        assert "votre inscription PRADO" in letter
        assert "commencé et pas envoyé" not in letter
        reasons = {entry.reason for entry in Entry.objects.filter(verb="prado.read", object_ref=str(hers))}
        assert reasons == {
            "recherche pour une demande de la personne",
            "réponse à la demande d’accès de la personne",
        }
        assert Entry.objects.filter(verb="prado.read").count() == len(reasons), "no other is read"
        (searched,) = Entry.objects.filter(verb="request.search_begun")
        assert "2 inscriptions PRADO" in searched.reason


def test_what_was_noted_before_a_correction_is_given_too(convention: UUID) -> None:
    hers = enrol(convention)
    step("visit", hers)
    step("present", hers)
    step("answer", hers, given="moves")
    corrected = Corrected(presented_on=today(), home_help=True, given="accepted", answered_on=today())
    with member(ADVISER) as adviser:
        assert correct(enrolment=hers, corrected=corrected, by=adviser, at=now())
    request = received(by=ADVISER)
    keys = looked(request)
    with member(CPAM_DPO) as officer:
        file = file_of(request, officer)
        attach(file=file, cases=[], begun=require_begun(officer, keys), by=officer)
        said = str(held_for(file, by=officer, at=now()))
    assert "elle refuse : elle sort ailleurs qu’à son domicile" in said
    assert "elle adhère" in said


def test_another_organisation_does_not_name_it(convention: UUID) -> None:
    key = str(BegunKey(BegunKind.ENROLMENT, enrol(convention)))
    with member(CCAS_ADMIN) as other:
        assert begun_named(other, [key]) == []
    with member(CPAM_DPO) as officer:
        assert [str(one.key) for one in begun_named(officer, [key])] == [key]


def test_those_of_a_destroyed_key_are_passed_over(convention: UUID) -> None:
    enrol(convention)
    vault().store.destroy(organisation("CPAM 42").id, convention)
    assert looked(received(by=ADVISER)) == []
