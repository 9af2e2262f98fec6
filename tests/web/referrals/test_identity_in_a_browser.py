"""An identity corrected in a real Chromium, at a desk and on a telephone: axe on each page, by keyboard, and taken up on the other side."""

import pytest
from playwright.sync_api import expect

from tests.browsing import Opened, browser, look, opened, site, told, visit
from tests.referrals.world import ADVISER, WORKER, followed_by, send_referral, sign_convention

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


@pytest.mark.long
def test_a_birth_date_is_corrected_and_the_other_side_takes_it_up(opened: Opened) -> None:
    """In a browser, with axe, what test_a_worker_corrects_and_the_caisse_reads_it_and_takes_it_up does by its forms."""
    case = followed_by(send_referral(sign_convention()), ADVISER)
    page = opened(WORKER)
    visit(page, f"/orientations/{case}/", "identity-before")
    page.get_by_role("link", name="Corriger l’identité").press("Enter")
    look(page, "identity-correct")
    page.locator("[name=birth_date]").fill("28/02/2099")
    page.get_by_role("button", name="Enregistrer la correction").press("Enter")
    expect(page.locator("main")).to_contain_text("dans l’avenir")
    look(page, "identity-refused")
    page.locator("[name=birth_date]").fill("28/02/1985")
    page.get_by_role("button", name="Enregistrer la correction").press("Enter")
    told(page, "Identité corrigée.")
    look(page, "identity-case")
    other = opened(ADVISER)
    visit(other, "/", "identity-to-do")
    other.get_by_role("link", name="Reprendre une identité corrigée").press("Enter")
    expect(other.locator("main")).to_contain_text("29 février 1984")
    look(other, "identity-former")
    other.get_by_role("button", name="C’est repris de notre côté").press("Enter")
    told(other, "la correction est reprise")
