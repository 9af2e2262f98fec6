"""Figures in a real Chromium: axe on the report and on its questions, at both widths; a question opens once it applies."""

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.browsing import Opened, browser, opened, site, visit
from tests.conventions.people import CNAM
from tests.days import today
from tests.indicators.campaigns.world import framework
from tests.rights.board.world import File, plant
from tests.rights.world import PASS, sign

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
YEAR = today().year - 1


@pytest.mark.long
def test_axe_finds_nothing_on_a_report_that_draws_delays_and_years(opened: Opened) -> None:
    """On drawn figures, what test_axe_finds_nothing_with_everything_unfolded finds of the components."""
    signed = sign()
    plant(
        signed,
        *(File(date(YEAR, 2, day), decided=5 + 9 * day) for day in range(1, 6)),
        File(date(YEAR - 1, 3, 1), decided=45),
    )
    page = opened(PASS, bypass_csp=True)
    visit(page, f"/bilans/{signed.id}/{YEAR}/", "bilan")
    expect(page.locator("figure#delai-decided svg")).to_have_count(1)
    figure = page.locator(".pictures figure").filter(has_text="Dossiers de droits décidés").first
    page.reload()
    figure.locator("summary").click()
    expect(figure.get_by_role("row").nth(1)).to_contain_text("1 dossier")
    page.emulate_media(media="print")
    expect(page.locator(".pictures figure details td").last).to_be_visible()
    page.emulate_media(media="screen")
    visit(page, f"/bilans/{signed.id}/{YEAR}/reponses/1/", "reponses")


def test_a_question_opens_once_it_applies_and_keeps_what_is_written_in_it(opened: Opened) -> None:
    national = framework()
    page = opened(CNAM, bypass_csp=True)
    visit(page, f"/bilans/{national}/{YEAR}/reponses/1/", "questions")
    page.reload()  # as it comes, nothing unfolded
    asked, other = (page.locator("details.question-folded").nth(place) for place in (0, 1))
    number = page.locator("[name=conventions_nombre-departement-value]")
    answer = page.locator("[name=convention_signee--value]")
    expect(number).to_be_hidden()
    answer.select_option("1")
    expect(number).to_be_visible()
    expect(other).not_to_have_attribute("open", "")
    answer.select_option("0")
    expect(number).to_be_hidden()
    asked.locator("summary").first.click()  # it may be opened all the same
    number.fill("12")
    answer.select_option("1")
    answer.select_option("0")
    expect(number).to_be_visible()
    page.get_by_role("button", name="Enregistrer les réponses").click()
    page.goto(f"{page.url.rstrip('/')}/reponses/1/")
    expect(number).to_have_value("12")
    expect(number).to_be_visible()
