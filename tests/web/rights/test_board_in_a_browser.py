"""The board of a convention's files in a real Chromium: axe on it before and after the draw, both sides; the draw by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browsing import Opened, browser, opened, site, told, visit
from tests.referrals.world import READER
from tests.rights.board.world import SINCE, File, of_all_kinds, plant
from tests.rights.world import ADVISER, PASS, sign

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


@pytest.mark.long
def test_the_sample_is_drawn_by_keyboard_and_both_sides_see_it(opened: Opened) -> None:
    """In Chromium, with axe, what
    tests/web/rights/test_board.py::test_the_sample_is_drawn_once_shown_to_both_and_drawn_again_the_same does by forms alone."""
    signed = sign()
    plant(signed, *of_all_kinds(), *(File(SINCE, decided=number) for number in range(5, 45, 3)))
    address = f"/droits/conventions/{signed.id}/suivi/?du=05/01/2026&au=06/07/2026"
    referent = opened(READER, bypass_csp=True)
    visit(referent, address, "suivi_avant_tirage")
    referent.goto(address)
    referent.get_by_label("Combien de dossiers ?").fill("5")
    referent.get_by_role("button", name="Tirer l’échantillon").press("Enter")
    told(referent, "Échantillon tiré")
    referent.get_by_role("link", name="Vérifier le tirage").press("Enter")
    expect(referent.get_by_text("ce sont les mêmes dossiers")).to_be_visible()
    for who, name in ((ADVISER, "caisse"), (PASS, "partenaire")):
        visit(opened(who, bypass_csp=True), address, f"suivi_{name}")
