"""The pages of what becomes of data at a term in a real Chromium: axe, at a desk and on a telephone."""

import pytest

from maillage.core.clock import now
from maillage.protection.destruction.planning import plan
from tests.browsing import Opened, browser, opened, site, told, visit
from tests.conventions.people import worker_process
from tests.protection.destruction.test_destroying import HOSPITAL_ADMIN, destroyed, ended
from tests.rights.world import send, sign

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


@pytest.mark.long
def test_axe_finds_nothing_on_the_pages_of_a_destruction(opened: Opened) -> None:
    """In Chromium, the look of what the forms do in
    tests/web/protection/test_destructions.py::test_the_day_is_told_moved_and_after_it_the_certificate_is_countersigned."""
    signed, other = sign(), sign()
    send(signed)
    page = opened(HOSPITAL_ADMIN, bypass_csp=True)
    visit(page, f"/protection/destructions/{other.id}/", "destruction_a_venir")
    ended(signed)
    with worker_process():
        plan(now())
    visit(page, f"/protection/destructions/{signed.id}/", "destruction_prevue")
    visit(page, f"/protection/destructions/{signed.id}/jour/", "destruction_jour")
    visit(page, "/", "destruction_a_faire")
    destroyed()
    visit(page, f"/protection/destructions/{signed.id}/", "destruction_faite")
    page.get_by_role("button", name="Contresigner le certificat").press("Enter")
    told(page, "Certificat contresigné")
    visit(page, "/protection/destructions/", "destructions")
