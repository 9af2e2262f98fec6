"""A table written as text: its encoding, its separator, its records one by one; bounded in memory.

UTF-8 where the whole file is UTF-8, UTF-16 where it says so, else Windows-1252, which is what spreadsheets write in France; nothing
else is guessed.
"""

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from typing import BinaryIO, Final

from maillage.core.spreadsheets.tables import Unreadable

SEPARATORS: Final = {";": "point-virgule", ",": "virgule", "\t": "tabulation"}
LONGEST_CELL: Final = 4_000
_CHUNK: Final = 1 << 16
_ENCODINGS: Final = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252 (Latin-1)", "utf-16": "UTF-16"}
_QUOTE: Final = "La ligne n’est pas lisible : un guillemet y est sans doute resté ouvert."
_TITLES: Final = "La ligne des titres n’est pas lisible : un guillemet y est sans doute resté ouvert."

Source = Callable[[], BinaryIO]
"""The same bytes from their beginning, at each call."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written: found once, by reading it to its end; its first line, and where that is."""

    encoding: str
    separator: str
    titles: tuple[str, ...]
    line: int = 1

    @property
    def told(self) -> str:
        """The same in words."""
        return f"{_ENCODINGS[self.encoding]}, séparateur {SEPARATORS[self.separator]}"


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the file: where it begins, its cells, or what is wrong with it as a whole."""

    line: int
    cells: list[str]
    fault: str = ""


def layout_of(source: Source, known: Callable[[Sequence[str]], int]) -> Layout:
    """Find how the file is written; `known` counts the titles that the reader knows. Raises Unreadable.

    The separator is the one that gives the most titles that are known, then the most titles.
    """
    encoding = _encoding(source)
    found = [(one, _first(source, encoding, one)) for one in SEPARATORS]
    separator, first = max(found, key=lambda one: (known(one[1].cells), len(one[1].cells)))
    if not any(character.isalnum() for cell in first.cells for character in cell):
        raise Unreadable("Le fichier est vide : la première ligne donne les titres des colonnes.")
    return Layout(encoding, separator, tuple(first.cells), first.line)


def records(source: Source, layout: Layout) -> Iterator[Record]:
    """Each line after the titles; empty ones are passed over. A quotation mark left open takes what follows with it."""
    told = _records(source, layout.encoding, layout.separator)
    next(told, None)
    for record in told:
        fault = record.fault or _fault(record.cells, len(layout.titles))
        yield Record(record.line, record.cells, fault)


def _records(source: Source, encoding: str, separator: str) -> Iterator[Record]:
    with _opened(source, encoding) as text:
        reader = csv.reader(text, delimiter=separator)
        ended = 0
        while True:
            began = ended + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                ended = reader.line_num
                yield Record(began, [], _QUOTE)
                continue
            ended = reader.line_num
            if any(cell.strip() for cell in cells):
                yield Record(began, cells)


def _fault(cells: list[str], width: int) -> str:
    if any(cell.strip() for cell in cells[width:]):
        return wider(len(cells), width)
    if any(len(cell) > LONGEST_CELL for cell in cells):
        return f"Une cellule dépasse {LONGEST_CELL} caractères : un guillemet est sans doute resté ouvert."
    return ""


def wider(cells: int, titles: int) -> str:
    """What is said of a line that is longer than the titles."""
    return f"La ligne a {cells} cellules, les titres en annoncent {titles}."


@contextmanager
def _opened(source: Source, encoding: str) -> Iterator[TextIOWrapper]:
    with source() as raw, TextIOWrapper(raw, encoding=encoding, newline="") as text:
        yield text


def _first(source: Source, encoding: str, separator: str) -> Record:
    first = next(_records(source, encoding, separator), Record(0, []))
    if first.fault:
        raise Unreadable(_TITLES)
    return first


def _encoding(source: Source) -> str:
    """Read the whole file once, in every encoding that may be its own: the first that holds to the end is taken."""
    with source() as raw:
        start = raw.read(4)
        is_wide = start[:2] in {b"\xff\xfe", b"\xfe\xff"}
        names = ("utf-16",) if is_wide else ("utf-8-sig", "cp1252")
        holding = {name: codecs.getincrementaldecoder(name)() for name in names}
        piece = start
        while piece:
            if not is_wide and b"\0" in piece:
                raise Unreadable("Ce n’est pas un fichier de texte : enregistrez-le au format CSV.")
            holding = {name: one for name, one in holding.items() if _decodes(one, piece)}
            piece = raw.read(_CHUNK)
    for name, decoder in holding.items():
        if _decodes(decoder, b"", final=True):
            return name
    raise Unreadable("L’encodage n’est ni UTF-8 ni Windows-1252 : enregistrez le fichier en UTF-8.")


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeError:
        return False
    return True


def lines_text(rows: Iterable[Sequence[str]]) -> str:
    """Lines of cells as text that `records` reads back the same, for a page on which one puts them right."""
    return "\n".join(";".join(_quoted(cell) for cell in row) for row in rows)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set(';"\r\n') else cell
