"""What a table is once it is read: a header and lines of typed cells, with the numbers that its author sees."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

Value = str | Decimal | date | bool
"""What a cell holds; an empty one is an empty text."""

MOST_LINES: Final = 100_000
MOST_COLUMNS: Final = 256
MOST_SHEETS: Final = 500
LONGEST_CELL: Final = 32_767
"""Characters of a cell of a workbook: what the formats hold."""
NOT_COMPUTED: Final = (
    "la formule n’a pas de valeur enregistrée : ouvrez le fichier dans votre tableur et enregistrez-le"
)


class Unreadable(Exception):
    """The file as a whole cannot be read; `args[0]` says why, in French."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its number in her spreadsheet, its cells, what is wrong with one of them (by place) or with the whole line."""

    line: int
    cells: tuple[Value, ...]
    faults: Mapping[int, str] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was judged: how it is written (`told`, in French), its titles, how many lines follow them.

    `rows` streams these lines, each time anew. `since_1904`: its bare numbers count days from 1904 (`values.day_of`).
    """

    told: str
    header: tuple[str, ...]
    header_line: int
    lines: int
    rows: Callable[[], Iterator[Row]]
    since_1904: bool = False


@dataclass(frozen=True, slots=True)
class RawRow:
    """A line as a format gives it: only the cells that hold something, by their place."""

    line: int
    cells: dict[int, Value]
    faults: dict[int, str]


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells merged into one: lines as they are numbered, places from 0, both ends included."""

    first_line: int
    first_place: int
    last_line: int
    last_place: int

    def __str__(self) -> str:
        """As a spreadsheet names it: « B2:D4 »."""
        return f"{cell_name(self.first_line, self.first_place)}:{cell_name(self.last_line, self.last_place)}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook. `rows` streams the lines that hold something; what it is given has the merges once it ends."""

    name: str
    is_hidden: bool
    rows: Callable[[list[Merge]], Iterator[RawRow]]


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a workbook, in their order."""

    kind: str
    sheets: tuple[Sheet, ...]
    since_1904: bool = False


def cell_name(line: int, place: int) -> str:
    """As a spreadsheet names a cell: « C5 »."""
    letters, rest = "", place + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{line}"


def too_many(most: int) -> Unreadable:
    """The refusal of a table that is too long."""
    said = f"{most:,}".replace(",", "\u202f")
    return Unreadable(f"Le fichier a plus de {said} lignes : partagez-le en plusieurs fichiers.")


def too_many_sheets() -> Unreadable:
    """The refusal of a workbook of too many sheets."""
    return Unreadable(f"Le classeur a plus de {MOST_SHEETS} feuilles : ne gardez que celle du tableau.")


def too_wide() -> Unreadable:
    """The refusal of a table that is too wide."""
    return Unreadable(
        f"La feuille a plus de {MOST_COLUMNS} colonnes remplies : ne gardez que celles du tableau."
    )


def number(said: str) -> Decimal:
    """A number as a spreadsheet shows it: to fifteen digits, the noise of binary fractions left out. Raises ValueError."""
    found = float(said)
    if found - found != 0:  # infinite, or no number
        raise ValueError(said)
    short = Decimal(f"{found:.15g}")
    return short.quantize(Decimal(1)) if short == short.to_integral_value() and abs(short) < 10**15 else short
