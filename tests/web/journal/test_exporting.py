"""No cell of a file computes anything, whatever was written in the journal (S16)."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from maillage.core.spreadsheets.writing import csv_file, inert
from maillage.web.journal.exporting import xlsx_file

pytestmark = pytest.mark.security
HOSTILE = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    '=HYPERLINK("http://x.example.org")',
    "\x00=1",
    "ok",
    "",
]
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30))


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=6))
def test_no_cell_of_a_spreadsheet_is_a_formula(rows: list[list[str]]) -> None:
    sheet = load_workbook(io.BytesIO(xlsx_file(["A", "B", "C"], rows))).active
    assert sheet is not None
    assert sheet.max_row == len(rows) + 1
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "inlineStr", "n"}  # text; « n » is an empty cell
    assert all(isinstance(cell.value, str) or cell.value is None for row in sheet.iter_rows() for cell in row)


@settings(max_examples=200)
@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=6))
def test_no_cell_of_a_text_file_begins_as_a_formula(rows: list[list[str]]) -> None:
    data = csv_file(["A", "B", "C"], rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(data, newline=""), delimiter=";"))
    assert [[cell.removeprefix("'") for cell in row] for row in read[1:]] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in read for cell in row)


def test_what_computes_nothing_stays_as_it_is() -> None:
    assert inert("A ouvert une orientation") == "A ouvert une orientation"
    assert inert("=1") == "'=1"
