"""A table as a spreadsheet: what was written is what one reads, whatever it holds."""

import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from maillage.web.presentation.spreadsheet import LONGEST_CELL, xlsx
from tests.thoroughness import THOROUGH

pytestmark = pytest.mark.security
WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=30)


def read(data: bytes) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert sheet.title == "Essai"
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@settings(max_examples=1000 if THOROUGH else 25)
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
