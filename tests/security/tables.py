"""Tables that go out, opened again by another reader than ours: what a spreadsheet would compute in them (S16)."""

import csv
import io
from typing import Any, Final

from openpyxl import load_workbook

COMPUTES: Final = ("=", "+", "-", "@", "\t", "\r")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def is_table(kind: str) -> bool:
    """Whether an answer of this type is one."""
    return kind.partition(";")[0] in {"text/csv", XLSX, "application/vnd.oasis.opendocument.spreadsheet"}


def cells_of(kind: str, data: bytes) -> list[tuple[str, str]]:
    """Each cell that holds something: its type as the reader says (« s » text, « n » number, « f » formula) and its text."""
    if kind.startswith("text/csv"):
        lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")
        return [("csv", cell) for line in lines for cell in line if cell]
    book: Any = load_workbook(io.BytesIO(data))
    return [
        (str(cell.data_type), str(cell.value))
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


def computing(cells: list[tuple[str, str]]) -> list[str]:
    """The cells that a spreadsheet would compute: formulas of a workbook; in a text, what begins like one and is no number."""
    formulas = [text for kind, text in cells if kind == "f"]
    return formulas + [text for kind, text in cells if kind == "csv" and _begins(text)]


def _begins(text: str) -> bool:
    return text.lstrip(" \u00a0\n").startswith(COMPUTES) and not _is_number(text)


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ".").replace("\u202f", ""))
    except ValueError:
        return False
    return True
