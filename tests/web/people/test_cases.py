"""The administrator's page: she sees references, never a name; a dry run, then the act, then its undoing. No script is needed."""

import pytest
from django.test import Client

from maillage.core.identifiers import uuid7
from maillage.organisations.models import User
from maillage.referrals.references import reference
from maillage.web.people.cases import undone_words
from tests.referrals.world import (
    CANARIES,
    OTHER_WORKER,
    WORKER,
    Signed,
    member,
    send_referral,
    sign_convention,
)
from tests.without_script import BACKEND, Plain

ADMIN = "admin@ccas.example.org"


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def client(address: str) -> Client:
    found = Client()
    found.force_login(User.objects.get(email=address), backend=BACKEND)
    return found


def test_cases_are_tried_handed_over_and_given_back_on_one_page(signed: Signed) -> None:
    case = send_referral(signed)
    worker, colleague = (User.objects.get(email=address) for address in (WORKER, OTHER_WORKER))
    page = f"/organisme/membres/{worker.id}/dossiers/"
    browser = (
        Plain(ADMIN).open(f"/organisme/membres/{worker.id}/depart/").follow("Remettre à un ou une collègue")
    )
    assert browser.url == page
    assert "1 dossier en cours" in browser.text()
    assert reference(case) in browser.text()
    assert not [canary for canary in CANARIES if canary in browser.text()]
    browser.press("Voir ce qui serait remis")
    assert "Choisissez un ou une collègue" in browser.text()
    browser.fill("to", str(colleague.id)).press("Voir ce qui serait remis")
    assert f"Ce qui serait remis à {colleague.full_name}" in browser.text()
    browser.press("Remettre ces dossiers")
    assert f"1 dossier remis à {colleague.full_name}" in browser.text("body")
    assert "ne suit aucun dossier en cours" in browser.text()
    browser.press("Annuler cette remise")
    assert "1 dossier rendu" in browser.text("body")
    assert reference(case) in browser.text()
    stale = {"to": str(colleague.id), "seen": "0" * 64, "token": str(uuid7())}
    assert "ont changé depuis l’essai" in client(ADMIN).post(page, stale).content.decode()


def test_the_ladder_of_the_hand_over(signed: Signed) -> None:
    send_referral(signed)
    with member(WORKER) as worker:
        page = f"/organisme/membres/{worker.user}/dossiers/"
    undo = f"/organisme/membres/dossiers/{uuid7()}/annulation/"
    for address, status in ((WORKER, 403), ("admin@villexemple.example.org", 404)):
        assert client(address).get(page).status_code == status
        assert client(address).post(undo).status_code == status
    assert Client().get(page).status_code == 302
    assert client(ADMIN).post(undo).status_code == 404
    assert client(ADMIN).get(undo).status_code == 405


def test_what_an_undoing_leaves_is_said_in_the_singular_and_the_plural() -> None:
    said = [undone_words(1, 0), undone_words(0, 1), undone_words(2, 3)]
    assert [text.replace("\u00a0", " ") for text in said] == [
        "Remise annulée : 1 dossier rendu.",
        "Remise annulée : 0 dossier rendu. 1 dossier a changé de mains depuis et y reste.",
        "Remise annulée : 2 dossiers rendus. 3 dossiers ont changé de mains depuis et y restent.",
    ]
