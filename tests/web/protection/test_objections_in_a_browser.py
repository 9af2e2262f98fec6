"""An objection in a real Chromium: granted, met again in what comes in, lifted, by keyboard, with axe on each page."""

import pytest
from playwright.sync_api import expect

from tests.beneficiaries.jobs import index_as_worker
from tests.browsing import Opened, browser, look, opened, site, told, visit
from tests.protection.requests.files import CPAM_DPO, attached, received
from tests.referrals.world import ADVISER, followed_by, send_referral, sign_convention, work

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


@pytest.mark.long
def test_an_objection_is_granted_met_again_and_lifted(opened: Opened) -> None:
    """In Chromium, the look of what the forms do in tests/web/protection/test_objections.py::test_she_changed_her_mind_and_the_flow_opens_again."""
    signed = sign_convention()
    case = send_referral(signed)
    index_as_worker()
    request = attached(received(by=CPAM_DPO, rights=("objection",)), case, by=CPAM_DPO)
    address = f"/protection/demandes/{request}/"
    officer = opened(CPAM_DPO, bypass_csp=True)
    visit(officer, f"{address}reponses/objection/", "demande_repondre_opposition")
    officer.locator("[name=outcome][value=granted]").press("Space")
    officer.get_by_role("button", name="Noter cette réponse").press("Enter")
    told(officer, "Réponse notée")
    again = followed_by(send_referral(signed), ADVISER)
    index_as_worker()
    work(again, "acknowledge")
    adviser = opened(ADVISER, bypass_csp=True)
    visit(adviser, f"/orientations/{again}/", "orientation_malgre_opposition")
    expect(adviser.locator("main")).to_contain_text("Cette personne s’est opposée le")
    expect(adviser.get_by_role("button", name="Accepter")).to_have_count(0)
    visit(officer, "/", "a_faire_opposition")
    officer.get_by_role("link", name="la personne s’y est opposée").press("Enter")
    expect(officer.locator("#oppositions")).to_be_in_viewport()
    visit(officer, address, "demande_opposition")
    officer.get_by_role("link", name="Elle a changé d’avis").press("Enter")
    visit(officer, f"{address}opposition/levee/", "demande_lever_opposition")
    officer.locator("[name=why]").fill("Son numéro est le 1 91 03 42 147 012.")
    officer.get_by_role("button", name="Lever l’opposition").press("Enter")
    expect(officer.locator("[name=why]")).to_have_value("Son numéro est le 1 91 03 42 147 012.")
    look(officer, "demande_lever_opposition_refusee")
    officer.locator("[name=why]").fill("Elle l’a dit à l’accueil.")
    officer.get_by_role("button", name="Lever l’opposition").press("Enter")
    told(officer, "Opposition levée")
    adviser.goto(f"/orientations/{again}/")
    expect(adviser.locator("main")).not_to_contain_text("s’est opposée")
