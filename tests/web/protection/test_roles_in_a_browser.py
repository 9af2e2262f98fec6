"""« Qui est quoi » in a real Chromium: axe on the page and its two forms, at a desk and on a telephone; both sides accept by keyboard."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from maillage.core.clock import now
from tests.browsing import Opened, browser, opened, site, told, visit
from tests.conventions.data_roles.world import CCAS_ADMIN, CPAM_DPO
from tests.conventions.people import S3, signed

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
BEGAN = now() - timedelta(days=90)


def accepts(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Accepter de commencer sans les rôles").press("Enter")
    page.locator("[name=reason]").press_sequentially("L’annexe 6 est attendue.")
    page.get_by_role("button", name="Enregistrer l’accord").press("Enter")
    told(page, "Accord enregistré")


@pytest.mark.long
def test_who_is_what_is_read_accepted_by_both_and_withdrawn(opened: Opened) -> None:
    """In Chromium what the forms alone do in
    tests/web/conventions/writing/test_data_roles.py::test_both_sides_accept_from_the_form_and_one_withdraws."""
    address = f"/conventions/{signed(S3, BEGAN, BEGAN + timedelta(days=1))}/roles/"
    caisse = opened(CPAM_DPO, bypass_csp=True)
    visit(caisse, "/protection/", "roles_bureau")
    visit(caisse, address, "roles_bloque")
    visit(caisse, f"{address}orientation_misas/accord/", "roles_accord")
    accepts(caisse, address)
    expect(caisse.locator("main")).to_contain_text("manque l’accord écrit de")
    partner = opened(CCAS_ADMIN, bypass_csp=True)
    accepts(partner, address)
    expect(partner.locator("main")).to_contain_text("acceptent par écrit de commencer sans les rôles")
    visit(partner, address, "roles_accepte")
    partner.get_by_role("link", name="Retirer cet accord").press("Enter")
    visit(partner, partner.url, "roles_retrait")
    partner.locator("[name=why]").fill("Le traitement change.")
    partner.get_by_role("button", name="Retirer l’accord").press("Enter")
    told(partner, "Accord retiré")
    expect(partner.locator("main")).to_contain_text("Bloqué")
