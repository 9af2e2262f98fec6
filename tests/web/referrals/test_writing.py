"""Writing a referral step by step: nothing is lost, each message stands at its field, a double click sends once."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals import proposing
from maillage.referrals.content import Precisions
from maillage.referrals.models import Draft, Referral
from maillage.referrals.references import reference
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    OTHER_WORKER,
    READER,
    STRANGER,
    WORKER,
    Signed,
    member,
    sign_convention,
    write_draft,
)
from tests.tiers import spread
from tests.web.referrals.conftest import Signs, plain, title

TODAY = today().strftime("%d/%m/%Y")
PERSON = {
    "surname": "Quintessence",
    "given_name": "Ondine",
    "birth_date": "29/02/1984",
    "phone": "06 00 00 00 17",
    "safe_time": "le matin, avant le retour de son mari",
    "nir": "2 84 02 42 147 000 69",
}
SITUATION = {
    "motives": ["cost", "no_appointment"],
    "narrative": "A renoncé à ses lunettes.",
    "care_0": "optics",
    "reason_0": "cost",
    "care_imminent": "on",
}
PRECISIONS = {"received_here": "yes", "scheme": "general"}
TOLD = {
    "given_on": TODAY,
    "means": "oral",
    "language": "ar",
    "notice": "easy",
    "recipient_named": "on",
    "answer": "agreed",
    "how": "mandate",
    "mandate": "MANDAT-2026-0042",
    "progress": "all",
}


def begin(client: Client, **changes: object) -> str:
    """The first step; the address of the second."""
    page = plain(client.get("/orientations/nouvelle/"))
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    answer = client.post("/orientations/nouvelle/", {"token": token.group(1), **SITUATION, **changes})
    return str(answer["Location"])


def to_person(client: Client, signed: Signed) -> str:
    """The steps before the person; the address of that one."""
    service = client.post(begin(client), PRECISIONS)["Location"]
    return str(client.post(service, {"authorisation": str(signed.authorisation().id)})["Location"])


def test_a_worker_writes_each_step_reads_it_again_and_sends(signed: Signed, as_: Signs) -> None:
    client = as_(WORKER)
    addresses = [begin(client)]
    service = {"authorisation": str(signed.authorisation().id)}
    for answers in (PRECISIONS, service, PERSON, TOLD):
        answer = client.post(addresses[-1], answers)
        assert answer.status_code == 302, plain(answer)
        addresses.append(str(answer["Location"]))
    preview = client.get(addresses[-1])
    text = plain(preview)
    for expected in (
        "QUINTESSENCE Ondine",
        "29 février 1984",
        "lunettes",
        "CPAM de la Loire",
        "l’article 3",
        "Lunettes, lentilles : raison financière",
        "Oui : des soins sont imminents",
        "Régime général",
    ):
        assert expected in text
    assert "annexe manquante" in text
    sent = client.post(addresses[-1].replace("verification", "envoi"), follow=True)
    page = plain(sent)
    assert "Orientation envoyée" in page
    assert "Envoyée, en attente de l’accusé de réception" in page
    for visited in addresses:
        assert not any(canary in visited for canary in CANARIES)
    assert not any(canary in title(page) for canary in CANARIES)


def service_page(client: Client, signed: Signed, **precisions: object) -> str:
    """The step of the service, for a complete draft with these facts."""
    draft = write_draft(signed, precisions=Precisions({"received_here": True, **precisions}))  # type: ignore[dict-item]  # facts
    return plain(client.get(f"/orientations/brouillons/{draft}/service/"))


def test_the_article_that_allows_the_service_is_said(signed: Signed, as_: Signs) -> None:
    page = service_page(as_(WORKER), signed)
    assert "Possible parce que l’article 3 de la convention" in page
    assert "Conditions remplies : Accueillie par le CCAS (article 2)" in page
    assert "Mission accompagnement santé" in page


def test_a_service_by_phone_gives_the_words_to_say(signed: Signed, as_: Signs) -> None:
    page = service_page(as_(WORKER), signed)
    assert "appelle le 3646 et dit « service social »" in page
    assert "/services.mon_soutien_psy/" in page  # what one tells her of a service
    assert "Fragilité repérée selon les critères du service social (article 3)" in page


def test_without_any_convention_the_page_says_what_would_open_a_way(as_: Signs) -> None:
    page = plain(as_(WORKER).get("/orientations/nouvelle/"))
    assert "Aucun service n’est ouvert aujourd’hui" in page
    assert '<form method="post" novalidate' not in page


def test_when_the_convention_has_ended_the_page_says_so_with_its_clause(signed: Signed, as_: Signs) -> None:
    signed.end(at=now() - timedelta(days=1))
    page = plain(as_(WORKER).get("/orientations/nouvelle/"))
    assert "a pris fin le" in page
    assert "Article 3" in page
    assert "Une nouvelle convention" in page


def test_the_same_first_step_sent_twice_makes_one_draft(signed: Signed, as_: Signs) -> None:
    client, token = as_(WORKER), str(uuid7())
    answers = {"token": token, **SITUATION}
    first, second = (client.post("/orientations/nouvelle/", answers)["Location"] for _ in range(2))
    assert first == second
    with member(WORKER):
        assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    spread(
        [
            ({"birth_date": "31/02/1984"}, "Écrivez une date qui existe"),
            ({"birth_date": "01/01/2999"}, "Cette date est dans l’avenir"),
            ({"birth_date": "01/01/1850"}, "plus de 120 ans"),
            ({"birth_date": ""}, "Écrivez une date, comme"),
            ({"surname": ""}, "Écrivez le nom de la personne"),
            ({"given_name": "   "}, "Écrivez le prénom de la personne"),
            ({"surname": "x" * 101}, "100 caractères au plus"),
            ({"nir": "2 84 02 42 147 000 70"}, "ne correspond pas à sa clé"),
            ({"nir": "2 84 02 42 147 000"}, "Il manque la clé"),
            ({"nir": "12"}, "15 caractères"),
            ({"phone": "demain"}, "Écrivez un numéro de téléphone en chiffres"),
            ({"email": "ondine"}, "Écrivez une adresse complète"),
            ({"phone": ""}, "au moins une façon de la joindre"),
        ],
        4,
    ),
)
def test_a_refused_person_keeps_all_that_was_typed(
    signed: Signed, as_: Signs, changes: dict[str, str], message: str
) -> None:
    client = as_(WORKER)
    address = to_person(client, signed)
    typed = {**PERSON, **changes}
    refused = client.post(address, typed)
    assert refused.status_code == 200
    page = plain(refused)
    assert message in page
    assert "field-error" in page
    again = plain(client.get(address))  # another day, another computer
    for value in typed.values():
        assert f'value="{value}"' in page or not value.strip()
        assert f'value="{value}"' in again or not value.strip()
    assert "Il reste à compléter" in plain(client.get(address.replace("personne", "verification")))


@pytest.mark.parametrize(
    "written", spread(["29/02/1984", "29.02.1984", "29-02-1984", "29 02 1984", "1984-02-29"], 5)
)
def test_french_dates_are_understood_as_people_write_them(signed: Signed, as_: Signs, written: str) -> None:
    client = as_(WORKER)
    address = to_person(client, signed)
    assert client.post(address, {**PERSON, "birth_date": written}).status_code == 302


def test_going_back_keeps_what_is_not_yet_right(signed: Signed, as_: Signs) -> None:
    client = as_(WORKER)
    address = to_person(client, signed)
    back = client.post(address, {"surname": "Quintessence", "birth_date": "1984", "retour": "1"})
    assert back["Location"].endswith("/service/")
    page = plain(client.get(address))
    assert 'value="Quintessence"' in page
    assert 'value="1984"' in page


@pytest.mark.parametrize(
    ("slug", "answers", "message"),
    spread(
        [
            ("situation", {**SITUATION, "motives": []}, "Choisissez au moins un motif"),
            ("situation", {**SITUATION, "motives": ["autre"]}, "Choisissez au moins un motif"),
            ("situation", {**SITUATION, "narrative": "x" * 2001}, "2 000 caractères au plus"),
            ("information", {**TOLD, "given_on": "01/01/2999"}, "Cette date est dans l’avenir"),
            ("information", {**TOLD, "given_on": "28/02/1984"}, "précède la naissance"),
            ("information", {**TOLD, "means": ""}, "Choisissez une réponse"),
            ("information", {**TOLD, "answer": "refused"}, "rien ne peut être envoyé"),
            ("information", {**TOLD, "mandate": ""}, "Écrivez la référence du mandat"),
            (
                "information",
                {"given_on": TODAY, "means": "oral"},
                "doit savoir à qui ses données sont envoyées",
            ),
            ("service", {"authorisation": str(uuid4())}, "n’est pas, ou n’est plus, ouvert"),
            ("service", {}, "Choisissez un service"),
        ],
        4,
    ),
)
def test_each_step_says_what_is_wrong_at_its_field(
    signed: Signed, as_: Signs, slug: str, answers: dict[str, object], message: str
) -> None:
    draft = write_draft(signed)
    page = as_(WORKER).post(f"/orientations/brouillons/{draft}/{slug}/", answers)
    assert page.status_code == 200
    assert message in plain(page)


def test_an_account_that_is_too_long_is_kept_whole_and_its_line_breaks_are_shown(
    signed: Signed, as_: Signs
) -> None:
    client, draft = as_(WORKER), write_draft(signed)
    address = f"/orientations/brouillons/{draft}/situation/"
    whole = f"Début {'x' * 2100} fin"
    page = client.post(address, {**SITUATION, "narrative": whole}).content.decode()
    assert whole in page
    assert whole in client.get(address).content.decode()
    area = re.search(r'<textarea name="narrative"[^>]*>', page)
    assert area
    assert "maxlength" not in area.group()
    assert 'data-longest="2000"' in area.group()
    just = "a\r\n" * 998 + "<b>"  # 1,999 characters, each line break counted once
    assert client.post(address, {**SITUATION, "narrative": just}).status_code == 302
    preview = client.get(address.replace("situation", "verification")).content.decode()
    assert "a<br>a" in preview
    assert "a<br>&lt;b&gt;" in preview


def test_a_double_click_on_send_leads_to_the_same_page_and_sends_once(signed: Signed, as_: Signs) -> None:
    client, draft = as_(WORKER), write_draft(signed)
    first, second = (client.post(f"/orientations/brouillons/{draft}/envoi/") for _ in range(2))
    assert first["Location"] == second["Location"] == f"/orientations/{draft}/"
    with member(WORKER):
        assert Referral.objects.count() == 1
    assert client.get(f"/orientations/brouillons/{draft}/personne/")["Location"] == f"/orientations/{draft}/"
    assert (
        client.post(f"/orientations/brouillons/{draft}/suppression/")["Location"] == f"/orientations/{draft}/"
    )


def test_an_open_session_sends_nothing_once_the_convention_has_ended(signed: Signed, as_: Signs) -> None:
    client, draft = as_(WORKER), write_draft(signed)
    assert "Envoyer l’orientation" in plain(client.get(f"/orientations/brouillons/{draft}/verification/"))
    signed.end(at=now() - timedelta(minutes=1))
    refused = plain(client.post(f"/orientations/brouillons/{draft}/envoi/", follow=True))
    assert "Votre brouillon est gardé" in refused
    assert "a pris fin" in refused
    assert "Article 3" in refused
    assert "Envoyer l’orientation" not in refused
    with member(WORKER):
        assert not Referral.objects.exists()
        assert Draft.objects.count() == 1


def test_an_unfinished_draft_leads_back_to_what_is_missing(signed: Signed, as_: Signs) -> None:
    client, draft = as_(WORKER), write_draft(signed, told=None)
    page = plain(client.post(f"/orientations/brouillons/{draft}/envoi/", follow=True))
    assert "Il manque des réponses" in page
    assert "Il reste à compléter" in page


def test_a_draft_thrown_away_is_gone(signed: Signed, as_: Signs) -> None:
    client, draft = as_(WORKER), write_draft(signed)
    page = plain(client.post(f"/orientations/brouillons/{draft}/suppression/", follow=True))
    assert "Brouillon supprimé" in page
    assert client.get(f"/orientations/brouillons/{draft}/personne/").status_code == 404


@pytest.mark.security
@pytest.mark.parametrize("tail", ["personne/", "verification/", "service/"])
def test_the_ladder_of_a_draft(signed: Signed, as_: Signs, tail: str) -> None:
    address = f"/orientations/brouillons/{write_draft(signed)}/{tail}"
    assert Client().get(address)["Location"].startswith("/connexion/")
    assert as_(STRANGER).get(address).status_code == 404
    assert as_(OTHER_WORKER).get(address).status_code == 404
    assert as_(READER).get(address).status_code == 403
    assert as_(ADVISER).get(address).status_code == 403
    assert as_(WORKER).get(address).status_code == 200
    assert as_(WORKER).get(address.replace(tail, "inconnue/")).status_code == 404
    assert as_(WORKER).put(address).status_code == 405


@pytest.mark.security
@pytest.mark.parametrize("verb", ["envoi", "suppression"])
def test_the_ladder_of_what_is_done_to_a_draft(signed: Signed, as_: Signs, verb: str) -> None:
    draft = write_draft(signed)
    for address, known, unknown in ((STRANGER, 404, 404), (OTHER_WORKER, 404, 404), (READER, 403, 403)):
        assert as_(address).post(f"/orientations/brouillons/{draft}/{verb}/").status_code == known
        assert as_(address).post(f"/orientations/brouillons/{uuid4()}/{verb}/").status_code == unknown
    assert as_(WORKER).get(f"/orientations/brouillons/{draft}/{verb}/").status_code == 405
    assert as_(WORKER).post(f"/orientations/brouillons/{draft}/{verb}/").status_code == 302


def test_the_reference_is_what_the_page_shows(signed: Signed, as_: Signs) -> None:
    client, draft = as_(WORKER), write_draft(signed)
    assert reference(draft) in plain(client.post(f"/orientations/brouillons/{draft}/envoi/", follow=True))


def test_closed_services_of_many_conventions_are_read_page_by_page(
    signed: Signed, as_: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposing, "PAGE", 1)
    sign_convention()
    client = as_(WORKER)
    address = f"/orientations/brouillons/{write_draft(signed)}/service/"
    first = plain(client.get(address))
    assert 'href="?fermes=2">Voir ce que disent vos autres conventions</a>' in first
    assert "Revenir aux" not in first
    second = plain(client.get(f"{address}?fermes=2"))
    assert 'href="?">Revenir aux premières conventions</a>' in second
    assert "Voir ce que disent" not in second
    for page in (first, second):  # what is open is on every page
        assert page.count("Possible parce que") == 2
    for nonsense in ("?fermes=0", "?fermes=-1", "?fermes=²", "?fermes=99999999999"):
        assert client.get(f"{address}{nonsense}").status_code == 200
