"""The CAF's account in a real Chromium: counts, and nobody."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import Opened, browser, look, open_in, site
from tests.web.indicators.test_caf import CAF, MONTH, NAMES, signed_in_the_loire

__all__ = ["browser", "site"]  # fixtures
pytestmark = pytest.mark.browser


@pytest.fixture
def signs_in(browser: Browser, site: str) -> Iterator[Opened]:
    """With her address and her password."""
    yield from open_in(browser, site)


def names_nobody(page: Page, name: str) -> None:
    look(page, name)
    said = page.content()
    assert [one for one in NAMES if one in said] == [], name


@pytest.mark.long
def test_the_caf_signs_in_and_reads_counts_and_nothing_else(signs_in: Opened) -> None:
    """By clicks, what tests/web/indicators/test_caf.py asks page by page:
    test_it_reads_its_convention_and_the_published_counts, test_it_is_refused_cases_people_and_what_is_exported_of_them."""
    loire = signed_in_the_loire()
    page = signs_in(CAF, bypass_csp=True)
    expect(page.locator("h1")).to_contain_text("À faire")
    names_nobody(page, "caf_a_faire")
    page.get_by_role("navigation").get_by_role("link", name="Conventions", exact=True).click()
    names_nobody(page, "caf_conventions")
    page.get_by_role("link", name="PRADO").first.click()
    expect(page.locator("main")).to_contain_text("Taux d’adhésion")
    names_nobody(page, "caf_convention")
    page.locator(f"a[href^='/bilans/{loire.convention}']").first.click()
    page.goto(f"/bilans/{loire.convention}/{MONTH.year}/")
    expect(page.locator("main")).to_contain_text("aucune donnée nominative")
    expect(page.locator("main")).to_contain_text("75 sur 120")
    names_nobody(page, "caf_bilan")
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="CSV").click()
    written = downloaded.value.path().read_text()
    assert "120" in written
    assert not any(one in written for one in NAMES)
    for refused in loire.refused():
        answer = page.goto(refused)
        assert answer is not None
        assert answer.status in {403, 404}, refused
        said = page.content()
        assert not any(one in said for one in NAMES), refused
    look(page, "caf_refusee")
