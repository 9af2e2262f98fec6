"""An assessment on its pages: opened, written, asked and answered, validated, reviewed; its papers; what others may read."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from maillage.conventions.lifecycle.completing import fill_after_signature
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.protection.assessments.models import Assessment
from maillage.protection.assessments.rules import FearedEvent, Kind, latest_review
from tests.conventions.people import body, member, seen
from tests.days import today
from tests.documents.builders import pdf
from tests.protection.assessments.files import (
    CARSAT_ADMIN,
    CPAM_ADMIN,
    CPAM_DPO,
    CROIX_ROUGE_ADMIN,
    NEEDED,
    REGIME,
    answered,
    asked,
    opened,
    validated,
    whole,
    written,
)
from tests.protection.breaches.files import signed_croix_rouge
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain

pytestmark = pytest.mark.django_db
LIST = "/protection/analyses/"
BEGAN = now() - timedelta(days=90)
LISTED, PAGE = 16, 24
"""Questions of the list, and of the page of an assessment."""


@pytest.fixture(scope="module")
def local(kept: object) -> UUID:
    """The local convention of the Croix-Rouge, in force."""
    return signed_croix_rouge(BEGAN, BEGAN + timedelta(days=1))


def here(row: Any, rest: str = "") -> str:
    return f"{LIST}{row.pk}/{rest}"


def there(row: Any, rest: str = "") -> str:
    return f"{LIST}demandes/{row.pk}/{rest}"


RISK = {
    "sources": "Un compte laissé ouvert.",
    "impacts": "Une situation connue d’un tiers.",
    "measures": "Sessions courtes.",
    "severity": "3",
    "likelihood": "3",
    "residual_severity": "2",
    "residual_likelihood": "1",
}


def test_an_assessment_is_opened_written_asked_answered_and_validated(as_: Signs, local: UUID) -> None:
    caisse = as_(CPAM_ADMIN)
    assert "Pas encore menée" in plain(caisse.get(LIST))
    opening = f"{LIST}nouvelle/{local}/{REGIME}/"
    assert "La description se remplit du texte" in plain(caisse.get(opening))
    answer = caisse.post(opening, {"token": str(uuid7())}, follow=True)
    text = plain(answer)
    for words in (
        "En préparation",
        "Il manque",
        "article 35.2",
        "annexe 1-9",
        "Durée de conservation avant le terme",
    ):
        assert words in text, words
    address = answer.redirect_chain[-1][0]
    assert "Écrivez quelques mots" in plain(
        caisse.post(f"{address}necessite/", {"necessity": " ", "seen": ""})
    )
    assert NEEDED in plain(
        caisse.post(f"{address}necessite/", {"necessity": NEEDED, "seen": ""}, follow=True)
    )
    for event in FearedEvent:
        caisse.post(f"{address}risques/{event}/", {**RISK, "seen": ""})
    assert plain(caisse.get(address)).count("Risque restant : négligeable") == 3
    due = (today() + timedelta(days=15)).strftime("%d/%m/%Y")
    for kind, whom in ((Kind.OPINION, "CPAM 42"), (Kind.DOCUMENTATION, "Croix-Rouge")):
        question = {
            "whom": f"{kind}:{body(whom).id}",
            "question": "Qu’en pensez-vous ?",
            "due_on": due,
            "token": str(uuid7()),
        }
        assert "Demande enregistrée" in plain(caisse.post(f"{address}demande/", question, follow=True))
    delegate, partner = as_(CPAM_DPO), as_(CROIX_ROUGE_ADMIN)
    for who, title, said in (
        (delegate, "Donner l’avis du délégué", {"words": "Rien à redire.", "stance": "favourable"}),
        (partner, "Donner votre documentation", {"words": "Deux personnes formées."}),
    ):
        assert title in plain(who.get("/"))
        (question_url,) = set(re.findall(r"/protection/analyses/demandes/[0-9a-f-]+/", plain(who.get("/"))))
        assert "Écrivez quelques mots" in plain(who.post(question_url, {"words": ""}))
        assert "Réponse enregistrée" in plain(who.post(question_url, said, follow=True))
        assert title not in plain(who.get("/"))
    assert "une autre personne de votre organisme valide" in plain(delegate.get(address))
    late = (latest_review(today()) + timedelta(days=9)).strftime("%d/%m/%Y")
    refused = plain(caisse.post(f"{address}validation/", {"decision": "go_on", "review_on": late}))
    assert "au moins tous les trois ans" in refused
    right = {"decision": "go_on", "review_on": latest_review(today()).strftime("%d/%m/%Y")}
    done = plain(caisse.post(f"{address}validation/", right, follow=True))
    assert "Analyse validée" in done
    assert "ne change plus" in done
    assert "Validée" in plain(caisse.get(LIST))
    assert caisse.get(f"{address}dossier/").content.startswith(b"%PDF-")


def test_only_who_leads_or_gives_an_opinion_reads_it(as_: Signs, local: UUID) -> None:
    row = written(opened(local))
    question = asked(row, Kind.DOCUMENTATION, "Croix-Rouge")
    partner, other = as_(CROIX_ROUGE_ADMIN), as_(CARSAT_ADMIN)
    assert partner.get(here(row)).status_code == 404
    page = plain(partner.get(there(question)))
    assert "Qui a accès aux données chez vous" in page
    assert NEEDED not in page
    assert other.get(there(question)).status_code == 404
    asked(row, Kind.OPINION, "CARSAT RA")
    assert NEEDED in plain(other.get(here(row)))
    assert other.get(here(row, "necessite/")).status_code == 200
    assert other.post(here(row, "necessite/"), {"necessity": "Autre.", "seen": ""}).status_code == 403
    assert as_("referente@cpam.example.org").get(LIST).status_code == 403
    assert as_(CPAM_ADMIN).get(here(row, "risques/inconnu/")).status_code == 404
    assert "Le texte désigne" in plain(partner.get(f"{LIST}nouvelle/{local}/{REGIME}/"))
    assert partner.get(there(question, "lettre/")).status_code == 404


def test_of_two_who_write_the_second_is_told_and_loses_nothing(as_: Signs, local: UUID) -> None:
    row = opened(local)
    one, other = as_(CPAM_ADMIN), as_(CPAM_DPO)
    one.post(here(row, "necessite/"), {"necessity": "Ce que la première écrit.", "seen": ""})
    answer = other.post(here(row, "necessite/"), {"necessity": "Ce que le second écrit.", "seen": ""})
    text = plain(answer)
    assert "Quelqu’un a enregistré cette partie" in text
    assert "Ce que la première écrit." in text
    assert "Ce que le second écrit." in text
    (stamp,) = re.findall(r'name="seen"\s+value="([^"]+)"', answer.content.decode())
    again = other.post(
        here(row, "necessite/"),
        {"necessity": "Ce que le second écrit.", "seen": stamp.replace("&#x2B;", "+")},
    )
    assert again.status_code == 302
    assert "Ce que le second écrit." in plain(one.get(here(row)))


def test_of_two_who_write_a_risk_the_second_is_told_and_loses_nothing(as_: Signs, local: UUID) -> None:
    row = opened(local)
    one, other = as_(CPAM_ADMIN), as_(CPAM_DPO)
    path = here(row, "risques/access/")
    assert one.post(path, {**RISK, "seen": ""}).status_code == 302
    second = {
        **RISK,
        "sources": "Un mot de passe partagé.",
        "measures": "Un compte par personne.",
        "severity": "4",
    }
    answer = other.post(path, {**second, "seen": ""})
    text = plain(answer)
    assert "Quelqu’un a enregistré cette partie" in text
    assert "Version enregistrée entre-temps" in text
    assert "Un compte laissé ouvert." in text
    for typed in ("Un mot de passe partagé.", "Un compte par personne."):
        assert typed in text
    assert re.search(r'value="4"\s+(selected|checked)', answer.content.decode())
    with member(CPAM_ADMIN, now()):
        assert row.risks.get(event="access").sources == "Un compte laissé ouvert."
    (stamp,) = re.findall(r'name="seen"\s+value="([^"]+)"', answer.content.decode())
    assert other.post(path, {**second, "seen": stamp.replace("&#x2B;", "+")}).status_code == 302
    page = plain(one.get(here(row)))
    assert "Un mot de passe partagé." in page
    assert "Un compte laissé ouvert." not in page


def test_an_answer_that_did_not_come_is_to_be_asked_again(
    as_: Signs, local: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In fifteen days and one: the leader is told to ask again; whoever is late sees it late; an answer ends both."""
    row = opened(local)
    question = asked(row, Kind.DOCUMENTATION, "Croix-Rouge")
    assert "Relancer" not in plain(as_(CPAM_ADMIN).get("/"))
    for place in ("maillage.web.middleware.now", "maillage.web.accounts.proofs.now"):
        monkeypatch.setattr(place, lambda: now() + timedelta(days=16))
    caisse = as_(CPAM_ADMIN)
    answer = caisse.get("/")
    assert "Relancer Croix-Rouge pour une analyse d’impact" in plain(answer)
    assert "Sa réponse n’est pas venue." in plain(answer)
    assert there(question) in answer.content.decode()
    partner = as_(CROIX_ROUGE_ADMIN)
    assert "Donner votre documentation pour une analyse d’impact" in plain(partner.get("/"))
    assert "Relancer" not in plain(partner.get("/"))
    partner.post(there(question), {"words": "Deux personnes formées."})
    assert "Relancer" not in plain(caisse.get("/"))


@pytest.mark.long
def test_a_text_that_changes_makes_a_review_due(as_: Signs, local: UUID) -> None:
    """By its pages, what test_what_was_validated_is_compared_with_the_text_of_the_day proves."""
    row = validated(whole(local))
    caisse = as_(CPAM_ADMIN)
    assert "Revoir une analyse" not in plain(caisse.get("/"))
    with member(CPAM_DPO, now()) as by:
        fill_after_signature(
            convention=seen(by, local),
            path=f"protection[{REGIME}].retention",
            value={"article": "annexe 1", "delay": "2y", "start": "la dernière action"},
            note="Courrier des parties.",
            by=by,
            at=now(),
        )
    changed = f"Le texte a changé depuis l’analyse du {today():%d/%m/%Y} : à revoir. Ce qui change : durée de conservation."
    assert changed in plain(caisse.get(here(row)))
    for page in ("/", "/protection/"):
        assert "Revoir une analyse d’impact" in plain(as_(CPAM_DPO).get(page))
        assert changed in plain(as_(CPAM_DPO).get(page))
    assert changed not in plain(as_(CROIX_ROUGE_ADMIN).get("/")), "who leads reviews"
    assert "À revoir" in plain(caisse.get(LIST))
    assert "Durée de conservation avant le terme" in plain(caisse.get(here(row)))  # as it was validated
    second = caisse.post(f"{LIST}nouvelle/{local}/{REGIME}/", {"token": str(uuid7())}, follow=True)
    assert "la dernière action" in plain(second)
    assert "Version 1 (validée)" in plain(second)
    assert "Sa nouvelle version est en préparation." in plain(caisse.get("/")), "until it is reviewed"
    with member(CPAM_ADMIN, now()):
        draft = Assessment.objects.get(convention=local, state="draft")
    answered(asked(draft, Kind.OPINION, "CPAM 42"), by=CPAM_DPO, stance="favourable")
    validated(written(draft))
    assert "Revoir une analyse" not in plain(caisse.get("/"))


def test_the_leader_may_stop_waiting_and_never_answers_for_whoever_is_here(as_: Signs, local: UUID) -> None:
    row = opened(local)
    question = asked(row, Kind.DOCUMENTATION, "Croix-Rouge")
    assert question.is_here
    caisse = as_(CPAM_ADMIN)
    page = plain(caisse.get(there(question)))
    assert "Envoyer la réponse" not in page
    assert caisse.post(there(question), {"words": "À sa place."}).status_code == 403
    assert caisse.get(there(question, "lettre/")).content.startswith(b"%PDF-")
    assert "Lettre à envoyer" not in page  # somebody is there to read the question
    assert "Cette réponse n’est plus attendue" in plain(caisse.post(there(question, "retrait/"), follow=True))
    assert "rechargée" in plain(caisse.post(there(question, "retrait/"), follow=True))
    file = SimpleUploadedFile("reponse.pdf", pdf(), "application/pdf")
    own = asked(row, Kind.OPINION, "CPAM 42")
    sent = {"words": "D’après son délégué.", "stance": "reserved", "document": file}
    assert "Réponse enregistrée" in plain(caisse.post(there(own), sent, follow=True))
    assert "d’après son avis" in plain(caisse.get(here(row)))  # an administrator noted it
    assert caisse.get(there(own, "document/")).status_code == 200


def test_lists_and_pages_ask_few_questions(
    as_: Signs, local: UUID, django_assert_max_num_queries: Any
) -> None:
    row = whole(local)
    caisse = as_(CPAM_ADMIN)
    caisse.get(LIST)
    with django_assert_max_num_queries(LISTED):
        caisse.get(LIST)
    with django_assert_max_num_queries(PAGE):
        caisse.get(here(row))


def test_an_exchange_that_no_clause_covers_has_its_own_file(as_: Signs, local: UUID) -> None:
    caisse = as_(CPAM_ADMIN)
    opening = f"{LIST}nouvelle/{local}/flow-transmission_ssam/"
    assert opening in plain(caisse.get(LIST))
    assert "Écrivez quelques mots" in plain(caisse.post(opening, {"token": str(uuid7()), "lead_reason": ""}))
    answer = caisse.post(
        opening, {"token": str(uuid7()), "lead_reason": "Nous recevons ces données."}, follow=True
    )
    text = plain(answer)
    assert "Nous recevons ces données." in text
    assert "Durée de conservation" in text
    assert "(le texte ne le dit pas)" in text
    with member(CPAM_ADMIN, now()):
        row = Assessment.objects.get(regime="flow-transmission_ssam")
    written(row)
    answered(asked(row, Kind.OPINION, "CPAM 42"), by=CPAM_DPO, stance="favourable")
    row = validated(row)
    assert row.state == "validated"
    assert "Validée" in plain(caisse.get(here(row)))
    assert opening not in plain(as_(CROIX_ROUGE_ADMIN).get(LIST))
    assert as_(CROIX_ROUGE_ADMIN).get(opening).status_code == 404
