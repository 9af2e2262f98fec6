"""The credits of a year in a real Chromium: three years imported, two months given, the year end projected."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from maillage.core.clock import now
from tests.browsing import Opened, browser, look, opened, site, told
from tests.days import PARIS
from tests.steering.people import CCAS, CPAM, signed_with_axes
from tests.web.credits.test_pages import YEAR, lines

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


@pytest.mark.long
def test_the_board_projects_the_year_end(opened: Opened) -> None:
    """In Chromium, what tests/web/credits/test_pages.py does by its forms:
    tests/web/credits/test_pages.py::test_a_year_is_drawn_told_and_projected."""
    page = opened(CPAM, bypass_csp=True)
    convention = signed_with_axes(now().astimezone(PARIS) - timedelta(days=180))
    page.goto(f"/conventions/{convention}/credits/")
    page.get_by_role("link", name="Ouvrir une enveloppe").press("Enter")
    page.locator("[name=name]").fill("Personnes âgées")
    page.get_by_label("OGD").check()
    page.get_by_role("button", name="Enregistrer").press("Enter")
    envelope = page.url
    board = envelope.split("/credits/")[0] + "/credits/"
    page.goto(board)
    page.get_by_role("link", name="Importer des chiffres").press("Enter")
    page.locator("[name=lines]").fill(lines())
    page.get_by_role("button", name="Vérifier").press("Enter")
    page.get_by_role("button", name="Enregistrer ces lignes").press("Enter")
    told(page, "chiffres écrits")
    for month, amount in (("0", "1 400 000 000"), ("1", "105 000 000")):
        page.goto(f"{envelope}chiffre/")
        page.locator("[name=year]").fill(str(YEAR))
        page.locator("[name=month]").select_option(month)
        page.locator("[name=amount]").fill(amount)
        page.get_by_role("button", name="Enregistrer").press("Enter")
        told(page, "Chiffre noté")
    partner = opened(CCAS, bypass_csp=True)
    partner.goto(f"{envelope}?annee={YEAR}")
    expect(partner.locator("main")).to_contain_text("1 fois sur 2")
    expect(partner.locator("svg[role=img]").first).to_be_visible()
    look(partner, "credits_projetes")
    partner.goto(board)
    expect(partner.locator("main")).to_contain_text("fin janvier")
    look(partner, "credits")
