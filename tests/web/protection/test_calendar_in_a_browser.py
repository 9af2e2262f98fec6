"""The calendar of what is about to go in a real Chromium, and the line that says until when data are kept, where they lie."""

import pytest
from playwright.sync_api import expect

from maillage.core.calendar import DAY
from maillage.core.clock import now
from maillage.protection.destruction.planning import plan
from tests.browsing import Opened, browser, opened, site, visit
from tests.conventions.people import worker_process
from tests.days import today
from tests.protection.destruction.test_destroying import CAISSE_DPO, HOSPITAL_ADMIN, ended
from tests.protection.retention.test_erasing import of_the_ccas
from tests.referrals.world import WORKER, send_referral, sign_convention, write_draft
from tests.rights.world import PASS, prepare, send, sign

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


@pytest.mark.long
def test_axe_finds_nothing_on_the_calendar_nor_on_pages_that_say_until_when(opened: Opened) -> None:
    """In Chromium, the look of what
    tests/web/protection/test_calendar.py::test_what_goes_is_counted_by_month_and_nobody_is_named reads, and tests/web/test_kept.py."""
    signed, other = sign(), sign()
    referred = sign_convention()
    case, draft, file = send_referral(referred), write_draft(referred), send(other)
    prepare(other)
    of_the_ccas(referred.id, today() - DAY, "ancienne@cpam.example.org")
    ended(signed)
    with worker_process():
        plan(now())
    page = opened(HOSPITAL_ADMIN, bypass_csp=True)
    visit(page, "/protection/calendrier/", "calendrier")
    page.get_by_role("link", name="Toutes les destructions au terme").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Destructions au terme")
    visit(page, "/protection/", "bureau_avec_effacements")
    page = opened(CAISSE_DPO, bypass_csp=True)
    visit(page, f"/conventions/{referred.id}/", "conservation_referents")
    page = opened(WORKER, bypass_csp=True)
    visit(page, f"/orientations/{case}/", "conservation_orientation")
    visit(page, f"/orientations/brouillons/{draft}/situation/", "conservation_brouillon")
    page = opened(PASS, bypass_csp=True)
    visit(page, f"/droits/{file}/", "conservation_dossier_de_droits")
