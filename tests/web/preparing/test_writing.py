"""Writing a file step by step: nothing is lost, each message stands at its field, a double click sends once."""

import re
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals.references import reference
from maillage.rights.content import Relative
from maillage.rights.models import Application, Preparation
from tests.accepting import without_roles
from tests.beneficiaries.jobs import index_as_worker
from tests.days import today
from tests.referrals.world import READER, WORKER, member, organisation
from tests.rights.world import (
    ADVISER,
    CAISSE,
    CANARIES,
    PASS,
    PERSON,
    STRANGER,
    Signed,
    prepare,
    scan,
    send,
    sign,
)
from tests.rights.world import text as model
from tests.tiers import spread
from tests.web.preparing.conftest import HOME, Signs, at, begun, colleague, kept, plain, signed_in

ANSWERS_FOR_THE_DATA = "Qui répond de ces données"
TODAY = today().strftime("%d/%m/%Y")
WHO = {
    "surname": "Palissandre",
    "given_name": "Eudoxie",
    "birth_date": "05/03/1991",
    "phone": "06 00 00 00 23",
    "other_way": "par le foyer des Tilleuls",
    "nir": "",
}
TOLD = {
    "given_on": TODAY,
    "means": "oral",
    "language": "fr",
    "recipient_named": "on",
    "answer": "agreed",
    "how": "oral",
}
AME = {"q_first_request": "no", "q_minor": "no", "q_resources": "no", "q_no_home": "no"}


def right(signed: Signed, **changes: str) -> dict[str, str]:
    """The first step, for an urgent AME."""
    usual = {
        "authorisation": str(signed.authorisation().id),
        "right": "ame",
        "urgent": "on",
        "proof": "prescription",
    }
    return {name: value for name, value in (usual | changes).items() if value}


def test_a_worker_writes_an_urgent_file_reads_it_again_and_sends(signed: Signed, as_: Signs) -> None:
    client = as_(PASS)
    first = plain(client.get(f"{HOME}nouveau/"))
    for said in (
        "10 jours au plus",
        "30 jours au plus (article 4.1), si le dossier est complet",
        "Pour information : 19 jours en moyenne",
        "Attestation de besoins de soins",
        "compromet la réalisation de soins",
        "Cerfa 11573",
        "ne dépassent pas le plafond",
    ):
        assert said in first, said
    token = re.search(r'name="token" value="([^"]+)"', first)
    assert token
    place = str(client.post(f"{HOME}nouveau/", {"token": token[1], **right(signed)})["Location"])
    places = [place]
    for answers in (AME, WHO):
        answer = client.post(place, answers)
        assert answer.status_code == 302, plain(answer)
        place = str(answer["Location"])
        places.append(place)
    for key in ("urgency_proof", "form", "identity", "presence"):
        piece = scan(key).file
        added = plain(client.post(place, {"token": str(uuid7()), "key": key, "file": piece, "ajouter": "1"}))
        assert "Pièce ajoutée" in added
    place = str(client.post(place, {"words": "Hospitalisée."})["Location"])
    place = str(client.post(place, TOLD)["Location"])
    preview = plain(client.get(place))
    for said in (
        "PALISSANDRE Eudoxie",
        "Oui : Prescription (article 4.1)",
        "Hospitalisée.",
        "10 jours au plus",
        "CPAM",
        ANSWERS_FOR_THE_DATA,
    ):
        assert said in preview, said
    assert ANSWERS_FOR_THE_DATA in plain(client.get(place.replace("apercu", "information")))
    assert "Il reste à compléter" not in preview
    sent = client.post(place.replace("apercu", "envoi"))
    made = UUID(place.split("/")[3])
    assert sent["Location"] == f"/droits/{made}/"
    with member(PASS):
        row = Application.objects.get(case_id=made)
    assert (row.right, row.urgent, row.proof) == ("ame", True, "prescription")
    page = plain(client.get(sent["Location"]))
    assert "Dossier envoyé" in page
    assert "urgency_proof.pdf" in page[page.index("La preuve de l’urgence") :].split("</li>")[0]
    assert not any(canary in visited for visited in places for canary in CANARIES)


def test_the_same_first_step_sent_twice_makes_one_file(signed: Signed, as_: Signs) -> None:
    client, answers = as_(PASS), {"token": str(uuid7()), **right(signed)}
    first, second = (client.post(f"{HOME}nouveau/", answers)["Location"] for _ in range(2))
    assert first == second
    with member(PASS):
        assert Preparation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    spread(
        [
            ({"right": ""}, "Choisissez un droit"),
            ({"right": "rsa"}, "Choisissez un droit"),
            ({"authorisation": str(uuid4())}, "n’est pas, ou n’est plus, ouverte"),
            ({"proof": ""}, "Dites par quoi l’urgence est montrée"),
            ({"proof": "parole"}, "Choisissez une réponse de la liste"),
            ({"right": "c2s"}, "ne dit rien de l’urgence pour ce droit"),
        ],
        3,
    ),
)
def test_a_refused_choice_is_said_at_its_field_and_begins_nothing(
    signed: Signed, as_: Signs, changes: dict[str, str], message: str
) -> None:
    page = as_(PASS).post(f"{HOME}nouveau/", right(signed, **changes))
    assert page.status_code == 200
    assert message in plain(page)
    with member(PASS):
        assert not Preparation.objects.exists()


def test_without_any_convention_the_page_says_what_would_open_a_way(as_: Signs) -> None:
    page = plain(as_(PASS).get(f"{HOME}nouveau/"))
    assert "ne peut pas déposer de dossier de droits" in page
    assert "Ce qui l’ouvrirait" in page
    assert 'name="right"' not in page


@pytest.mark.parametrize(
    ("slug", "answers", "message"),
    spread(
        [
            ("questions", {"amount": "beaucoup"}, "Écrivez un montant en euros"),
            ("questions", {"amount": "-5"}, "Écrivez un montant en euros"),
            ("questions", {"q_rsa": "peut-être"}, "Choisissez une réponse"),
            ("questions", {"surname_0": "Palissandre"}, "Écrivez son prénom"),
            (
                "questions",
                {"surname_0": "Palissandre", "birth_date_0": "31/02/2020"},
                "Écrivez une date qui existe",
            ),
            ("questions", {"surname_2": "A", "birth_date_2": "01/01/2150"}, "Cette date est dans l’avenir"),
            (
                "questions",
                {"surname_0": "A", "given_name_0": "B", "link_0": "child"},
                "Écrivez sa date de naissance",
            ),
            ("personne", {**WHO, "birth_date": "01/01/2999"}, "Cette date est dans l’avenir"),
            ("personne", {**WHO, "phone": "", "other_way": ""}, "au moins une façon de la joindre"),
            ("personne", {**WHO, "nir": "12"}, "15 caractères"),
            ("information", {**TOLD, "given_on": "01/01/2999"}, "Cette date est dans l’avenir"),
            ("information", {**TOLD, "answer": "refused"}, "rien ne peut être envoyé"),
            (
                "information",
                {"given_on": TODAY, "means": "oral"},
                "doit savoir à qui ses données sont envoyées",
            ),
            ("pieces", {"words": "x" * 1001}, "1 000 caractères au plus"),
            ("pieces", {"words": "Bonjour"}, "Il manque des pièces indispensables"),
        ],
        4,
    ),
)
def test_each_step_says_what_is_wrong_at_its_field_and_keeps_what_was_typed(
    signed: Signed, as_: Signs, slug: str, answers: Mapping[str, str], message: str
) -> None:
    client = as_(PASS)
    place = at(begun(authorisation=signed.authorisation().id, right="c2s"), slug)
    refused = client.post(place, answers)
    assert refused.status_code == 200
    assert message in plain(refused)
    assert "field-error" in plain(refused)
    again = plain(client.get(place))  # another day, another computer
    typed = {
        name: value
        for name, value in answers.items()
        if name in {*WHO, "amount", "surname_0", "birth_date_0", "words"}
    }
    for page in (plain(refused), again):
        assert all(
            f'value="{value}"' in page or f"{value}</textarea>" in page for value in typed.values() if value
        )
    assert "Il reste à compléter" in plain(client.get(place.replace(slug, "apercu")))


def test_going_back_keeps_what_is_not_yet_right(signed: Signed, as_: Signs) -> None:
    client = as_(PASS)
    place = at(begun(authorisation=signed.authorisation().id, right="ame"), "personne")
    back = client.post(place, {"surname": "Palissandre", "birth_date": "1991", "retour": "1"})
    assert back["Location"].endswith("/questions/")
    page = plain(client.get(place))
    assert 'value="1991"' in page


def test_a_household_is_written_line_by_line_and_its_resources_estimated(signed: Signed, as_: Signs) -> None:
    client = as_(PASS)
    made = begun(authorisation=signed.authorisation().id, right="c2s", person=PERSON)
    place = at(made, "questions")
    added = plain(client.post(place, {"q_rsa": "no", "amount": "9 876,50 €", "ajouter": "1"}))
    assert 'name="surname_0"' in added
    assert "field-error" not in added
    line = {"link_0": "", "surname_0": "", "given_name_0": "", "birth_date_0": ""}
    child = {
        "link_1": "child",
        "surname_1": "Palissandre",
        "given_name_1": "Léo",
        "birth_date_1": "02/06/2019",
    }
    answers = {
        "q_rsa": "no",
        "q_resources": "yes",
        "q_abroad": "no",
        "amount": "16 000,49 €",
        **line,
        **child,
    }
    shown = client.post(place, {**answers, "estimer": "1"}, follow=True)
    page = plain(shown)
    for said in (
        "Une estimation, jamais une décision",
        "Entre les deux plafonds",
        "2 personnes",
        "16 000 €",
        "15 508 € pour douze mois",
        "20 936 € pour douze mois",
        "En vigueur depuis le 1",
        "publiés jusqu’au 31/03/2026",
        "22 € par mois",
        'value="Léo"',
    ):
        assert said in page, said
    held = kept(made).content
    assert held.household == (Relative("Palissandre", "Léo", held.household[0].birth_date, "child"),)
    assert held.resources == 16_000
    assert client.post(
        place,
        {**answers, "amount": "", "surname_1": "", "given_name_1": "", "link_1": "", "birth_date_1": ""},
    )["Location"]
    assert kept(made).content.household == ()
    assert "Une estimation" not in plain(client.get(place))


def test_a_right_without_questions_has_no_step_for_them(signed: Signed, as_: Signs) -> None:
    client = as_(PASS)
    made = begun(authorisation=signed.authorisation().id, right="carte_vitale")
    assert client.get(at(made, "questions"))["Location"] == at(made, "personne")
    back = client.post(at(made, "personne"), {**WHO, "retour": "1"})
    assert back["Location"] == at(made, "droit")


def test_a_minor_without_a_representative_is_welcome_after_one_warning(signed: Signed, as_: Signs) -> None:
    client = as_(PASS)
    place = at(begun(authorisation=signed.authorisation().id, right="ame"), "personne")
    young = {**WHO, "birth_date": (today() - timedelta(days=3000)).strftime("%d/%m/%Y")}
    assert "indiquez qui la représente" in plain(client.post(place, young))
    assert client.post(place, {**young, "averti": "1"})["Location"].endswith("/pieces/")


def test_a_double_click_on_send_leads_to_the_same_page_and_sends_once(signed: Signed, as_: Signs) -> None:
    client, made = as_(PASS), prepare(signed)
    first, second = (client.post(at(made, "envoi"))["Location"] for _ in range(2))
    assert first == second == f"/droits/{made}/"
    assert client.get(at(made, "personne"))["Location"] == f"/droits/{made}/"
    assert client.post(at(made, "suppression"))["Location"] == f"/droits/{made}/"


def test_a_convention_that_has_ended_keeps_the_file_and_says_why(signed: Signed, as_: Signs) -> None:
    client, made = as_(PASS), prepare(signed)
    assert "Envoyer le dossier" in plain(client.get(at(made, "apercu")))
    signed.publish(until=now() - timedelta(minutes=1))
    refused = plain(client.post(at(made, "envoi"), follow=True))
    for said in ("Votre dossier est gardé", "Cette demande ne peut plus partir", "Ce qui l’ouvrirait"):
        assert said in refused
    assert "Envoyer le dossier" not in refused
    assert "ne peut pas déposer de dossier" in plain(client.get(at(made, "droit")))
    assert client.get(at(made, "pieces")).status_code == 200


def test_a_request_that_runs_already_is_shown_with_its_link(committed: Signed) -> None:
    running = send(committed)
    index_as_worker()
    page = plain(signed_in(PASS).post(at(prepare(committed), "envoi"), follow=True))
    assert f"dossier {reference(running)}" in page
    assert f'<a href="/droits/{running}/">Ouvrir ce dossier</a>' in page


def test_an_unfinished_file_leads_back_to_what_is_missing(signed: Signed, as_: Signs) -> None:
    made = prepare(signed, told=None)
    page = plain(as_(PASS).post(at(made, "envoi"), follow=True))
    assert "Il manque des réponses" in page
    assert f'<a href="{at(made, "information")}">Information</a>' in page


def test_a_file_thrown_away_is_gone(signed: Signed, as_: Signs) -> None:
    client, made = as_(PASS), prepare(signed)
    assert "Dossier supprimé" in plain(client.post(at(made, "suppression"), follow=True))
    assert client.get(at(made, "personne")).status_code == 404


@pytest.mark.security
@pytest.mark.parametrize("slug", ["droit", "pieces", "apercu", "liste"])
def test_the_ladder_of_a_file(signed: Signed, as_: Signs, slug: str) -> None:
    place = at(prepare(signed), slug)
    assert Client().get(place)["Location"].startswith("/connexion/")
    assert Client().get(place, headers={"HX-Request": "true"})["HX-Redirect"].startswith("/connexion/")
    for address, status in ((STRANGER, 404), (WORKER, 404), (READER, 403), (ADVISER, 403)):
        assert as_(address).get(place).status_code == status, address
    assert colleague(as_).get(place).status_code == 404
    assert as_(PASS).get(place).status_code == 200
    assert as_(PASS).get(place, headers={"HX-Request": "true"}).status_code == 200
    assert as_(PASS).put(place).status_code == 405
    assert as_(PASS).get(place.replace(slug, "inconnue")).status_code == 404


@pytest.mark.security
@pytest.mark.parametrize("verb", ["envoi", "suppression"])
def test_the_ladder_of_what_is_done_to_a_file(signed: Signed, as_: Signs, verb: str) -> None:
    place = at(prepare(signed), verb)
    for address, status in ((STRANGER, 404), (READER, 403), (ADVISER, 403)):
        assert as_(address).post(place).status_code == status, address
    assert colleague(as_).post(place).status_code == 404
    assert as_(PASS).get(place).status_code == 405
    assert as_(PASS).post(place).status_code == 302


def test_a_step_shows_no_name_in_its_title_and_a_caisse_named_in_full(signed: Signed, as_: Signs) -> None:
    page = plain(as_(PASS).get(at(prepare(signed), "apercu")))
    found = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert found
    assert not any(canary in found[1] for canary in CANARIES)
    assert organisation(CAISSE).name in page


def test_those_whom_an_ame_covers_are_written_and_counted_in_its_estimate(signed: Signed, as_: Signs) -> None:
    client = as_(PASS)
    made = begun(authorisation=signed.authorisation().id, right="ame", person=PERSON)
    place, aunt = (
        at(made, "questions"),
        {"surname_0": "Palissandre", "given_name_0": "Anne", "birth_date_0": "02/06/1961"},
    )
    assert "CASF, art. L251-1" in plain(client.get(place))
    said = {**AME, **aunt, "link_0": "dependant", "amount": "9 000,00 €", "estimer": "1"}
    page = plain(client.post(place, said, follow=True))
    assert "2 personnes" in page
    assert "Compté pour une personne seule" not in page
    assert [one.link for one in kept(made).content.details().household] == ["dependant"]


def test_roles_that_nobody_says_are_named_with_their_annex(db: None, as_: Signs) -> None:
    signed = sign(without_roles(model()))
    client, made = as_(PASS), prepare(signed)
    asked, shown = plain(client.get(at(made, "droit"))), plain(client.get(at(made, "apercu")))
    refused = plain(client.post(at(made, "envoi"), follow=True))
    for page in (asked, shown, refused, plain(client.get("/droits/preparations/tableaux/"))):
        assert "ne sont pas renseignés (annexe 6, annexe manquante)" in page
        assert "Demandez à votre délégué à la protection des données" in page
        assert f"/conventions/{signed.id}/roles/" in page
    assert "Votre dossier est gardé" in refused
    assert kept(made).there
