"""Fixing how long closed cases are kept, in a real Chromium, by the keyboard; and the pages that say it."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browsing import Opened, browser, look, opened, site, visit
from tests.protection.retention.cases import CPAM_DPO, REASON, closed, ended, fixed
from tests.rights.world import sign

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


@pytest.mark.long
def test_the_officer_fixes_a_duration_and_axe_finds_nothing(opened: Opened) -> None:
    """In a browser, with axe, what test_the_officer_is_asked_to_fix_one_and_fixes_it does by its forms."""
    signed = sign()
    for years in (3, 3, 4, 1):
        closed(signed, years)
    page = opened(CPAM_DPO, bypass_csp=True)
    visit(page, "/protection/durees/", "durees_aucune")
    visit(page, "/protection/", "bureau_sans_duree")
    page.goto("/protection/durees/")
    page.get_by_role("link", name="Fixer une durée").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Fixer combien de temps garder les dossiers clos"
    )
    page.get_by_label("Combien de mois après la clôture ?").fill("abc")
    page.get_by_role("button", name="Fixer cette durée").press("Enter")
    expect(page.locator("main")).to_contain_text("Écrivez un nombre de mois, de 1 à 1200.")
    expect(page.get_by_label("Combien de mois après la clôture ?")).to_have_value("abc")
    visit(page, "/protection/durees/nouvelle/", "durees_nouvelle")
    page.get_by_label("Combien de mois après la clôture ?").fill("24")
    page.get_by_label("D’après quoi ?").fill(REASON)
    page.get_by_role("button", name="Fixer cette durée").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Durées des dossiers clos")
    expect(page.locator("main")).to_contain_text("2 ans après la clôture du dossier")
    fixed(60, convention=signed.id)
    fixed(36)
    assert ended(timedelta(days=40)) == 0
    visit(page, "/protection/durees/", "durees")
    page.get_by_role("link", name="Retirer cette durée").last.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Retirer une durée")
    look(page, "durees_retirer")
    page.get_by_label("Pourquoi ?").fill("Révision du référentiel.")
    page.get_by_role("button", name="Retirer cette durée").press("Enter")
    fixed(30, convention=signed.id)
    visit(page, "/protection/calendrier/", "calendrier_dossiers_clos")
    visit(page, "/protection/", "bureau_dossiers_clos")
    assert ended(timedelta(days=40)) == 3
    visit(page, "/protection/durees/", "durees_finies")
    visit(page, "/protection/registre/", "registre_durees")
