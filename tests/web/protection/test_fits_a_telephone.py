"""Every page of the data-protection desk fits a telephone, all that is folded on it opened: one follows each link that the desk offers."""

import re

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from maillage.web.protection.urls import urlpatterns
from maillage.web.rules import rule_of
from tests.browsing import Opened, browser, fits, opened, site
from tests.protection.authorisations.files import asked
from tests.protection.breaches.files import reported
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, attached, received
from tests.referrals.world import send_referral, sign_convention

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
DESK = "/protection/"
FILES = re.compile(r"(_file|_pdf|_workbook|_print|_letter|_document|_certificate|_held|_machine|_portable)$")
"""What a link downloads: nothing to lay out."""
OTHER_FILES = frozenset({"register", "notice", "document"})
ELSEWHERE = {
    "assessment": "test_assessments_in_a_browser.py",
    "assessment_necessity": "test_assessments_in_a_browser.py",
    "assessment_risk": "test_assessments_in_a_browser.py",
    "assessment_ask": "test_assessments_in_a_browser.py",
    "assessment_validate": "test_assessments_in_a_browser.py",
    "assessment_contribution": "test_assessments_in_a_browser.py",
    "close": "test_in_a_browser.py",
    "destruction": "test_destructions_in_a_browser.py",
    "destruction_day": "test_destructions_in_a_browser.py",
    "destruction_day_for": "test_destructions_in_a_browser.py",
    "duration_withdraw": "test_durations_in_a_browser.py",
    "readings": "test_in_a_browser.py",
    "record_version": "test_record_in_a_browser.py",
    "request_contacts": "test_request_contacts_in_a_browser.py",
    "request_lift": "test_requests_in_a_browser.py",
    "request_lift_objection": "test_objections_in_a_browser.py",
    "told": "a form of an instant and a few words, as that of « know »",
}
"""Pages that come later in the life of a file, and which test measures them at 360 pixels."""


def pages_of_the_desk() -> set[str]:
    """The names of its addresses that show a page."""
    shown = {
        str(one.name) for one in urlpatterns if (rule := rule_of(one.callback)) and "GET" in rule.methods
    }
    return {name for name in shown if not FILES.search(name) and name not in OTHER_FILES}


def named(address: str) -> str:
    """The name of an address of the desk; empty for any other."""
    try:
        found = resolve(address)
    except Resolver404:
        return ""
    return str(found.url_name) if found.namespace == "protection" else ""


def walked(page: Page, *starts: str) -> set[str]:
    """The names of the pages to which the desk leads, link after link: each looked at once."""
    to_see, seen, shown = [DESK, *starts], set[str](), pages_of_the_desk()
    while to_see:
        address = to_see.pop()
        name = named(address)
        if name in seen or name not in shown:
            continue
        seen.add(name)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        fits(page, name)
        links = page.locator("a[href^='/protection/']").evaluate_all("all => all.map(one => one.pathname)")
        to_see += dict.fromkeys(links)
    return seen


@pytest.mark.long
def test_no_page_of_the_desk_scrolls_sideways(opened: Opened) -> None:
    """Followed link by link, what a few pages are each measured for by `fits` in
    tests/web/training/test_in_a_browser.py, and what the desk leads to in
    tests/web/protection/test_pages.py::test_lists_and_pages_ask_few_questions."""
    signed = sign_convention()
    case = send_referral(signed)
    reported(signed.id)
    reported(signed.id)
    attached(received(rights=("access", "rectification", "restriction", "objection")), case)
    asked(signed.id)
    partner = walked(opened(CCAS_ADMIN), f"{DESK}autorisations/convention/{signed.id}/")
    seen = partner | walked(opened(CPAM_DPO)) | walked(opened("admin@cnam.example.org"))
    missing = pages_of_the_desk() - seen - set(ELSEWHERE)
    assert not missing, f"{missing}: no link of the desk led there; name in ELSEWHERE what measures it"
