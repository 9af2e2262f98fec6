"""Tables as files. A cell is text and nothing else: a spreadsheet that opens it computes nothing and calls nobody."""

from collections.abc import Callable, Iterable, Sequence

from django.http import HttpResponse

from maillage.core.spreadsheets.writing import csv_file, xlsx

MOST = 20_000  # lines of one file: more would keep somebody waiting for something that nobody reads


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
