"""The pages of PRADO: from the list to the midwife, at the caisse alone; the convention's page tells each party what it may read."""

from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from maillage.core.identifiers import uuid7
from maillage.referrals.models import Enrolment
from tests.conventions.kept import kept
from tests.days import today
from tests.referrals.prado.world import FAMILY, enrol, hospital, sign_prado
from tests.referrals.world import ADVISER, READER, STRANGER, WORKER, member
from tests.web.referrals.conftest import Signs, plain
from tests.web.referrals.test_reading import text

__all__ = ["kept"]
pytestmark = pytest.mark.django_db
DAY = today().strftime("%d/%m/%Y")


@pytest.fixture(scope="module")
def convention(kept: Path) -> UUID:
    """S0's text, signed by the caisse and the other branch."""
    return sign_prado()


def test_a_mother_is_enrolled_visited_presented_and_answers_on_its_pages(
    convention: UUID, as_: Signs
) -> None:
    caisse, path = as_(ADVISER), f"/orientations/prado/{convention}/"
    said = {
        "token": str(uuid7()),
        "maternity": str(hospital()),
        "surname": "Quintessence",
        "given_name": "Ondine",
        "phone": "0600000017",
        "preregistered_on": "",
    }
    assert "Écrivez son nom." in plain(caisse.post(f"{path}nouvelle/", {**said, "surname": ""}))
    page = plain(caisse.post(f"{path}nouvelle/", said, follow=True))
    assert "Inscription ouverte." in page
    assert "À visiter" in page
    assert "votre premier clic a suffi" in plain(caisse.post(f"{path}nouvelle/", said, follow=True))
    with member(ADVISER):
        own = f"/orientations/prado/inscriptions/{Enrolment.objects.get().id}/"
    visited = {
        "visited_on": DAY,
        "children_born": "1",
        "delivery": "vaginal",
        "delivered_on": "05/01/2026",
        "delivery_complication": "no",
    }
    assert "Noter la visite" in text(caisse, own)
    page = plain(caisse.post(f"{own}visite/", visited, follow=True))
    assert "Éligibilité à compléter" in page
    assert "Compléter ou corriger la visite" in page
    assert "Noter la visite" not in page
    page = plain(caisse.post(f"{own}visite/", {**visited, "discharge_agreed": "yes"}, follow=True))
    assert "À présenter" in page
    assert "Un enfant unique (article 2.1) : oui" in page
    page = plain(caisse.post(f"{own}presentation/", {"presented_on": DAY, "home_help": "on"}, follow=True))
    assert "Proposée, guide remis" in page
    assert "Choisissez une réponse" in plain(caisse.post(f"{own}reponse/", {"answered_on": DAY}))
    page = plain(caisse.post(f"{own}reponse/", {"answered_on": DAY, "given": "accepted"}, follow=True))
    assert "Sage-femme à choisir" in page
    assert "Noter la sage-femme de son choix" in page
    assert "Une autre étape a été notée" in plain(
        caisse.post(f"{own}presentation/", {"presented_on": DAY}, follow=True)
    )
    page = plain(caisse.post(f"{own}sage-femme/", {"midwife": "Mme Exemple"}, follow=True))
    assert "Elle adhère, le" in page
    assert "Changer la sage-femme de son choix" in page
    assert "Aucune inscription ne vous attend." in text(caisse, path)
    assert "QUINTESSENCE Ondine" in text(caisse, f"{path}?vue=toutes")
    assert caisse.post(f"{own}autre/").status_code == 404
    noted = {"presented_on": DAY, "given": "accepted", "answered_on": DAY, "home_help": "on"}
    assert "rien n’a changé" in plain(caisse.post(f"{own}correction/", noted, follow=True))
    wrong = plain(caisse.post(f"{own}correction/", {**noted, "answered_on": ""}))
    assert "Écrivez le jour de sa réponse." in wrong
    page = plain(caisse.post(f"{own}correction/", {**noted, "given": "no_need"}, follow=True))
    assert "Elle refuse : elle n’en voit pas l’utilité, le" in page
    assert "Ce qui fut corrigé" in page
    assert "Elle adhère, le" in page  # as it was noted
    assert "Correction notée" in plain(caisse.post(f"{own}correction/", noted, follow=True))
    sheet = text(caisse, f"/conventions/{convention}/")
    assert "100,0 %" in sheet
    assert "Les inscriptions de votre caisse" in sheet


@pytest.mark.security
def test_the_other_parties_read_no_name_and_no_small_figure(convention: UUID, as_: Signs) -> None:
    new = enrol(convention)
    for address, status in ((FAMILY, 404), (WORKER, 403), (STRANGER, 403), (READER, 403)):
        browser = as_(address)
        for path in (f"{convention}/", f"{convention}/nouvelle/", f"inscriptions/{new}/"):
            assert browser.get(f"/orientations/prado/{path}").status_code == status
    sheet = text(as_(FAMILY), f"/conventions/{convention}/")
    assert "Aucun mois n’est encore arrêté." in sheet
    for word in ("Vos propres chiffres", "Aucune offre", "Quintessence", "inscriptions de votre caisse"):
        assert word not in sheet
    assert "Aucune offre n’a encore été présentée." in text(as_(READER), f"/conventions/{convention}/")


def test_the_list_asks_as_much_of_the_database_for_one_as_for_many(
    convention: UUID, as_: Signs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    caisse, path = as_(ADVISER), f"/orientations/prado/{convention}/"
    enrol(convention)
    text(caisse, path)
    for _ in range(4):
        enrol(convention)
    with django_assert_num_queries(13):
        text(caisse, path)
