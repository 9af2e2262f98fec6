"""A file of organisations as text: its encoding, its separator, its records one by one. Pure, and bounded in memory.

UTF-8 where the whole file is UTF-8, else Windows-1252, which is what spreadsheets write in France; nothing else is guessed.
"""

import codecs
import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from typing import BinaryIO, Final

from maillage.organisations.directory.imports.columns import Headings, read_headings

SEPARATORS: Final = {";": "point-virgule", ",": "virgule", "\t": "tabulation"}
LONGEST_CELL: Final = 4_000
_CHUNK: Final = 1 << 16
_SIGNATURES: Final = {
    b"PK\x03\x04": "C’est un classeur (XLSX ou ODS) : enregistrez-le au format CSV.",
    b"\xd0\xcf\x11\xe0": "C’est un classeur Excel (XLS) : enregistrez-le au format CSV.",
    b"%PDF": "C’est un PDF : l’annuaire s’importe d’un fichier CSV.",
}

Source = Callable[[], BinaryIO]


class Unreadable(Exception):
    """The file as a whole cannot be imported; `args[0]` says why, in French."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written: found once, by reading it to its end."""

    encoding: str
    separator: str
    headings: Headings

    @property
    def told(self) -> str:
        """The same in words, for the report."""
        name = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252 (Latin-1)", "utf-16": "UTF-16"}[self.encoding]
        return f"{name}, séparateur {SEPARATORS[self.separator]}"


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the file: where it begins, its cells, or what is wrong with it as a whole."""

    line: int
    cells: list[str]
    fault: str = ""


def layout_of(source: Source) -> Layout:
    """Find how the file is written. Raises Unreadable."""
    encoding = _encoding(source)
    with _opened(source, encoding) as text:
        first = _first_line(text)
    found = [(separator, _cells(first, separator)) for separator in SEPARATORS]
    # The separator is the one that gives the most columns that we know, then the most columns.
    separator, cells = max(found, key=lambda one: (len(read_headings(one[1]).places), len(one[1])))
    headings = read_headings(cells)
    if headings.faults:
        raise Unreadable("\n".join(headings.faults))
    return Layout(encoding, separator, headings)


def records(source: Source, layout: Layout) -> Iterator[Record]:
    """Each line after the headings; empty ones are passed over. A quotation mark left open takes what follows with it."""
    width = len(layout.headings.cells)
    with _opened(source, layout.encoding) as text:
        reader = csv.reader(text, delimiter=layout.separator)
        ended = 0
        seen_headings = False
        while True:
            began = ended + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                ended = reader.line_num
                yield Record(
                    began, [], "La ligne n’est pas lisible : un guillemet y est sans doute resté ouvert."
                )
                continue
            ended = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not seen_headings:
                seen_headings = True
                continue
            yield Record(began, cells, _fault(cells, width))


def _fault(cells: list[str], width: int) -> str:
    if any(cell.strip() for cell in cells[width:]):
        return f"La ligne a {len(cells)} cellules, les titres en annoncent {width}."
    if any(len(cell) > LONGEST_CELL for cell in cells):
        return f"Une cellule dépasse {LONGEST_CELL} caractères : un guillemet est sans doute resté ouvert."
    return ""


@contextmanager
def _opened(source: Source, encoding: str) -> Iterator[TextIOWrapper]:
    with source() as raw, TextIOWrapper(raw, encoding=encoding, newline="") as text:
        yield text


def _first_line(text: TextIOWrapper) -> str:
    for _ in range(100):
        line = text.readline(LONGEST_CELL * 10)
        if not line:
            break
        if line.strip():
            return line
    raise Unreadable("Le fichier est vide : la première ligne donne les titres des colonnes.")


def _cells(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator))
    except (csv.Error, StopIteration):
        return []


def _encoding(source: Source) -> str:
    """Read the whole file once, in every encoding that may be its own: the first that holds to the end is taken."""
    with source() as raw:
        start = raw.read(4)
        for signature, why in _SIGNATURES.items():
            if start.startswith(signature):
                raise Unreadable(why)
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
