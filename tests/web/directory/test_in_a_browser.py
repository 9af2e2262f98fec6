"""The directory in a real browser: looks, both themes, a narrow screen, suggestions, the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import Opened, browser, follow, look, opened, site, told, visit
from tests.organisations.directory.files import bodies, siret
from tests.organisations.directory.test_importing import deposited, step
from tests.web.directory.conftest import ADMIN, MANAGER, WORKER

__all__ = ["browser", "opened", "site"]
pytestmark = pytest.mark.browser


@pytest.mark.long
def test_the_pages_that_are_read_look_right(opened: Opened) -> None:
    """The look of what test_a_commune_is_suggested_while_one_types_and_chosen_by_keyboard goes through, and of the rest."""
    page = opened(WORKER, bypass_csp=True)
    for name, url in (
        ("list", "/annuaire/"),
        ("place", "/annuaire/commune/42147/"),
        ("communes", "/annuaire/communes/?q=saint"),
    ):
        visit(page, url, f"directory_{name}")
    page.goto("/annuaire/?texte=cpam")
    follow(page, "#organismes tbody a")
    look(page, "directory_sheet")


@pytest.mark.long
def test_the_pages_of_who_keeps_it_look_right(opened: Opened) -> None:
    """The look of what test_a_sheet_is_kept_in_words_and_refused_at_its_fields goes through by forms alone, and of the rest."""
    pages = {
        ADMIN: {
            "own": "/annuaire/ma-fiche/",
            "offer": "/annuaire/offres/nouvelle/",
            "box": "/annuaire/boites/nouvelle/",
            "close": "/annuaire/ma-fiche/fermer/",
        },
        MANAGER: {"imports": "/annuaire/imports/", "open": "/annuaire/ouvrir/"},
    }
    for who, seen in pages.items():
        page = opened(who, bypass_csp=True)
        for name, url in seen.items():
            visit(page, url, f"directory_{name}")


@pytest.mark.long
def test_a_closed_organisation_is_opened_again(opened: Opened) -> None:
    """In Chromium, what test_the_manager_opens_a_closed_organisation_again_knowing_what_does_not_come_back does by forms alone."""
    page = opened(MANAGER, bypass_csp=True)
    page.goto("/annuaire/?texte=villexemple")
    page.click("#organismes tbody a")
    page.get_by_role("link", name="Fermer cet organisme").click()
    page.fill("[name=remplacant]", "CARSAT Rhône-Alpes")
    page.get_by_role("button", name="Fermer l’organisme").click()
    told(page, "est fermé")
    follow(page, "a:has-text('Rouvrir cet organisme')")
    look(page, "directory_reopen")
    page.fill("[name=reason]", "Fermé par erreur.")
    page.get_by_role("button", name="Rouvrir l’organisme").click()
    told(page, "est rouvert")


def test_a_commune_is_suggested_while_one_types_and_chosen_by_keyboard(opened: Opened) -> None:
    page = opened(WORKER)
    page.goto("/annuaire/")
    page.focus("#commune-q")
    page.keyboard.type("montbrison")
    expect(page.locator("#communes-trouvees")).to_contain_text("Montbrison (42)")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/annuaire/commune/"))


@pytest.mark.long
def test_her_administrator_assures_a_sheet_in_one_click(opened: Opened) -> None:
    """In Chromium, what test_one_click_assures_the_whole_sheet does by a form alone."""
    page = opened(ADMIN)
    page.goto("/annuaire/?texte=cpam")
    page.click("#organismes tbody a")
    page.get_by_role("button", name="J’assure que cette fiche est à jour").click()
    told(page, "assurés à ce jour")


@pytest.mark.long
def test_the_report_of_an_import_looks_right(opened: Opened) -> None:
    """The look of the report that test_an_import_goes_from_upload_to_report reads."""
    text = bodies(12) + f"\nCCAS;=Refusé;123;;;\nAssociation;Association 000001;{siret(1)};42;Montbrison;"
    row = step(deposited(text))
    page = opened(MANAGER, bypass_csp=True)
    page.goto(f"/annuaire/imports/{row.pk}/")
    expect(page.get_by_role("link", name="Compte rendu complet (tableur)")).to_be_visible()
    look(page, "directory_import")
