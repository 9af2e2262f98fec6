"""A year's campaign in a real Chromium, from its opening to the national report: three organisations, one after the other."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from maillage.core.clock import now
from maillage.indicators.figures import Year
from maillage.indicators.releasing import consolidate
from tests.browsing import Opened, browser, follow, look, opened, site, told
from tests.conventions.people import CCAS, CNAM, CPAM, STRANGER, signed
from tests.days import today
from tests.indicators.campaigns.test_campaigns import bodies
from tests.indicators.campaigns.world import Local, framework, implement, plant

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
YEAR = today().year - 1


@pytest.fixture
def national(site: str) -> UUID:
    """A national text, a convention of the CCAS that implements it, and others that have answered already."""
    found = framework()
    implement(signed(), found, now() - timedelta(days=1))
    counted = {"care_ended": 41, "care_done": 25, "care_not_done": 16}
    plant(
        found,
        [Local(caisse, "association", counted) for caisse in bodies() for _ in range(4)],
        year=Year(YEAR),
    )
    return found


@pytest.mark.long
def test_a_campaign_goes_from_its_opening_to_the_national_report(opened: Opened, national: UUID) -> None:
    """In Chromium, what tests/indicators/campaigns/test_campaigns.py does by the actions:
    tests/indicators/campaigns/test_campaigns.py::test_the_questions_reach_the_sheet_of_each_convention_that_implements_the_text."""
    cnam = opened(CNAM, bypass_csp=True)
    cnam.goto(f"/conventions/{national}/")
    cnam.get_by_role("link", name="en ouvrir une avec les questions de ce texte").click()
    cnam.select_option("[name=year]", str(YEAR))
    cnam.fill("[name=due_on]", (today() + timedelta(days=30)).strftime("%d/%m/%Y"))
    cnam.get_by_role("button", name="Enregistrer").click()
    told(cnam, "Campagne ouverte")
    campaign = cnam.url
    expect(cnam.locator("#reponses")).to_be_visible()
    look(cnam, "campagne_ouverte")

    _answered(opened(CCAS, bypass_csp=True))
    _validated(opened(CPAM))

    cnam.goto(campaign)
    expect(cnam.locator("main")).to_contain_text("validée")
    cnam.get_by_role("button", name="Clore la campagne").click()
    told(cnam, "close")
    assert consolidate() == 1

    anybody = opened(STRANGER, bypass_csp=True)
    anybody.goto(campaign)
    expect(anybody.locator("#publie")).to_be_visible()
    expect(anybody.locator("main")).to_contain_text("5 fiches validées")
    assert anybody.locator("#reponses").count() == 0
    look(anybody, "campagne_publiee")
    with anybody.expect_download() as download:
        anybody.get_by_role("link", name="XLSX").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def _to_the_sheet(page: Page) -> None:
    """From « À faire » to the figures of the year that is asked about."""
    page.goto("/")
    page.locator("main a", has_text=f"{YEAR}").first.click()


def _answered(page: Page) -> None:
    """The CCAS reads the questions of the nation among its own, answers one and hands the sheet over."""
    _to_the_sheet(page)
    follow(page, "a:has-text('Inclusion numérique')")
    look(page, "campagne_reponses")
    page.locator("select").first.select_option(label="Oui")
    page.get_by_role("button", name="Enregistrer les réponses").click()
    page.get_by_role("button", name="Transmettre la fiche").click()
    expect(page.locator("main")).to_contain_text("À vérifier")


def _validated(page: Page) -> None:
    """The caisse validates what it was handed."""
    _to_the_sheet(page)
    page.get_by_role("button", name="Valider").click()
    expect(page.locator("main")).to_contain_text("Validée")
