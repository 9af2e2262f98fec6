"""A table as a file, written line by line: 200 000 lines in a few seconds, and in little memory.

A cell is text and nothing else: a spreadsheet that opens the file shows it as it is, computes nothing and calls nobody.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Final

from xlsxwriter import Workbook

from maillage.core.spreadsheets.tables import LONGEST_CELL, Row, Value
from maillage.core.spreadsheets.values import text_of

WRONG: Final = "Ce qui ne va pas"
"""The title of the column that an import adds to the lines that it sends back."""
_COMPUTES: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NO_DAY: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the format holds no zone; the day is told elsewhere
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xlsx(title: str, labels: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet, its first line the labels, each cell a text: a spreadsheet shows them as they are and computes nothing.

    `title`: 31 characters at most, without []:*?/\\ (the format's own limits).
    """
    return workbook([(title, labels, rows)])


def workbook(
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[str]]]], *, width: int | None = None
) -> bytes:
    """Several sheets, each as `xlsx` writes one: its title, its labels, its lines. The same content gives the same bytes.

    With a `width`, in characters, to read as it is: columns so wide, long cells on several lines, labels that stay in sight.
    """
    data = io.BytesIO()
    with Workbook(data, {"constant_memory": True}) as book:
        book.set_properties({"created": _NO_DAY})
        plain = book.add_format({"text_wrap": True, "valign": "top"}) if width else None
        strong = book.add_format({"text_wrap": True, "valign": "top", "bold": True}) if width else None
        for title, labels, rows in sheets:
            sheet = book.add_worksheet(title)
            if width:
                sheet.set_column(0, len(labels) - 1, width)
                sheet.freeze_panes(1, 0)
            for number, row in enumerate(chain((labels,), rows)):
                style = plain if number else strong
                for place, cell in enumerate(row):
                    sheet.write_string(number, place, _NOT_IN_XML.sub("", cell)[:LONGEST_CELL], style)
    return data.getvalue()


def inert(text: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula: an apostrophe stands before what might be one."""
    return f"'{text}" if text.startswith(_COMPUTES) or text.lstrip().startswith(_COMPUTES[:4]) else text


def csv_file(labels: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Semicolons and a byte order mark: what a French spreadsheet opens without asking."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([inert(cell) for cell in row] for row in chain((labels,), rows))
    return b"\xef\xbb\xbf" + text.getvalue().encode(errors="replace")


def wrong_lines(header: Sequence[str], wrong: Iterable[tuple[Row, Sequence[str]]]) -> Iterator[list[str]]:
    """The titles, then each line that was refused as it was sent, with what is wrong with it in a last column.

    Corrected, the file is sent again as it is: a column of that title that it had already is written anew.
    """
    kept = [place for place, title in enumerate(header) if title != WRONG]
    yield [*(header[place] for place in kept), WRONG]
    for row, problems in wrong:
        yield [*(_as_sent(row.cells[place]) for place in kept), " ".join(problems)]


def _as_sent(value: Value) -> str:
    return value if isinstance(value, str) else text_of(value)
