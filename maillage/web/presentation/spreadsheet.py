"""A table as a spreadsheet (XLSX), written line by line: 200 000 lines in a few seconds, and in little memory."""

import io
import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Final

from xlsxwriter import Workbook

LONGEST_CELL: Final = 32_767  # characters, the format's own limit
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xlsx(title: str, labels: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet, its first line the labels, each cell a text: a spreadsheet shows them as they are and computes nothing.

    `title`: 31 characters at most, without []:*?/\\ (the format's own limits).
    """
    data = io.BytesIO()
    with Workbook(data, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(title)
        for number, row in enumerate(chain((labels,), rows)):
            for place, cell in enumerate(row):
                sheet.write_string(number, place, _NOT_IN_XML.sub("", cell)[:LONGEST_CELL])
    return data.getvalue()
