"""An authorisation in a real Chromium: axe on each page, at a desk and on a telephone; an export refused, authorised, then let out."""

from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Opened, browser, look, opened, site, told, visit
from tests.days import today
from tests.protection.authorisations.files import CPAM_DPO, HOSPITAL_ADMIN, SOON
from tests.rights import world as files_of_rights

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


def asks(page: Page, convention: UUID) -> str:
    """Asks under the annex, by keyboard; the address of the request."""
    page.locator("[name=regime]").select_option(f"{convention}:acces_droits_soins")
    page.locator("[name=kind][value=third_party]").press("Space")
    for name, value in {
        "body": "Observatoire d’Exemple",
        "country": "France",
        "what": "Les chiffres du suivi des dossiers.",
        "purpose": "Étudier les délais.",
        "guarantees": "Convention de recherche, aucun rapprochement.",
        "starts_on": today().strftime("%d/%m/%Y"),
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Demander").press("Enter")
    told(page, "Autorisation demandée")
    return page.url


def exports(page: Page, board: str, label: str) -> None:
    """Asks for the figures, for whom is said."""
    page.goto(board)
    page.get_by_label("Pour qui ?").select_option(label=label)


@pytest.mark.long
def test_an_export_is_refused_then_authorised_then_let_out(opened: Opened) -> None:
    """In Chromium, by keyboard, and looked at by axe, what the forms alone do in
    tests/web/protection/test_authorisations.py::test_it_is_asked_answered_listed_and_withdrawn."""
    convention = files_of_rights.sign().id
    board = f"/droits/conventions/{convention}/suivi/"
    partner = opened(HOSPITAL_ADMIN, bypass_csp=True)
    visit(partner, board, "export_pour_qui")
    exports(partner, board, "Un autre organisme")
    partner.get_by_role("button", name="CSV").click()
    expect(partner.locator("h1")).to_have_text("Export refusé")
    expect(partner.locator("main")).to_contain_text("annexe 1-4")
    look(partner, "export_refuse")
    partner.get_by_role("link", name="Demander cette autorisation").click()
    visit(partner, partner.url, "autorisation_demander")
    address = asks(partner, convention)
    visit(partner, address, "autorisation_demandee")
    caisse = opened(CPAM_DPO, bypass_csp=True)
    caisse.goto("/")
    caisse.get_by_role("link", name="Répondre à une demande d’autorisation").press("Enter")
    caisse.get_by_role("link", name="Répondre", exact=True).click()
    visit(caisse, caisse.url, "autorisation_repondre")
    caisse.goto(f"{address}reponse/")
    caisse.locator("[name=answer][value=oui]").press("Space")
    caisse.locator("[name=words]").fill("Chiffres seuls.")
    caisse.locator("[name=lasts][value=day]").press("Space")
    caisse.locator("[name=until]").fill(SOON.strftime("%d/%m/%Y"))
    caisse.get_by_role("button", name="Enregistrer la réponse").press("Enter")
    told(caisse, "Réponse notée")
    visit(caisse, address, "autorisation_accordee")
    partner.goto(board)
    choice = partner.get_by_label("Pour qui ?").locator("option", has_text="Observatoire").text_content()
    exports(partner, board, (choice or "").strip())
    with partner.expect_download() as download:
        partner.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename == "suivi-des-dossiers.csv"
    visit(partner, f"/protection/autorisations/convention/{convention}/", "autorisations_convention")
    visit(caisse, f"{address}retrait/", "autorisation_retirer")
    visit(caisse, "/protection/autorisations/", "autorisations_liste")
