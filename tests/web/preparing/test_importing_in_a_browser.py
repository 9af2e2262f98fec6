"""A table of applications in a real Chromium: two bad lines corrected by hand in a spreadsheet's file, axe on each page of the way."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.values import text_of
from maillage.core.spreadsheets.writing import csv_file
from tests.browsing import Opened, browser, look, opened, site, told
from tests.rights.bulk.tables import csv, lines, worked
from tests.rights.world import PASS, sign
from tests.web.preparing.conftest import HOME

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


def in_the_background(page: Page) -> None:
    """Nobody asks for the page while this process has the worker's role; then it is there again."""
    here = page.url
    page.goto("about:blank")
    assert worked() == 1
    page.goto(here)


def send(page: Page, file: Path) -> None:
    """A table, read; its columns are taken as they were proposed; tried."""
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="Envoyer le tableau").click()
    told(page, "Lecture en cours", "main")
    in_the_background(page)
    page.get_by_role("link", name="Vérifier les colonnes").click()
    told(page, "Vos colonnes", "main")


def correct(file: Path, to: Path) -> None:
    """What she does in her spreadsheet: the columns stay, the last one too."""
    table = read_table(file.read_bytes())
    rows = [[text_of(cell) for cell in row.cells] for row in table.rows()]
    for number, row in enumerate(rows):
        row[0], row[2] = f"Palissandre {number + 7}", "05/03/1991"
    to.write_bytes(csv_file(table.header, rows))


@pytest.mark.long
def test_two_bad_lines_are_downloaded_corrected_and_imported(opened: Opened, tmp_path: Path) -> None:
    """In Chromium, what tests/web/preparing/test_importing.py::test_two_bad_lines_are_corrected_and_imported_again posts."""
    sign()
    first, *good = lines(4)
    bad = [["", *first[1:]], [*first[:2], "31/02/1991", *first[3:5], "06 00 00 99 99", first[6]]]
    (tmp_path / "dossiers.csv").write_bytes(csv([*good, *bad]))
    page = opened(PASS, bypass_csp=True, accept_downloads=True)
    page.goto(HOME)
    page.get_by_role("link", name="Importer un tableau de dossiers").click()
    told(page, "Le tableau", "main")
    look(page, "tableau_depot")
    send(page, tmp_path / "dossiers.csv")
    look(page, "tableau_colonnes")
    page.get_by_role("button", name="Essayer").click()
    told(page, "Essai en cours", "main")
    in_the_background(page)
    told(page, "À corriger", "main")
    look(page, "tableau_essai")
    page.reload()
    page.locator("summary", has_text="Commencer 3 dossiers").click()
    page.get_by_role("button", name="Commencer ces dossiers").click()
    told(page, "Import en cours", "main")
    look(page, "tableau_en_cours")
    in_the_background(page)
    told(page, "Compléter ces dossiers", "main")
    look(page, "tableau_importe")
    with page.expect_download() as download:
        page.get_by_role("button", name="Lignes à corriger (tableur)").click()
    correct(download.value.path(), tmp_path / "corrige.csv")
    page.get_by_role("link", name="importez ce fichier").click()
    send(page, tmp_path / "corrige.csv")
    page.get_by_role("button", name="Essayer").click()
    in_the_background(page)
    page.locator("summary", has_text="Commencer 2 dossiers").click()
    page.get_by_role("button", name="Commencer ces dossiers").click()
    in_the_background(page)
    page.get_by_role("link", name="Compléter ces dossiers").click()
    told(page, "dans l’ordre des lignes du tableau", "main")
    look(page, "tableau_dossiers")
    page.goto(HOME)
    told(page, "Dossiers venus d’un tableau", "main")
    look(page, "dossiers_et_tableaux")
