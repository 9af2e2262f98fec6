"""An authorisation from its asking to its end, on its pages: who sees what, what is answered, where it is listed."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.core.identifiers import uuid7
from tests.conventions.people import STRANGER, WORKER
from tests.days import today
from tests.documents.builders import pdf
from tests.protection.authorisations.files import (
    CCAS_ADMIN,
    CPAM_DPO,
    HOSPITAL_ADMIN,
    SOON,
    answered,
    asked,
    granted,
)
from tests.referrals.world import ADVISER, Signed, sign_convention
from tests.rights import world as files_of_rights
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain

pytestmark = pytest.mark.django_db
LIST, NEW = "/protection/autorisations/", "/protection/autorisations/nouvelle/"


@pytest.fixture
def s3(db: None) -> Signed:
    return sign_convention()


def day(later: int = 0) -> str:
    return (today() + timedelta(days=later)).strftime("%d/%m/%Y")


def typed(signed: Signed, **changes: Any) -> dict[str, Any]:
    return {
        "token": str(uuid7()),
        "regime": f"{signed.id}:detections",
        "kind": "sub_processor",
        "body": "Hébergeur d’Exemple",
        "country": "France",
        "what": "Identité et situation.",
        "purpose": "Héberger le logiciel.",
        "guarantees": "Contrat de l’article 28.",
        "starts_on": day(),
    } | changes


def said(**changes: Any) -> dict[str, Any]:
    return {
        "token": str(uuid7()),
        "answer": "oui",
        "words": "En France seulement.",
        "day": day(),
        "lasts": "day",
        "until": SOON.strftime("%d/%m/%Y"),
    } | changes


def here(transfer: UUID, rest: str = "") -> str:
    return f"{LIST}{transfer}/{rest}"


def contract() -> SimpleUploadedFile:
    return SimpleUploadedFile("contrat.pdf", pdf())


def made(client: Client, s3: Signed, **changes: Any) -> UUID:
    answer = client.post(NEW, typed(s3, **changes), follow=True)
    assert "Autorisation demandée" in plain(answer)
    return UUID(answer.redirect_chain[-1][0].rstrip("/").rsplit("/", 1)[1])


def test_it_is_asked_answered_listed_and_withdrawn(as_: Signs, s3: Signed) -> None:
    admin, officer = as_(CCAS_ADMIN), as_(CPAM_DPO)
    form = plain(admin.get(f"{NEW}?convention={s3.id}"))
    assert "CPAM 42, annexe 6, à compléter dans le texte" in form
    transfer = made(admin, s3, document=contract())
    page = plain(admin.get(here(transfer)))
    for words in (
        "En attente de : CPAM de la Loire",
        "Hébergeur d’Exemple (France)",
        "annexe 6",
        "Détections (saisine des Missions accompagnement santé)",
        "Le texte laisse à compléter : Règles de sous-traitance ultérieure",
    ):
        assert words in page, words
    assert "Répondre à une demande d’autorisation" in plain(officer.get("/"))
    assert "Répondre à une demande d’autorisation" in plain(officer.get("/protection/"))
    assert officer.get(here(transfer, "contrat/"))["Content-Type"] == "application/pdf"
    done = officer.post(here(transfer, "reponse/"), said(document=contract()), follow=True)
    assert "Réponse notée" in plain(done)
    page = plain(admin.get(here(transfer)))
    assert "En vigueur" in page
    assert "En France seulement." in page
    (address,) = re.findall(
        r"/protection/autorisations/reponses/[\w-]+/", admin.get(here(transfer)).content.decode()
    )
    assert admin.get(address)["Content-Type"] == "application/pdf"
    assert "Répondre à une demande" not in plain(officer.get("/"))
    listed = plain(admin.get(f"{LIST}convention/{s3.id}/"))
    assert listed.index("Hébergeur d’Exemple") < listed.index("Aucune demande n’attend de réponse")
    assert "Retirée : plus rien ne part" in plain(
        officer.post(here(transfer, "retrait/"), {"words": "Contrat changé."}, follow=True)
    )
    assert "Contrat changé." in plain(admin.get(here(transfer)))
    assert officer.get(here(transfer, "retrait/")).status_code == 403


def test_a_sub_processor_takes_the_same_obligations_and_its_partner_stays_liable(
    as_: Signs, db: None
) -> None:
    signed = files_of_rights.sign()
    transfer = asked(signed.id, by=HOSPITAL_ADMIN, regime="acces_droits_soins")
    page = plain(as_(HOSPITAL_ADMIN).get(here(transfer)))
    assert (
        "mêmes obligations que l’organisme qui le demande ; Centre hospitalier d’Exemple en répond entièrement"
        in page
    )


def test_a_form_that_says_too_little_keeps_what_was_typed(as_: Signs, s3: Signed) -> None:
    admin = as_(CCAS_ADMIN)
    for changes, words in (
        ({"body": ""}, "Écrivez quelques mots"),
        ({"country": "Suisse"}, "n’est pas de l’Espace économique européen"),
        ({"starts_on": day(-1)}, "L’autorisation est préalable"),
        ({"regime": f"{s3.id}:inconnu"}, "Choisissez une réponse de la liste"),
        ({"what": "Le dossier du 2 84 02 42 147 000 69"}, "numéro"),
    ):
        text = plain(admin.post(NEW, typed(s3, **changes)))
        assert words in text, changes
        assert "Contrat de l’article 28." in text
    transfer = asked(s3.id)
    officer = as_(CPAM_DPO)
    for changes, words in (
        ({"until": ""}, "Donnez le dernier jour"),
        ({"until": day(-1)}, "Le dernier jour vient après"),
        ({"lasts": "term"}, "Choisissez : un dernier jour, ou"),
        ({"words": ""}, "Une autorisation est écrite"),
        ({"answer": "non", "words": ""}, "Dites pourquoi c’est refusé"),
        ({"day": day(1)}, "entre la demande et aujourd’hui"),
    ):
        assert words in plain(officer.post(here(transfer, "reponse/"), said(**changes))), changes
    assert "En attente de" in plain(officer.get(here(transfer)))


def test_a_refusal_is_told_with_its_reason(as_: Signs, s3: Signed) -> None:
    transfer = asked(s3.id)
    as_(CPAM_DPO).post(here(transfer, "reponse/"), said(answer="non", words="Pas assez de garanties."))
    page = plain(as_(CCAS_ADMIN).get(here(transfer)))
    assert "Refusée" in page
    assert "Pas assez de garanties." in page
    late = as_(CPAM_DPO).post(here(transfer, "reponse/"), said())
    assert "rechargez la page" in plain(late)
    assert as_(CPAM_DPO).get(here(transfer, "reponse/")).status_code == 302


def test_parties_read_and_strangers_do_not(as_: Signs, s3: Signed) -> None:
    transfer = made(as_(CCAS_ADMIN), s3, document=contract())
    for reader in (WORKER, ADVISER):
        assert as_(reader).get(here(transfer)).status_code == 200
        assert as_(reader).get(LIST).status_code == 200
        assert as_(reader).get(NEW).status_code == 403
        assert as_(reader).get(here(transfer, "reponse/")).status_code == 403
    stranger = as_(STRANGER)
    for rest in ("", "contrat/"):
        assert stranger.get(here(transfer, rest)).status_code == 404
    assert stranger.get(f"{LIST}convention/{s3.id}/").status_code == 404
    assert "Hébergeur" not in plain(stranger.get(LIST))
    assert as_(CCAS_ADMIN).get(here(transfer, "reponse/")).status_code == 302


def test_its_end_comes_in_what_is_to_do(as_: Signs, s3: Signed) -> None:
    transfer = asked(s3.id)
    answered(transfer, until=today() + timedelta(days=20))
    admin = as_(CCAS_ADMIN)
    assert "Demander de nouveau une autorisation qui prend fin" in plain(admin.get("/protection/"))
    assert "Autorisations en vigueur" in plain(admin.get("/protection/"))
    assert (
        f"/protection/autorisations/convention/{s3.id}/"
        in admin.get(f"/conventions/{s3.id}/").content.decode()
    )


def test_a_list_costs_the_same_however_many(
    as_: Signs, s3: Signed, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    admin = as_(CCAS_ADMIN)
    granted(s3.id, ["detections"])
    admin.get(LIST)
    with django_assert_num_queries(LISTED):
        admin.get(LIST)
    for number in range(3):
        granted(s3.id, ["detections"], body=f"Organisme {number}")
    with django_assert_num_queries(LISTED):
        admin.get(LIST)


LISTED = 10
"""Questions of the list."""
