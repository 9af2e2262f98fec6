"""A table as a file: what was written is what one reads, whatever it holds, and nothing in it computes."""

import csv
import io
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.tables import LONGEST_CELL, Row, Value
from maillage.core.spreadsheets.values import amount_of, day_of, text_of, yes_no_of
from maillage.core.spreadsheets.writing import WRONG, csv_file, workbook, wrong_lines, xlsx

pytestmark = pytest.mark.security
WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=30)


def read(data: bytes) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert sheet.title == "Essai"
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@given(st.lists(st.tuples(WORDS, WORDS), max_size=9))
def test_words_come_back_as_they_were(rows: list[tuple[str, str]]) -> None:
    found = read(xlsx("Essai", ["A", "B"], rows))
    assert found[0] == ["A", "B"]
    assert [[cell or "" for cell in row] for row in found[1:]] == [list(row) for row in rows]


def test_what_the_format_cannot_hold_is_left_out() -> None:
    odd = "a\x00b\x1f\ud800\uffffc<&>\"'"
    assert read(xlsx("Essai", ["A"], [[odd], ["x" * (LONGEST_CELL + 1)]])) == [
        ["A"],
        ["abc<&>\"'"],
        ["x" * LONGEST_CELL],
    ]


def test_many_lines_are_written_in_a_few_seconds() -> None:
    began = time.process_time()
    data = xlsx("Essai", ["A", "B"], ((str(n), "créé") for n in range(15_000)))
    assert time.process_time() - began < 1.5
    assert len(data) < 600_000


HEADER = ("Nom", "=Titre", WRONG, "Montant")
HOSTILE = st.one_of(
    st.sampled_from(
        ["=1+1", "+33 1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "'=1", "\n@x", "|cmd", "ok", ""]
    ),
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"]), max_size=20),
)


def sent_back(cells: list[Value]) -> list[list[str]]:
    row = Row(7, (*cells, "un reste", Decimal("1234.5")))
    return list(wrong_lines(HEADER, [(row, ["Nom : vide.", "=1+1"])]))


@given(st.lists(HOSTILE, min_size=2, max_size=2))
def test_the_lines_sent_back_carry_no_formula_and_are_read_again_as_they_were(cells: list[Value]) -> None:
    """S16."""
    titles, line = sent_back(cells)
    assert (titles, line[2:]) == (["Nom", "=Titre", "Montant", WRONG], ["1234,5", "Nom : vide. =1+1"])
    book = load_workbook(io.BytesIO(xlsx("Lignes", titles, [line])))
    written = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in written} <= {"s", "inlineStr", "n"}
    assert all(isinstance(cell.value, str) or cell.value is None for cell in written)
    text = csv_file(titles, [line])
    read_as_text = csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""), delimiter=";")
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in read_as_text for cell in row)
    for data in (text, xlsx("Lignes", titles, [line])):
        table = read_table(data)
        (row,) = table.rows()
        assert [text_of(cell).removeprefix("'") for cell in row.cells] == [
            text_of(cell).removeprefix("'") for cell in line
        ]


def test_a_line_is_sent_back_with_its_days_and_numbers_as_they_are_read() -> None:
    row = Row(2, (date(2024, 11, 14), Decimal("1234.5"), True, "un\ntexte"))
    _, line = wrong_lines(["a", "b", "c", "d"], [(row, [])])
    assert line == ["14/11/2024", "1234,5", "oui", "un\ntexte", ""]
    assert (day_of(line[0]), amount_of(line[1]), yes_no_of(line[2])) == (
        row.cells[0],
        row.cells[1],
        row.cells[2],
    )


def test_several_sheets_hold_each_its_own_and_the_same_content_gives_the_same_bytes() -> None:
    sheets = [("Un", ("A",), [["=1+1"]]), ("Deux", ("B", "C"), [["x", "y"]])]
    for width in (None, 30):
        data = workbook(sheets, width=width)
        assert data == workbook(sheets, width=width)
        found = {
            sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()]
            for sheet in load_workbook(io.BytesIO(data)).worksheets
        }
        assert found == {"Un": [["A"], ["=1+1"]], "Deux": [["B", "C"], ["x", "y"]]}
        assert all(
            cell.data_type == "s"
            for sheet in load_workbook(io.BytesIO(data))
            for row in sheet
            for cell in row
        )
