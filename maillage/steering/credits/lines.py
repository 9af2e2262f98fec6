"""Reading a table of figures: one line for each month of an envelope, or for the objective of a year. Pure.

What each line would do is said before anything is written: new, a correction (which needs its reason), the same as what is known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from maillage.conventions.terms.base import Labelled
from maillage.core.french import MONTHS as NAMES
from maillage.core.spreadsheets.csv_text import lines_text
from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.tables import Row, Table, Unreadable, Value
from maillage.core.spreadsheets.values import NotUnderstood, amount_of, text_of
from maillage.core.text import sort_key, words_key
from maillage.steering.credits.rules import FIRST_YEAR, LARGEST, LAST_YEAR

MOST: Final = 2_000
"""Lines of one table."""
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "envelope": ("enveloppe", "ligne", "credit", "credits"),
    "year": ("annee", "exercice"),
    "month": ("mois",),
    "amount": ("montant", "montant en euros", "consommation", "euros"),
    "source": ("source",),
    "reason": ("motif", "motif de la correction", "raison"),
}
"""The columns and the titles under which they are known, without accents."""
LABELS: Final = {
    "envelope": "Enveloppe",
    "year": "Année",
    "month": "Mois",
    "amount": "Montant",
    "source": "Source",
    "reason": "Motif",
}
_NEEDED: Final = ("envelope", "year", "month", "amount")
_MONTHS: Final = {sort_key(name): number for number, name in enumerate(NAMES, 1)}
_OBJECTIVE: Final = "objectif"


class Outcome(Labelled):
    """What a line would do."""

    NEW = "new", "nouveau"
    CORRECTION = "correction", "correction"
    SAME = "same", "déjà connu"
    WRONG = "wrong", "à corriger"


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was read; `faults` say in French what is wrong, by column (empty name: the whole line)."""

    number: int
    envelope: str = ""
    year: int = 0
    month: int = 0
    cents: int = 0
    source: str = ""
    reason: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, int, int]:
        """Which figure it gives."""
        return words_key(self.envelope), self.year, self.month


@dataclass(frozen=True, slots=True)
class Judged:
    """A line and what it would do; `before` is the amount that a correction takes the place of."""

    line: Line
    outcome: Outcome
    faults: tuple[str, ...] = ()
    before: int | None = None


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table that was read: how it is written (`told`, in French), its lines, and the same as text."""

    told: str
    lines: tuple[Line, ...]
    text: str


def read_lines(data: bytes) -> ReadTable:
    """The lines of a table. Raises Unreadable for one that cannot be read, or without its columns."""
    table = read_table(data, known=_known, most=MOST)
    places = _places(table.header)
    missing = [LABELS[name] for name in _NEEDED if name not in places]
    if missing:
        raise Unreadable(f"Il manque une colonne : {', '.join(missing)}. Les titres sont en première ligne.")
    return ReadTable(table.told, tuple(_line(row, places) for row in table.rows()), table_text(table))


def judge(
    lines: Iterable[Line], known: Mapping[tuple[str, int, int], int], envelopes: Sequence[str], on: date
) -> tuple[Judged, ...]:
    """What each line would do on a day, `known` being the amounts that count now; two lines that give one figure are both wrong."""
    read = tuple(lines)
    names = {words_key(name) for name in envelopes}
    seen: dict[tuple[str, int, int], list[int]] = {}
    for line in read:
        if not line.faults:
            seen.setdefault(line.key, []).append(line.number)
    return tuple(_judged(line, known, names, seen.get(line.key, ()), on) for line in read)


def _judged(
    line: Line, known: Mapping[tuple[str, int, int], int], names: set[str], numbers: Sequence[int], on: date
) -> Judged:
    faults = [f"{LABELS[name]} : {told}" if name else told for name, told in line.faults.items()]
    if not line.faults and words_key(line.envelope) not in names:
        faults.append(f"Enveloppe : aucune ne s’appelle « {line.envelope} » ; ouvrez-la d’abord.")
    if not line.faults and line.month and (line.year, line.month) > (on.year, on.month):
        faults.append("Mois : il n’a pas commencé, il n’a rien consommé.")
    if not line.faults and len(numbers) > 1:
        others = ", ".join(str(number) for number in numbers if number != line.number)
        faults.append(f"Le même chiffre est donné deux fois (ligne {others}).")
    before = known.get(line.key)
    if not faults and before not in {None, line.cents} and not line.reason:
        faults.append("Motif : ce chiffre est déjà connu, une correction dit son motif.")
    if faults:
        return Judged(line, Outcome.WRONG, tuple(faults), before)
    if before is None:
        return Judged(line, Outcome.NEW)
    return Judged(line, Outcome.SAME if before == line.cents else Outcome.CORRECTION, (), before)


def _known(titles: Sequence[str]) -> int:
    return len(_places(tuple(titles)))


def _places(header: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        for name, titles in COLUMNS.items():
            if words_key(title) in titles:
                found.setdefault(name, place)
    return found


def _line(row: Row, places: Mapping[str, int]) -> Line:
    faults = {name: row.faults[place] for name, place in places.items() if place in row.faults}
    if row.fault:
        return Line(row.line, faults={"": row.fault})
    cells = {name: row.cells[place] for name, place in places.items()}
    found: dict[str, int] = {}
    for name, reads in (("year", _year), ("month", month_of), ("amount", cents_of)):
        try:
            found[name] = reads(cells[name])
        except NotUnderstood as wrong:
            faults.setdefault(name, str(wrong))
    texts = {name: text_of(cells.get(name, "")) for name in ("envelope", "source", "reason")}
    for name, longest in (("envelope", 200), ("source", 200), ("reason", 400)):
        if len(texts[name]) > longest:
            faults.setdefault(name, f"{longest} caractères au plus.")
    if not words_key(texts["envelope"]):
        faults.setdefault("envelope", "Nommez l’enveloppe.")
    if not faults and found["month"] == 0 and found["amount"] <= 0:
        faults["amount"] = "Un objectif est un montant positif."
    amounts = (found.get("year", 0), found.get("month", 0), found.get("amount", 0))
    return Line(row.line, texts["envelope"], *amounts, texts["source"], texts["reason"], faults)


def _year(value: Value) -> int:
    said = text_of(value)
    if said.isascii() and said.isdigit() and len(said) == 4 and FIRST_YEAR <= int(said) <= LAST_YEAR:
        return int(said)
    raise NotUnderstood(f"Écrivez une année comme 2026, de {FIRST_YEAR} à {LAST_YEAR}.")


def month_of(value: Value) -> int:
    """The month of a cell: its number, or its name; 0 for « objectif ». Raises NotUnderstood."""
    said = sort_key(text_of(value))
    if said == _OBJECTIVE:
        return 0
    if said.isascii() and said.isdigit() and len(said) < 3 and 1 <= int(said) <= 12:
        return int(said)
    if said in _MONTHS:
        return _MONTHS[said]
    raise NotUnderstood("Écrivez un mois, de 1 à 12 ou par son nom ; « objectif » pour celui de l’année.")


def cents_of(value: Value) -> int:
    """The amount of a cell in cents. Raises NotUnderstood."""
    return int(amount_of(value, largest=Decimal(LARGEST) / 100) * 100)


def table_text(table: Table) -> str:
    """The table as lines of text that are read back the same: what the page shows, to be put right in place.

    A line that is longer than the titles stays so: cut, it would say something else.
    """
    return lines_text([table.header, *(_cells(row) for row in table.rows())])


def _cells(row: Row) -> tuple[str, ...]:
    return (*(text_of(cell) for cell in row.cells), *(("?",) if row.fault else ()))
