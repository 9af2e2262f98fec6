"""Reading a triangle from a table: one line for each year of care, one column for each year end. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from maillage.core.spreadsheets.csv_text import lines_text
from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.tables import Row, Unreadable
from maillage.core.spreadsheets.values import NotUnderstood, amount_of, text_of
from maillage.core.text import words_key
from maillage.steering.provision.rules import LARGEST, MOST

_YEAR: Final = frozenset({"annee", "annee de soins", "exercice", "annee d origine"})


@dataclass(frozen=True, slots=True)
class ReadTriangle:
    """A triangle as it was read: the first year, its cells in cents (None where a cell is empty), what is wrong, and the same as text."""

    first: int
    rows: tuple[tuple[int | None, ...], ...]
    faults: tuple[str, ...]
    text: str


def read_triangle(data: bytes) -> ReadTriangle:
    """The cells of a table. Raises Unreadable for one that cannot be read, or whose first column is not the year of care."""
    table = read_table(data, known=_known, most=MOST)
    if not table.header or words_key(table.header[0]) not in _YEAR:
        raise Unreadable(
            "La première colonne s’appelle « Année » : celle des soins. Les suivantes sont les fins d’année."
        )
    rows = list(table.rows())
    found = [_line(row) for row in rows]
    faults = [fault for _, _, wrong in found for fault in wrong]
    years = [year for year, _, _ in found]
    first = years[0] if years else 0
    if None not in years and years != list(range(first or 0, (first or 0) + len(years))):
        faults.append("Les années de soins se suivent, une par ligne, de la plus ancienne à la dernière.")
    lines = [table.header, *((*map(text_of, row.cells), *(("?",) if row.fault else ())) for row in rows)]
    return ReadTriangle(first or 0, tuple(cells for _, cells, _ in found), tuple(faults), lines_text(lines))


def _known(titles: Sequence[str]) -> int:
    return sum(words_key(title) in _YEAR for title in titles)


def _line(row: Row) -> tuple[int | None, tuple[int | None, ...], list[str]]:
    if row.fault:
        return None, (), [f"Ligne {row.line} : {row.fault}"]
    said = text_of(row.cells[0])
    year = int(said) if said.isascii() and said.isdigit() and len(said) == 4 else None
    wrong = [] if year else [f"Ligne {row.line} : écrivez l’année de soins, comme 2024."]
    cells: list[int | None] = []
    for place, cell in enumerate(row.cells[1:], 1):
        fault = row.faults.get(place, "")
        try:
            filled = text_of(cell) != ""
            cells.append(int(amount_of(cell, largest=Decimal(LARGEST) / 100) * 100) if filled else None)
        except NotUnderstood as error:
            cells.append(None)
            fault = fault or str(error)
        if fault:
            wrong.append(f"Ligne {row.line}, colonne {place + 1} : {fault}")
    return year, tuple(cells), wrong
