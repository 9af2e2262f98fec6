"""Drafts through their pages: back and forth without loss, refusals at their field, nothing half-written, who may."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.terms import AT_MOST, MAX_BYTES, Blank
from maillage.conventions.terms.editing import value_at
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.documents.uploading import MOST_KEPT
from tests.conventions.people import (
    CARSAT,
    CCAS,
    CPAM,
    HOSPITAL,
    S2,
    S3,
    STRANGER,
    WORKER,
    body,
    drafted,
    member,
    proposed,
    seen,
    sign_as,
    signed,
)  # fmt: skip
from tests.days import PARIS
from tests.web.conventions.writing.conftest import Signs, hidden, plain, writes

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)
STEPS = ("parties", "options", "blancs", "referents", "relecture")


@pytest.fixture(scope="module")
def s2(kept: Path) -> UUID:
    return drafted(S2, TODAY - timedelta(days=3))


@pytest.fixture(scope="module")
def given(kept: Path) -> UUID:
    """S3, in the hands of its parties."""
    return proposed(S3, TODAY - timedelta(days=3))


def known(convention: UUID) -> LoadedConvention:
    with member(CPAM, TODAY) as reader:
        return load(seen(reader, convention))


def at(convention: UUID, path: str) -> Any:
    return value_at(known(convention).base, path)


def step(convention: UUID, slug: str) -> str:
    return f"/conventions/{convention}/redaction/{slug}/"


def field(page: str, label: str) -> str:
    """The name of the field that asks this."""
    found = re.search(rf'<label for="id_(q\d+)">\s*{label}', page)
    assert found, label
    return found.group(1)


def article(person: Client, convention: UUID, label: str) -> str:
    """The address of the blanks of one article."""
    page = plain(person.get(step(convention, "blancs") + "?article=1"))
    found = re.search(rf'href="([^"]+article=\d+)">{label}<', page)
    return found.group(1) if found else step(convention, "blancs") + "?article=1"


def test_a_double_click_opens_one_draft(as_: Signs) -> None:
    caisse, token = as_(CPAM), str(uuid7())
    sent = {"token": token, "template": S2, "title": "Convention du CH"}
    places = {caisse.post("/conventions/nouvelle/", sent)["Location"] for _ in range(2)}
    assert len(places) == 1
    with member(CPAM, TODAY):
        assert Convention.objects.filter(title="Convention du CH").count() == 1


def test_a_draft_without_a_title_is_refused_at_the_field_and_keeps_the_choice(as_: Signs) -> None:
    answer = as_(CPAM).post("/conventions/nouvelle/", {"token": str(uuid7()), "template": S2, "title": "  "})
    assert "Donnez un intitulé" in plain(answer)
    assert re.search(rf'value="{S2}"[^>]*checked', plain(answer))


def test_what_is_refused_is_shown_as_typed_and_the_rest_is_saved(as_: Signs, s2: UUID) -> None:
    caisse = as_(CPAM)
    where = article(caisse, s2, "Article 5")
    page = plain(caisse.get(where))
    number = field(page, "Nombre de dossiers")
    choice, value = re.findall(r'type="radio" name="(q\d+)" value="([^"]+)"', page)[0]
    answer = plain(writes(caisse, where, {number: "une douzaine", choice: value}))
    assert "Écrivez un nombre entier" in answer
    assert 'value="une douzaine"' in answer
    assert isinstance(at(s2, "indicators[delai_moyen].sample_size"), Blank)
    assert at(s2, "committees[copil].organisation") == value
    assert writes(caisse, where, {number: "30", choice: value}).status_code == 302
    assert at(s2, "indicators[delai_moyen].sample_size") == 30


def test_an_answer_is_changed_then_taken_away(as_: Signs, s2: UUID) -> None:
    caisse = as_(CPAM)
    where = article(caisse, s2, "Annexe 1-5")
    name = re.findall(r'<textarea name="(q\d+)"', plain(caisse.get(where)))[0]
    path = "protection[acces_droits_soins].rights_requests.contact"
    for typed in ("Première adresse", "Seconde adresse"):
        writes(caisse, where, {name: typed})
        assert at(s2, path) == typed
        assert typed in plain(caisse.get(where))
    writes(caisse, where, {name: ""})
    assert isinstance(at(s2, path), Blank)


def test_one_answer_fills_every_place_that_waits_for_it(as_: Signs, s2: UUID) -> None:
    caisse = as_(CPAM)
    options = {"services": "services[agent_delegue]", "g_collaborations": "objectives[etablir]"}
    writes(caisse, step(s2, "options"), options)
    where = article(caisse, s2, "Article 4.1")
    page = plain(caisse.get(where))
    labels = re.findall(r'<label for="id_q\d+">\s*([^<]+?)\s*<', page) + re.findall(
        r"<legend>\s*([^<]+?)\s*<", page
    )
    assert len(labels) == len(set(labels)), labels
    channel = re.findall(r'type="radio" name="(q\d+)" value="(serveur sécurisé)"', page)[0]
    presence = field(page, "Contenu, fréquence et lieu")
    answers = {presence: "Le mardi, à la PASS", channel[0]: channel[1]}
    assert writes(caisse, where, answers).status_code == 302
    assert at(s2, "services[agent_delegue].local_adaptation") == "Le mardi, à la PASS"
    assert at(s2, "commitments[deleguer_agent].terms_of_use") == "Le mardi, à la PASS"
    assert at(s2, "commitments[canal_securise].terms_of_use") == "serveur sécurisé"
    assert [one.kind.value for one in at(s2, "flows[depot_dossiers].channels")] == ["secure_server"]
    writes(caisse, where, {presence: ""})
    assert isinstance(at(s2, "services[agent_delegue].local_adaptation"), Blank)
    assert isinstance(at(s2, "commitments[deleguer_agent].terms_of_use"), Blank)


def test_options_are_dropped_and_come_back_with_what_was_filled(as_: Signs, s2: UUID) -> None:
    caisse = as_(CPAM)
    options = {"services": "services[agent_delegue]", "g_collaborations": "objectives[etablir]"}
    assert writes(caisse, step(s2, "options"), options).status_code == 302
    where = article(caisse, s2, "Article 4.1")
    name = field(plain(caisse.get(where)), "Contenu, fréquence et lieu")
    writes(caisse, where, {name: "Le mardi, à la PASS"})
    writes(caisse, step(s2, "options"), {"g_collaborations": "objectives[consolider]"})
    keys = {one.key for one in known(s2).base.services}
    assert "agent_delegue" not in keys
    assert "deleguer_agent" not in {one.key for one in known(s2).base.commitments}
    writes(caisse, step(s2, "options"), options)
    text = known(s2).base
    assert "agent_delegue" in {one.key for one in text.services}
    assert "deleguer_agent" in {one.key for one in text.commitments}
    assert {one.key for one in text.objectives} & {"etablir", "consolider"} == {"etablir"}


def test_one_of_two_alternatives_must_be_chosen(as_: Signs, s2: UUID) -> None:
    answer = plain(writes(as_(CPAM), step(s2, "options"), {"services": "services[agent_delegue]"}))
    assert "Choisissez l’une de ces rédactions" in answer
    assert re.search(r'value="services\[agent_delegue\]"[^>]*checked', answer)


def test_a_body_is_searched_and_chosen_in_the_directory(as_: Signs, s2: UUID) -> None:
    caisse, where = as_(CPAM), step(s2, "parties") + "hospital/"
    assert "Aucun organisme de l’annuaire" in plain(caisse.get(f"{where}?q=introuvable"))
    assert "CH d’Exemple" in plain(caisse.get(f"{where}?q=exemple")) or "hospitalier" in plain(
        caisse.get(f"{where}?q=exemple")
    )
    wrong = caisse.post(where, {"organisation": str(body("ccas").id)})
    assert "Choisissez un organisme de l’annuaire" in plain(wrong)
    assert caisse.get(step(s2, "parties") + "inconnue/").status_code == 404


def test_a_body_that_the_directory_does_not_know_is_described_by_hand(as_: Signs, s2: UUID) -> None:
    caisse, where = as_(CPAM), step(s2, "parties") + "hospital/?q=introuvable"
    body_id = hidden(caisse.get(where), "body_id")
    typed = {
        "body_id": body_id, "kind": "hospital", "name": "Clinique d’Exemple", "short_name": "Clinique",
        "address": "1 rue d’Exemple\r\n42000 Exemple", "siret": "732 829 320 00075",
    }  # fmt: skip
    refused = plain(caisse.post(where, typed))
    assert "Ce SIRET est faux : sa clé ne correspond pas" in refused
    assert 'value="732 829 320 00075"' in refused
    both = plain(caisse.post(where, {**typed, "address": ""}))
    assert "Écrivez son adresse" in both
    assert "Ce SIRET est faux" in both, "everything wrong is told at once"
    assert "Un SIRET compte 14 chiffres" in plain(caisse.post(where, {**typed, "siret": "12"}))
    assert "Choisissez une réponse" in plain(caisse.post(where, {**typed, "kind": "cpam"}))
    for _ in range(2):
        assert caisse.post(where, {**typed, "siret": "732 829 320 00074"}).status_code == 302
    text = known(s2).base
    hospital = next(party for party in text.parties if party.key == "hospital")
    assert (hospital.name, hospital.short_name) == ("Clinique d’Exemple", "Clinique")
    assert hospital.registration is not None
    again = {**typed, "body_id": str(uuid7()), "siret": "73282932000074"}
    assert "est celui de Clinique d’Exemple" in plain(caisse.post(where, again))


def test_nothing_is_proposed_before_everything_is_said(as_: Signs, s2: UUID) -> None:
    caisse = as_(CPAM)
    answer = plain(caisse.post(f"/conventions/{s2}/proposition/", follow=True))
    assert "Pas encore" in answer
    assert "Il reste à compléter" in answer
    assert known(s2).row.state == "draft"


def test_a_double_click_proposes_once_and_the_proposal_can_be_taken_back(as_: Signs, given: UUID) -> None:
    caisse = as_(CPAM)
    assert "C’était déjà fait" in plain(caisse.post(f"/conventions/{given}/proposition/", follow=True))
    back = f"/conventions/{given}/proposition/reprise/"
    assert "à nouveau un brouillon" in plain(caisse.post(back, follow=True))
    assert "rien n’a changé" in plain(caisse.post(back, follow=True))


def test_a_changed_text_voids_the_signatures_and_says_whose(as_: Signs, given: UUID) -> None:
    sign_as(given, CARSAT, TODAY)
    caisse = as_(CPAM)
    assert "les signatures déjà données sont annulées" in plain(caisse.get(step(given, "referents")))
    where = step(given, "blancs") + "?article=1"
    page = plain(caisse.get(where))
    for number in range(1, 8):
        where = step(given, "blancs") + f"?article={number}"
        page = plain(caisse.get(where))
        if names := re.findall(r'<textarea name="(q\d+)"', page):
            break
    answer = plain(writes(caisse, where, {names[0]: "Autre chose", "voids": "on"}, follow=True))
    assert "la signature de CARSAT RA est annulée" in answer
    assert known(given).row.state == "draft"


def test_each_problem_of_a_file_is_listed_with_its_path_and_nothing_is_kept(as_: Signs) -> None:
    caisse = as_(CPAM)
    assert "Choisissez un fichier" in plain(
        caisse.post("/conventions/nouvelle/fichier/", {"token": str(uuid7())})
    )
    content = b"schema_version: 1\nid: essai\ntitle: Essai\nlevel: local\nparties: []\nsurprise: oui\n"
    file = SimpleUploadedFile("essai.yaml", content)
    answer = plain(caisse.post("/conventions/nouvelle/fichier/", {"token": str(uuid7()), "file": file}))
    assert "essai.yaml, ligne 6, surprise : attendu" in answer
    assert "parties" in answer
    with member(CPAM, TODAY):
        assert not Convention.objects.filter(title="Essai").exists()


def test_what_is_exported_is_imported_again(as_: Signs, s2: UUID) -> None:
    caisse = as_(CPAM)
    exported = caisse.get(f"/conventions/{s2}/export/yaml/").content
    sent = {"token": str(uuid7()), "file": SimpleUploadedFile("texte.yaml", exported), "my_party": "mairie"}
    refused = plain(caisse.post("/conventions/nouvelle/fichier/", sent))
    assert "Ce texte n’a pas de partie « mairie »" in refused
    assert "« cpam », « carsat », « hospital »" in refused
    file = SimpleUploadedFile("texte.yaml", exported)
    answer = caisse.post("/conventions/nouvelle/fichier/", {"token": str(uuid7()), "file": file})
    assert answer.status_code == 302, plain(answer)
    again = UUID(answer["Location"].split("/")[2])
    assert known(again).row.content_hash == known(s2).row.content_hash


@pytest.mark.parametrize("size", [MAX_BYTES + 1, 3 * MAX_BYTES, MOST_KEPT + 1])
def test_the_form_and_the_refusal_of_a_large_file_name_one_bound(as_: Signs, size: int) -> None:
    caisse = as_(CPAM)
    assert f"schéma publié ; {AT_MOST}." in plain(caisse.get("/conventions/nouvelle/fichier/"))
    file = SimpleUploadedFile("texte.yaml", b"# " + b"x" * (size - 2))
    answer = caisse.post("/conventions/nouvelle/fichier/", {"token": str(uuid7()), "file": file})
    assert answer.status_code == 200
    assert f"attendu un fichier de {AT_MOST}" in plain(answer)


@pytest.mark.parametrize(("kind", "start"), [("docx", b"PK"), ("pdf", b"%PDF-"), ("yaml", b"")])
def test_a_draft_is_exported_in_three_forms(as_: Signs, s2: UUID, kind: str, start: bytes) -> None:
    answer = as_(CPAM).get(f"/conventions/{s2}/export/{kind}/")
    assert answer.content.startswith(start)
    assert f".{kind}" in answer["Content-Disposition"]
    assert as_(CARSAT).get(f"/conventions/{s2}/export/{kind}/").status_code == 404
    assert as_(CPAM).get(f"/conventions/{s2}/export/exe/").status_code == 404


@pytest.mark.parametrize("slug", STEPS)
def test_the_ladder_of_each_step(as_: Signs, slug: str, given: UUID) -> None:
    where = step(given, slug)
    assert Client().get(where).status_code == 302
    assert as_(STRANGER).get(where).status_code == 404
    assert as_(STRANGER).post(where, {}).status_code == 404
    assert as_(WORKER).get(where).status_code == 403
    assert as_(CCAS).get(where).status_code == 403
    assert as_(CPAM).get(where).status_code == 200
    assert as_(CPAM).get(step(given, "ailleurs")).status_code == 404


def test_a_draft_is_seen_by_nobody_else(as_: Signs, s2: UUID) -> None:
    for who in (CARSAT, HOSPITAL, STRANGER):
        assert as_(who).get(step(s2, "parties")).status_code == 404


def test_once_signed_by_all_the_text_is_no_longer_written(as_: Signs) -> None:
    new = signed(S3, TODAY - timedelta(days=9), TODAY - timedelta(days=8))
    before = known(new).row.content_hash
    answer = as_(CPAM).post(step(new, "blancs") + "?article=1", {"q1": "Autre chose"}, follow=True)
    assert "le texte ne change plus que par avenant" in plain(answer)
    assert known(new).row.content_hash == before


def test_the_first_page_asks_for_the_right(as_: Signs) -> None:
    for where in ("/conventions/nouvelle/", "/conventions/nouvelle/fichier/"):
        assert Client().get(where).status_code == 302
        assert as_(WORKER).get(where).status_code == 403
        page = as_(STRANGER).get(where)
        assert page.status_code == 200
        assert hidden(page, "token")
