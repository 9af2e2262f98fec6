"""Tables as files. A cell is text and nothing else: a spreadsheet that opens it computes nothing and calls nobody."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from django.http import HttpResponse

from maillage.web.presentation.spreadsheet import xlsx

MOST = 20_000  # lines of one file: more would keep somebody waiting for something that nobody reads
_COMPUTES = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
)  # what makes a spreadsheet take the text of a CSV cell for a formula


def inert(text: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula: an apostrophe stands before what might be one."""
    return f"'{text}" if text.startswith(_COMPUTES) or text.lstrip().startswith(_COMPUTES[:4]) else text


def csv_file(labels: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Semicolons and a byte order mark: what a French spreadsheet opens without asking."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(labels)
    writer.writerows([inert(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def xlsx_file(labels: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet, its cells of type text."""
    return xlsx("Journal", labels, rows)


WRITERS: dict[str, tuple[str, Callable[[Sequence[str], Iterable[Sequence[str]]], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", csv_file),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_file),
}


def answer(kind: str, labels: Sequence[str], rows: Sequence[Sequence[str]]) -> HttpResponse:
    """The file, to be saved."""
    content_type, write = WRITERS[kind]
    response = HttpResponse(write(labels, rows), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="journal.{kind}"'
    return response
