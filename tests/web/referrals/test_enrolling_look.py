"""The pages of PRADO, of the guide and of the forms to key in, in a real Chromium, judged by axe, at 1280 and 360 pixels."""

from datetime import date

import pytest
from playwright.sync_api import expect

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals import keying
from maillage.referrals.enrolments import release
from maillage.referrals.prado.rules import Count
from maillage.referrals.rekeying.rules import new_reference
from tests.browsing import Opened, browser, look, opened, site, visit
from tests.days import today
from tests.referrals.prado.world import FAMILY, enrol, plant_counts, sign_prado, step
from tests.referrals.test_expiring import as_the_worker
from tests.referrals.world import ADVISER, WORKER, member, organisation

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


@pytest.mark.long
def test_axe_finds_nothing_on_the_pages_of_prado(opened: Opened) -> None:
    """The look of what test_a_mother_is_enrolled_visited_presented_and_answers_on_its_pages goes through by forms alone."""
    convention = sign_prado()
    bodies = [organisation(name).id for name in ("CPAM 42", "CCAS", "CARSAT RA")]
    plant_counts(
        [
            (convention, date(2026, 8, 1), {(bodies[2], one): (40, 25) for one in bodies}),
            (convention, date(2026, 9, 1), {(bodies[2], bodies[0]): (4, 3)}),
        ]
    )
    with as_the_worker():
        release()
    met, waiting = enrol(convention), enrol(convention)
    step("visit", met)
    for verb in ("visit", "present", "answer", "choose_midwife"):
        step(verb, waiting)
    assert Count(date(2026, 8, 1), 120, 75).rate == 0.625
    page = opened(ADVISER, bypass_csp=True)
    visit(page, f"/orientations/prado/{convention}/", "prado_liste")
    visit(page, f"/orientations/prado/{convention}/nouvelle/", "prado_nouvelle")
    visit(page, f"/orientations/prado/inscriptions/{waiting}/", "prado_adhesion")
    visit(page, f"/orientations/prado/inscriptions/{met}/", "prado_visitee")
    visit(page, f"/orientations/conseil/{convention}/flows.aide_domicile/", "guide")
    page.get_by_label("Commune").fill("Montbrison")
    page.get_by_role("button", name="Trouver la commune").click()
    expect(page.get_by_role("button", name="Le guide pour Montbrison (42)")).to_be_visible()
    look(page, "guide_communes")
    assert "ontbrison" not in page.url
    with member(WORKER) as worker:
        keying.receive(paper_id=uuid7(), typed=new_reference(), received_on=today(), by=worker, at=now())
    visit(opened(WORKER, bypass_csp=True), "/orientations/feuilles/", "feuilles")
    visit(opened(FAMILY, bypass_csp=True), f"/conventions/{convention}/", "prado_convention")
