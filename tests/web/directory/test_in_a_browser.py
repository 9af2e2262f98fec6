"""The directory in a real browser: looks, both themes, a narrow screen, suggestions, the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browsing import Opened, browser, look, opened, site, told, visit
from tests.organisations.directory.files import bodies, siret
from tests.organisations.directory.test_importing import deposited, step
from tests.web.directory.conftest import ADMIN, MANAGER, WORKER

__all__ = ["browser", "opened", "site"]
pytestmark = pytest.mark.browser


def test_the_main_pages_of_the_directory_look_right(opened: Opened) -> None:
    """The list, and the densest form of who keeps it."""
    visit(opened(WORKER, bypass_csp=True), "/annuaire/", "directory_list")
    visit(opened(ADMIN, bypass_csp=True), "/annuaire/ma-fiche/", "directory_own")


@pytest.mark.long
def test_the_pages_that_are_read_look_right(opened: Opened) -> None:
    """Every page that is read, where test_the_main_pages_of_the_directory_look_right opens the list."""
    page = opened(WORKER, bypass_csp=True)
    for name, url in (
        ("list", "/annuaire/"),
        ("place", "/annuaire/commune/42147/"),
        ("communes", "/annuaire/communes/?q=saint"),
    ):
        visit(page, url, f"directory_{name}")
    page.goto("/annuaire/?texte=cpam")
    page.click("#organismes tbody a")
    look(page, "directory_sheet")


@pytest.mark.long
def test_the_pages_of_who_keeps_it_look_right(opened: Opened) -> None:
    """Every page of who keeps it, where test_the_main_pages_of_the_directory_look_right opens one form."""
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


def test_a_closed_organisation_is_opened_again(opened: Opened) -> None:
    page = opened(MANAGER, bypass_csp=True)
    page.goto("/annuaire/?texte=villexemple")
    page.click("#organismes tbody a")
    page.get_by_role("link", name="Fermer cet organisme").click()
    page.fill("[name=remplacant]", "CARSAT Rhône-Alpes")
    page.get_by_role("button", name="Fermer l’organisme").click()
    told(page, "est fermé")
    page.get_by_role("link", name="Rouvrir cet organisme").click()
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


def test_her_administrator_assures_a_sheet_in_one_click(opened: Opened) -> None:
    page = opened(ADMIN)
    page.goto("/annuaire/?texte=cpam")
    page.click("#organismes tbody a")
    page.get_by_role("button", name="J’assure que cette fiche est à jour").click()
    told(page, "assurés à ce jour")


def test_the_report_of_an_import_looks_right(opened: Opened) -> None:
    text = bodies(12) + f"\nCCAS;=Refusé;123;;;\nAssociation;Association 000001;{siret(1)};42;Montbrison;"
    row = step(deposited(text))
    page = opened(MANAGER, bypass_csp=True)
    page.goto(f"/annuaire/imports/{row.pk}/")
    expect(page.get_by_role("link", name="Compte rendu complet (tableur)")).to_be_visible()
    look(page, "directory_import")
