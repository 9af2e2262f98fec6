"""Everything held about a person, from each organisation that answers: to be read, and for machines."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.audit.models import Entry
from maillage.conventions.solicitations.actions import ProgressQuestion, ask_progress
from maillage.conventions.terms.protection import DataRight
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.documents.composition import Letter
from maillage.documents.letters import letter_pdf
from maillage.documents.rendering import render_pdf
from maillage.exchange.actions import Writing, write
from maillage.protection.requests.answering import answer, extend, refuse
from maillage.protection.requests.drawing import held_for, letter_for
from maillage.protection.requests.held import machine_file
from maillage.protection.requests.letters import About, answer_letter, held_report
from maillage.protection.requests.receiving import identify
from tests.days import today
from tests.protection.requests.files import (
    ASKER,
    CCAS_ADMIN,
    CPAM_DPO,
    HOSPITAL_ADMIN,
    attached,
    file_of,
    received,
)
from tests.protection.requests.test_answering import asked_of
from tests.referrals.world import (
    ADVISER,
    NARRATIVE,
    PERSON,
    WORKER,
    Signed,
    ask,
    followed_by,
    member,
    send_referral,
    sign_convention,
    work,
)
from tests.referrals.world import answer as answer_question
from tests.rights import world as files_of_rights


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def words_of(value: Any) -> Iterator[str]:
    """Every text of a composition."""
    if isinstance(value, str):
        yield value.replace("\u202f", " ").replace("\u00a0", " ")
    elif isinstance(value, dict):
        for one in value.values():
            yield from words_of(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from words_of(one)


def said_in(letter: Letter) -> str:
    return "\n".join(words_of(letter.as_data()))


def worked(signed: Signed) -> UUID:
    """A referral that was received, asked about and answered."""
    case = send_referral(signed)
    work(case, "acknowledge")
    answer_question(case, ask(case))
    work(case, "accept", "contact")
    return case


def test_all_that_is_held_is_given_to_be_read_and_for_machines(signed: Signed) -> None:
    case = worked(signed)
    request = attached(received(), case)
    with member(CCAS_ADMIN) as admin:
        held = held_for(file_of(request, admin), by=admin, at=now())
        text = json.loads(machine_file(held, organisation="CCAS", reference="D-1", on=today()))
        report = held_report(held, sender="CCAS", reference="D-1", on=today())
    (only,) = text["dossiers"]
    said = {line["valeur"] for part in only["rubriques"] for line in part["lignes"]}
    for value in (
        PERSON.surname, PERSON.given_name, "29/02/1984", PERSON.phone, PERSON.email, PERSON.safe_time, PERSON.nir, NARRATIVE,
        "Quelle est sa mutuelle ?", "Elle n’en a pas.", "Oui, elle est d’accord", "Par téléphone : jointe",
    ):  # fmt: skip
        assert value in said, value
    assert {part["cle"] for part in only["rubriques"]} == {
        "identity", "situation", "agreement", "course", "messages", "recipients", "purposes",
    }  # fmt: skip
    drawn = "\n".join(words_of(report.as_data()))
    assert NARRATIVE in drawn
    assert "votre structure" in drawn
    assert re.search(r"\?\s*:", drawn) is None  # a question is no title
    assert "Autres collaborations" in only["convention"] or "Montbrison" in only["convention"]
    assert render_pdf("report", report.as_data()).startswith(b"%PDF-")


def test_each_of_two_organisations_answers_from_its_own_cases(signed: Signed) -> None:
    case = worked(signed)
    request = attached(received(), case)
    asked_of(request, "CPAM 42")
    for address in (CCAS_ADMIN, CPAM_DPO):
        with member(address) as someone:
            file = file_of(request, someone)
            if file.sealed is None:
                with pytest.raises(Refused, match="identité"):
                    held_for(file, by=someone, at=now())
                identify(file=file, person=ASKER, check_made="known", by=someone, at=now())
        attached(request, case, by=address)
        with member(address) as someone:
            file = file_of(request, someone)
            assert [one.is_open for one in held_for(file, by=someone, at=now())] == [True]
            answer(file=file, by=someone, at=now())
            letter = said_in(letter_for(file, by=someone, at=now()))
            assert "un dossier" in letter
            assert "CNIL" in letter
            assert "CPAM de la Loire" in letter  # who writes, or who answers too


def test_an_application_gives_its_decision_and_the_list_of_its_pieces(db: None) -> None:
    case = files_of_rights.send(files_of_rights.sign())
    request = attached(received(by=files_of_rights.PASS), case, by=HOSPITAL_ADMIN)
    with member(HOSPITAL_ADMIN) as admin:
        (only,) = held_for(file_of(request, admin), by=admin, at=now())
    found = {one.key: dict(one.lines) for one in only.sections}
    assert found["identity"]["Nom"] == "Palissandre"
    assert found["situation"]["Précisions"] == "Hospitalisée depuis lundi."
    assert found["decision"]["État"] == "Envoyée, en attente de la caisse"
    assert any("pdf" in value for value in found["pieces"].values())
    assert found["purposes"]["Durée de conservation"]


def test_every_message_is_given_even_past_the_first_page(signed: Signed) -> None:
    case = followed_by(send_referral(signed), WORKER)
    with member(WORKER) as worker:
        for number in range(60):
            write(case=case, writing=Writing(uuid7(), f"Message {number}."), by=worker, at=now())
    request = attached(received(), case)
    with member(CCAS_ADMIN) as admin:
        (only,) = held_for(file_of(request, admin), by=admin, at=now())
    written = [value for one in only.sections if one.key == "messages" for _, value in one.lines]
    assert written == [f"Message {number}." for number in range(60)]


def test_only_whoever_watches_over_data_draws_it_and_each_reading_is_journalled(signed: Signed) -> None:
    case = send_referral(signed)
    request = attached(received(), case)
    with member(WORKER) as worker, pytest.raises(PermissionDenied):
        held_for(file_of(request, worker), by=worker, at=now())
    with member(CCAS_ADMIN) as admin:
        held_for(file_of(request, admin), by=admin, at=now())
        read = Entry.objects.filter(object_ref=str(case), verb="read", user_id=str(admin.user))
        assert [one.reason for one in read] == ["réponse à la demande d’accès de la personne"]


def test_the_letter_to_somebody_unknown_differs_only_by_what_was_found() -> None:
    about = About("CCAS", ASKER, "D-1", (DataRight.ACCESS,), today(), today(), ("CPAM de la Loire",))
    known, unknown = said_in(answer_letter(about, 2)), said_in(answer_letter(about, 0))
    differing = set(known.splitlines()) ^ set(unknown.splitlines())
    assert len(differing) == 3
    assert "aucun n’y correspond" in unknown
    for text in (known, unknown):
        assert "réclamation à la CNIL" in text
        assert "CPAM de la Loire" in text


def test_a_refusal_and_a_longer_delay_say_why_and_where_to_complain(signed: Signed) -> None:
    request = received(received_on=today() - timedelta(days=3))
    with member(CCAS_ADMIN) as admin:
        file = file_of(request, admin)
        with pytest.raises(Refused):
            letter_for(file, by=admin, at=now())
        extend(request=file.request, reason="Des dossiers sur papier.", by=admin, at=now())
        longer = letter_for(file, by=admin, at=now())
        assert "Des dossiers sur papier." in said_in(longer)
        refuse(file=file, ground="excessive", words="Troisième demande du mois.", by=admin, at=now())
        refused = letter_for(file, by=admin, at=now())
    for words in ("manifestement infondée", "Troisième demande du mois.", "CNIL", "3 rue de l’Essai"):
        assert words in said_in(refused), words
    assert letter_pdf(refused).startswith(b"%PDF-")
    assert replace(ASKER, address="").lines == ("Ondine Quintessence",)


def test_what_referents_asked_each_other_of_her_case_is_given_and_journalled(signed: Signed) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    with member(WORKER) as worker:
        question = ProgressQuestion(uuid7(), "Où en est sa demande ?", today(), "oral", "assistante sociale")
        asked = ask_progress(case=case, question=question, by=worker, at=now())
    request = attached(received(), case)
    with member(CCAS_ADMIN) as admin:
        said = str(held_for(file_of(request, admin), by=admin, at=now())[0].sections)
        (entry,) = Entry.objects.filter(verb="referent_read", object_ref=str(asked.pk))
    assert "Questions entre référents" in said
    assert "Où en est sa demande ?" in said
    assert entry.reason == "réponse à la demande d’accès de la personne"
