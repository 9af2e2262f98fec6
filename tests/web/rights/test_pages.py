"""The pages of an application: who sees what, what each act answers, on both sides."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.audit.models import Entry
from maillage.core.identifiers import uuid7
from maillage.referrals.references import reference
from maillage.rights.examining import Asking
from maillage.rights.models import Application, Piece, PieceRequest
from tests.days import today
from tests.referrals.world import READER, member
from tests.rights.world import ADVISER, CANARIES, PASS, STRANGER, Signed, a_pdf, act, read, receive, send
from tests.web.referrals.conftest import Signs, plain

TODAY = today().strftime("%d/%m/%Y")
ACTS = ("reception", "completude", "pieces-demandees", "accord", "refus", "notification")
"""Of the caisse."""


def of(case: object, page: str = "") -> str:
    return f"/droits/{case}/{page}"


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return plain(answer)


def post(client: Client, case: UUID, page: str, **said: Any) -> str:
    """The page that follows an act."""
    answer = client.post(of(case, f"{page}/"), said, follow=True)
    assert answer.status_code == 200, page
    return plain(answer)


def scan(name: str = "scan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, a_pdf(), "application/pdf")


def followed(client: Client, case: UUID) -> Client:
    client.post(of(case, "suivi/"))
    return client


def test_each_side_reads_it_and_nobody_else(signed: Signed, as_: Signs) -> None:
    case = send(signed, urgent=True, proof="certificat_medical")
    page = text(as_(PASS), of(case))
    for expected in (
        "PALISSANDRE Eudoxie",
        reference(case),
        "Envoyée, en attente de la caisse",
        "Certificat médical",
        "À l’hôpital",
        "À transmettre à la caisse",
        "au plus tard",
        "à temps",
        "Hospitalisée depuis lundi.",
        "Une pièce d’identité de chaque personne",
        "les deux délais commencent ce jour-là",
    ):
        assert expected in page, expected
    closed = text(as_(ADVISER), of(case))
    assert "Vous ne suivez pas ce dossier" in closed
    assert "À enregistrer" in closed
    assert not any(canary in closed for canary in CANARIES)
    assert "PALISSANDRE Eudoxie" in text(followed(as_(ADVISER), case), of(case))
    text(as_(STRANGER), of(case), 404)
    text(as_(READER), of(case), 403)
    text(as_(PASS), of(uuid4()), 404)
    assert Client().get(of(case)).headers["Location"].startswith("/connexion/")
    fragment = Client().get(of(case), headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"][:11]) == (204, "/connexion/")


def test_the_ladder_of_each_act(signed: Signed, as_: Signs) -> None:
    case = send(signed)
    everybody = {
        **dict.fromkeys(ACTS, (PASS, ADVISER)),
        **dict.fromkeys(("retrait", "annulation"), (ADVISER, PASS)),
    }
    for page, (other, own) in everybody.items():
        address = of(case, f"{page}/")
        assert Client().post(address).headers["Location"].startswith("/connexion/"), page
        assert as_(STRANGER).post(address).status_code in {403, 404}, page
        assert as_(READER).post(address).status_code == 403, page
        assert as_(other).post(address).status_code == 403, page
        assert as_(own).post(address).status_code == 200, page  # what misses is said at its field
        assert as_(own).get(address).status_code == 405, page
    for page in ("pieces", "pieces-recues"):
        assert as_(STRANGER).post(of(case, f"{page}/")).status_code == 404
        assert as_(READER).post(of(case, f"{page}/")).status_code == 403
    assert read(case).state == "sent"


@pytest.mark.long
def test_the_caisse_registers_and_both_clocks_say_why(signed: Signed, as_: Signs) -> None:
    """By its pages, what test_a_complete_urgent_ame_is_owed_in_ten_days proves."""
    case = send(signed, urgent=True, proof="certificat_medical")
    client = followed(as_(ADVISER), case)
    page = post(client, case, "reception", on="31/12/2199", is_complete="yes")
    assert "Cette date est dans l’avenir." in page
    assert 'value="31/12/2199"' in page
    assert "Choisissez une réponse." in post(client, case, "reception", on=TODAY)
    page = post(client, case, "reception", on=TODAY, is_complete="yes")
    for expected in (
        "Réception enregistrée",
        "L’engagement de la convention",
        "Le délai de la loi",
        "dans 10 jours",
        "Le texte se lit de deux façons",
        "dix jours comptés de la réception d’un dossier complet",
        "Réception par la caisse, le",
        "sans report",
        "Le silence vaut refus",
        "À décider",
    ):
        assert expected in page, expected
    assert "Complète, en attente de la décision" in text(as_(PASS), of(case))


def test_who_comes_second_is_told_and_a_second_click_is_not(signed: Signed, as_: Signs) -> None:
    case = send(signed)
    client = followed(as_(ADVISER), case)
    post(client, case, "reception", on=TODAY, is_complete="no")
    again = post(client, case, "reception", on=TODAY, is_complete="no")
    assert "votre premier clic a suffi" in again
    act("withdraw", case, PASS, reason="person_asks")
    late = post(client, case, "refus", reason="other", on=TODAY, words="Ce que j’avais écrit.")
    assert "Quelqu’un est passé avant vous" in late
    assert "Ce que j’avais écrit." in late


@pytest.mark.long
def test_a_piece_is_asked_sent_and_read(signed: Signed, as_: Signs) -> None:
    """By its pages, what test_the_partner_adds_what_was_asked_and_both_read_it proves."""
    case = send(signed, "c2s")
    caisse, partner = followed(as_(ADVISER), case), as_(PASS)
    post(caisse, case, "reception", on=TODAY, is_complete="no")
    assert "Choisissez au moins une pièce" in post(caisse, case, "pieces-demandees", token=str(uuid7()))
    asked = {"token": str(uuid7()), "keys": ["tax"], "words": "L’avis de 2025.", "granted_days": "0"}
    page = post(caisse, case, "pieces-demandees", **asked)
    assert "Laissez de 1 à 366 jours" in page
    assert "L’avis de 2025." in page
    asked["granted_days"] = "20"
    for said in ("Pièces demandées.", "votre premier clic a suffi"):
        assert said in post(caisse, case, "pieces-demandees", **asked)
    page = text(partner, of(case))
    for expected in (
        "La caisse attend des pièces",
        "Demandée",
        "L’avis de 2025.",
        "Tout est envoyé",
        "20 jours accordés",
    ):
        assert expected in page, expected
    assert "Choisissez un fichier." in post(partner, case, "pieces", token=str(uuid7()), key="tax")
    added = {"token": str(uuid7()), "key": "tax", "dated_on": TODAY}
    assert "Pièce ajoutée" in post(partner, case, "pieces", **added, file=scan("avis.pdf"))
    assert "votre premier clic a suffi" in post(partner, case, "pieces", **added, file=scan("avis.pdf"))
    assert "tout ce qui était demandé est là" in post(partner, case, "pieces-recues")
    page = text(caisse, of(case))
    assert "avis.pdf" in page
    assert "À vérifier" in page
    post(caisse, case, "completude", on=TODAY)
    assert "Le silence vaut accord" in text(caisse, of(case))
    with member(ADVISER):
        assert PieceRequest.objects.get(case_id=case).answered_on == today()


def test_that_all_is_sent_is_said_twice_where_nothing_was_added(signed: Signed, as_: Signs) -> None:
    case, partner = send(signed, "c2s"), as_(PASS)
    receive(case, is_complete=False)
    act("ask", case, asking=Asking(uuid7(), ("tax",)))
    assert "n’a été ajouté ici depuis la demande" in text(partner, of(case))
    assert "cochez cette case" in post(partner, case, "pieces-recues")
    assert read(case).state == "incomplete"
    assert "tout ce qui était demandé est là" in post(partner, case, "pieces-recues", anyway="on")
    assert read(case).state == "received"


@pytest.mark.long
def test_a_second_round_says_why_and_stands_out(signed: Signed, as_: Signs) -> None:
    """By its pages, what test_a_second_round_says_why_and_is_counted proves."""
    case, client = send(signed), as_(ADVISER)
    receive(case, is_complete=False)
    act("ask", case, asking=Asking(uuid7(), ("identity",)))
    followed(client, case)
    assert "Les pièces demandées sont arrivées" not in text(client, of(case))  # the form itself is there
    post(client, case, "pieces-recues", on=TODAY)
    wrong = post(client, case, "pieces-demandees", token=str(uuid7()), keys=["form"])
    assert "dites pourquoi il en faut d’autres" in wrong
    page = post(client, case, "pieces-demandees", token=str(uuid7()), keys=["form"], again="unreadable")
    for expected in ("Nouvelle demande", "Demande n° 2", "Une pièce reçue est illisible"):
        assert expected in page, expected


@pytest.mark.long
def test_the_caisse_grants_then_tells_the_person(signed: Signed, as_: Signs) -> None:
    """By its pages, what test_the_person_is_told_once_after_the_decision proves."""
    case, client = send(signed), as_(ADVISER)
    receive(case)
    followed(client, case)
    page = text(client, of(case))
    assert f'value="{TODAY}"' in page
    said = {"right": "ame", "since": TODAY, "until": "01/01/2020", "on": TODAY, "words": "Carte à retirer."}
    page = post(client, case, "accord", **said)
    assert "La fin du droit ne précède pas son début." in page
    assert "Carte à retirer." in page
    until = (today() + timedelta(days=364)).strftime("%d/%m/%Y")
    since = (today() - timedelta(days=40)).strftime("%d/%m/%Y")
    page = post(client, case, "accord", **said | {"until": until, "covers_since": since})
    for expected in (
        "Droit ouvert",
        "Soins couverts depuis le",
        "La facture des soins",
        "Carte à retirer.",
        "Tenu",
    ):
        assert expected in page, expected
    assert "Prévenir la personne" in text(client, "/")
    assert "Choisissez une réponse." in post(client, case, "notification", on=TODAY)
    assert "la personne est prévenue" in post(client, case, "notification", how="letter", on=TODAY)
    assert "Par courrier" in text(as_(PASS), of(case))
    assert "Prévenir la personne" not in text(client, "/")


def test_the_caisse_refuses_with_its_reason(signed: Signed, as_: Signs) -> None:
    case, client = send(signed), as_(ADVISER)
    receive(case, is_complete=False)
    followed(client, case)
    assert "Choisissez une raison" in post(client, case, "refus", on=TODAY)
    page = post(client, case, "refus", reason="resources", on=TODAY, words="Au-dessus du plafond.")
    assert "Demande refusée" in page
    page = text(as_(PASS), of(case))
    for expected in ("Les ressources dépassent le plafond", "Au-dessus du plafond.", "Refusée"):
        assert expected in page, expected
    with member(ADVISER):
        assert Application.objects.get(case_id=case).end_reason == "resources"


@pytest.mark.long
def test_the_partner_withdraws_or_cancels(signed: Signed, as_: Signs) -> None:
    """By its pages, what test_the_partner_withdraws_and_nobody_decides_any_more proves."""
    first, second, client = send(signed), send(signed, "c2s"), as_(PASS)
    assert "Choisissez une raison" in post(client, first, "retrait")
    assert "Demande retirée" in post(client, first, "retrait", reason="person_asks")
    assert "Demande annulée" in post(client, second, "annulation", reason="duplicate")
    assert "envoyée par erreur" in text(client, of(second))
    assert "Tout est envoyé" not in text(client, of(first))


def test_a_piece_opens_through_its_own_case_to_whoever_may_open_it(signed: Signed, as_: Signs) -> None:
    case, other = send(signed), send(signed, "c2s")
    with member(ADVISER):
        piece = Piece.objects.filter(case_id=case).values_list("id", flat=True)[0]
    address = of(case, f"pieces/{piece}/")
    answer = as_(PASS).get(address)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"".join(answer.streaming_content) == a_pdf()  # type: ignore[attr-defined]  # a streaming answer
    assert "Vous ne suivez pas ce dossier" in text(as_(ADVISER), address)
    text(as_(PASS), of(other, f"pieces/{piece}/"), 404)
    text(as_(STRANGER), address, 404)
    with member(PASS):
        assert Entry.objects.filter(verb="document_read").count() == 1


def test_an_application_is_consulted_for_a_reason_and_handed_over(signed: Signed, as_: Signs) -> None:
    case, client = send(signed), as_(ADVISER)
    assert "Dites pourquoi" in plain(client.post(of(case, "consultation/"), {"motive": ""}))
    client.post(of(case, "consultation/"), {"motive": "Appel de la personne pendant une absence"})
    assert "sans le suivre" in text(client, of(case))
    followed(client, case)
    assert "Confier ce dossier" in text(client, of(case, "suivi/confier/"))
    assert client.post(of(case, "suivi/fin/")).status_code == 302


def test_the_page_costs_the_same_however_much_happened(
    signed: Signed, as_: Signs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case, client = send(signed), as_(PASS)
    receive(case, is_complete=False)
    text(client, of(case))  # the session is at hand
    for again in ("", "changed"):
        act("ask", case, asking=Asking(uuid7(), ("identity",), again=again))
        with django_assert_num_queries(PAGE):
            text(client, of(case))
        act("answer", case, PASS, on=today())


PAGE = 11
"""Nine queries, and both ends of the transaction of the request."""


@pytest.mark.security
def test_no_reading_goes_unwritten(signed: Signed, as_: Signs) -> None:
    case = send(signed)
    text(as_(ADVISER), of(case))
    text(as_(PASS), of(case))
    with member(ADVISER):
        row = Entry.objects.get(object_type="application", verb="read", object_ref=str(case))
        assert (row.fields, row.reason) == ("", "sans ouvrir l’identité")
    with member(PASS):
        row = Entry.objects.get(object_type="application", verb="read", object_ref=str(case))
        assert row.fields == "identity,details"
