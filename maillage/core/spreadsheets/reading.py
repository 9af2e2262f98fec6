"""A table out of bytes: which format they are, the first sheet that holds something, its titles, then its lines as a stream."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Final

from maillage.core.french import NBSP
from maillage.core.spreadsheets import csv_text, ods, xlsx
from maillage.core.spreadsheets.packages import Package, encrypted
from maillage.core.spreadsheets.tables import (
    MOST_COLUMNS,
    MOST_LINES,
    Merge,
    RawRow,
    Row,
    Sheet,
    Table,
    Unreadable,
    Value,
    Workbook,
    too_many,
    too_wide,
)
from maillage.core.spreadsheets.values import text_of

LARGEST: Final = 40_000_000
"""Bytes of a file as it is sent."""
_NONE: Final = "Ce n’est pas un tableur : envoyez un fichier CSV, XLSX ou ODS."
_OLE: Final = b"\xd0\xcf\x11\xe0"
_NOT_TABLES: Final = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"<")
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", " ")

Known = Callable[[Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class _Survey:
    """A whole sheet, read once: its first line, how many follow, its merged cells."""

    first: RawRow
    lines: int
    merges: tuple[Merge, ...]


def read_table(data: bytes, *, known: Known = len, most: int = MOST_LINES) -> Table:
    """The table of a file: its titles are the first line that holds something, of the first sheet that does.

    `known` counts the titles that the reader knows, by which the separator of a CSV is chosen; `most` is at most MOST_LINES. A cell
    that is wrong is said by its line, and only what spoils the whole file raises Unreadable: too long, damaged, encrypted, swollen,
    no spreadsheet, or merged titles.
    """
    if len(data) > LARGEST:
        raise Unreadable(f"Le fichier dépasse {LARGEST // 1_000_000} Mo.")
    if data.startswith(b"PK\x03\x04"):
        return _of_a_workbook(_opened(Package(data)), most)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise encrypted()
        raise Unreadable("C’est un classeur de l’ancien Excel (XLS) : enregistrez-le au format XLSX ou CSV.")
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_NOT_TABLES):
        raise Unreadable(_NONE)
    return _of_a_text(data, known, most)


def _opened(package: Package) -> Workbook:
    if package.start_of("mimetype", 200).startswith(ods.MIMETYPE):
        return ods.workbook(package)
    if "[Content_Types].xml" in package.names and any(name.startswith("xl/") for name in package.names):
        return xlsx.workbook(package)
    raise Unreadable(_NONE)


def _of_a_workbook(book: Workbook, most: int) -> Table:
    for sheet in book.sheets:
        found = None if sheet.is_hidden else _survey(sheet, most)
        if found is not None:
            header = _header(found)
            rows = partial(_rows, sheet, found, len(header))
            told = _told(book, sheet)
            return Table(told, header, found.first.line, found.lines, rows, since_1904=book.since_1904)
    raise Unreadable("Le classeur est vide : la première ligne donne les titres des colonnes.")


def _told(book: Workbook, sheet: Sheet) -> str:
    told = f"Classeur {book.kind}, feuille «{NBSP}{sheet.name}{NBSP}»"
    others = len(book.sheets) - 1
    if others:
        plural = "s" if others > 1 else ""
        told += f", la première qui contienne quelque chose ; {others} autre{plural} non lue{plural}"
    return told


def _survey(sheet: Sheet, most: int) -> _Survey | None:
    merges: list[Merge] = []
    lines, first = 0, None
    for row in sheet.rows(merges):
        first = first or row
        lines += 1
        if lines > most + 1:
            raise too_many(most)
    return _Survey(first, lines - 1, tuple(sorted(merges, key=lambda one: one.first_line))) if first else None


def _header(found: _Survey) -> tuple[str, ...]:
    line = found.first.line
    for merge in found.merges:
        if merge.first_line <= line <= merge.last_line:
            raise Unreadable(
                f"Des cellules sont fusionnées dans la ligne des titres ({merge}) : défusionnez-les. "
                f"La première ligne remplie, ici la {line}, donne les titres des colonnes."
            )
    width = max(found.first.cells, default=-1) + 1
    if not width:
        raise Unreadable(
            f"La ligne des titres, ici la {line}, ne se lit pas : écrivez-y des textes, sans formule."
        )
    return tuple(text_of(found.first.cells.get(place, "")) for place in range(width))


def _rows(sheet: Sheet, found: _Survey, width: int) -> Iterator[Row]:
    """The lines after the titles, those of merged cells with what is wrong with them."""
    merges, coming = found.merges, 0
    open_ones: list[Merge] = []
    for row in sheet.rows([]):
        if row.line == found.first.line:
            continue
        open_ones = [one for one in open_ones if one.last_line >= row.line]
        while coming < len(merges) and merges[coming].first_line <= row.line:
            if merges[coming].last_line >= row.line:
                open_ones.append(merges[coming])
            coming += 1
        if len(open_ones) > MOST_COLUMNS:
            raise too_wide()
        yield _row(row, open_ones, width)


def _row(row: RawRow, merges: list[Merge], width: int) -> Row:
    cells, faults = dict(row.cells), dict(row.faults)
    for merge in merges:
        for place in range(merge.first_place, min(merge.last_place + 1, width)):
            faults[place] = f"des cellules sont fusionnées ({merge}) : défusionnez-les"
            if (row.line, place) != (merge.first_line, merge.first_place):
                cells.pop(place, None)
    beyond = max((place + 1 for place in cells), default=0)
    fault = csv_text.wider(beyond, width) if beyond > width else ""
    return Row(row.line, tuple(cells.get(place, "") for place in range(width)), faults, fault)


def _of_a_text(data: bytes, known: Known, most: int) -> Table:
    source = partial(BytesIO, data)
    layout = csv_text.layout_of(source, known)
    titles = list(layout.titles)
    while titles and not titles[-1].strip():
        titles.pop()
    if len(titles) > MOST_COLUMNS:
        raise too_wide()
    header = tuple(text_of(one) for one in titles)
    lines = 0
    for _ in csv_text.records(source, layout):
        lines += 1
        if lines > most:
            raise too_many(most)

    def rows() -> Iterator[Row]:
        for record in csv_text.records(source, layout):
            cells: tuple[Value, ...] = tuple(_bare(cell) for cell in record.cells[: len(header)])
            yield Row(record.line, cells + ("",) * (len(header) - len(cells)), {}, record.fault)

    return Table(f"CSV, {layout.told}", header, layout.line, lines, rows)


def _bare(cell: str) -> str:
    """A cell as it was before `writing.inert` put an apostrophe before what looks like a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULAS else cell
