"""A workbook of Excel (ISO/IEC 29500): its sheets, and the cells of one as they were last computed.

Elements are known by their local names: the « strict » and the « transitional » variants differ by namespace alone. A cell holds the
last value of its formula; nothing is computed here.
"""

import posixpath
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from maillage.core.spreadsheets.packages import Handler, Package, damaged
from maillage.core.spreadsheets.tables import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_LINES,
    NOT_COMPUTED,
    Merge,
    RawRow,
    Sheet,
    Unreadable,
    Value,
    Workbook,
    number,
    too_wide,
)
from maillage.core.spreadsheets.xlsx_parts import Book, Relations, Strings, Styles, local

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RANGE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
LAST_SERIAL: Final = 2_958_465  # 31/12/9999


def workbook(package: Package) -> Workbook:
    """A workbook, opened. Raises Unreadable, as each of its sheets does."""
    (part,) = package.listen("_rels/.rels", Relations("")).of("officeDocument")[:1] or [""]
    if part.endswith(".bin"):
        raise Unreadable("C’est un classeur Excel binaire (XLSB) : enregistrez-le au format XLSX ou CSV.")
    related = package.listen(_relations_of(part), Relations(posixpath.dirname(part)))
    book = package.listen(part, Book())
    strings, styles = Strings(), Styles()
    for texts in related.of("sharedStrings")[:1]:
        package.listen(texts, strings)
    for formats in related.of("styles")[:1]:
        package.listen(formats, styles)

    def sheet(name: str, target: str, *, is_hidden: bool) -> Sheet:
        def rows(merges: list[Merge]) -> Iterator[RawRow]:
            return package.rows(target, _Cells(strings, styles.are_dates, merges, since_1904=book.since_1904))

        return Sheet(name, is_hidden, rows)

    worksheets = related.of("worksheet")
    found = tuple(
        sheet(name, target, is_hidden=is_hidden)
        for name, key, is_hidden in book.sheets
        if (target := related.targets.get(key, "")) in worksheets
    )
    if not found:
        raise damaged()
    return Workbook("XLSX", found, book.since_1904)


def day_of_serial(serial: int, *, since_1904: bool = False) -> date:
    """The day that a workbook counts so. Raises ValueError; the 29/02/1900, which Excel counts and no calendar has, is none."""
    if not 0 < serial <= LAST_SERIAL or (serial == 60 and not since_1904):
        raise ValueError(f"un jour compté par un tableur ; {serial} est donné")
    if since_1904:
        return date(1904, 1, 1) + timedelta(days=serial)
    return date(1899, 12, 30) + timedelta(days=serial + (serial < 60))


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class _Cells(Handler):
    """The cells of one sheet. A line is ready when its element ends."""

    def __init__(
        self, strings: Strings, are_dates: list[bool], merges: list[Merge], *, since_1904: bool
    ) -> None:
        super().__init__()
        self._strings, self._are_dates, self._merges, self._since_1904 = (
            strings,
            are_dates,
            merges,
            since_1904,
        )
        self._line, self._place = 0, -1
        self._row = RawRow(0, {}, {})
        self._kind, self._style, self._is_computed = "", 0, False
        self._said: list[str] = []
        self._length = 0
        self._takes = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "v" | "t":
                self._takes = True
            case "c":
                self._open(attributes)
            case "f":
                self._is_computed = True
            case "row":
                line = int(attributes.get("r", self._line + 1))
                if line <= self._line:
                    raise damaged()
                self._line, self._place, self._row = line, -1, RawRow(line, {}, {})
            case "mergeCell":
                self._merge(attributes["ref"])

    def text(self, text: str) -> None:
        if self._takes and self._length <= LONGEST_CELL:
            self._said.append(text)
            self._length += len(text)

    def end(self, name: str) -> None:
        match local(name):
            case "v" | "t":
                self._takes = False
            case "c":
                self._close()
            case "row":
                if self._row.cells or self._row.faults:
                    self.ready.append(self._row)

    def _open(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._place = _place(reference) if reference else self._place + 1
        self._kind = attributes.get("t", "n")
        self._style = int(attributes.get("s", "0"))
        self._is_computed, self._said, self._length = False, [], 0

    def _close(self) -> None:
        said = "".join(self._said)
        if not said and not self._is_computed:
            return
        if self._place >= MOST_COLUMNS:
            raise too_wide()
        if self._is_computed and not said and self._kind not in {"str", "inlineStr"}:
            self._row.faults[self._place] = NOT_COMPUTED
        elif self._kind == "e":
            self._row.faults[self._place] = f"la cellule porte l’erreur {said[:20]}"
        elif said:
            self._keep(said)

    def _keep(self, said: str) -> None:
        try:
            value = self._value(said)
        except OverflowError:
            self._row.faults[self._place] = f"le nombre {said[:20]} n’est pas une date"
            return
        if value != "":
            self._row.cells[self._place] = value

    def _value(self, said: str) -> Value:
        match self._kind:
            case "s":
                return _plain(self._strings[int(said)])
            case "b":
                return said == "1"
            case "d":
                return date.fromisoformat(said[:10])
            case "n":
                is_date = 0 <= self._style < len(self._are_dates) and self._are_dates[self._style]
                return self._moment(said) if is_date else number(said)
        return _plain(said)

    def _moment(self, said: str) -> Value:
        serial = float(said)
        if 0 <= serial < 1:
            minutes = round(serial * 24 * 60) % (24 * 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
        try:
            return day_of_serial(int(serial), since_1904=self._since_1904)
        except ValueError as error:
            raise OverflowError from error

    def _merge(self, reference: str) -> None:
        found = _RANGE.fullmatch(reference)
        if found is None:
            raise damaged()
        if len(self._merges) > MOST_LINES:
            raise damaged()
        first, last = _column(found[1]), _column(found[3])
        self._merges.append(Merge(int(found[2]), first, int(found[4]), last))


def _plain(text: str) -> str:
    """The text with its escaped characters; those that no text of a person holds are left out."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: _character(int(found[1], 16)), text)
    return text[:LONGEST_CELL]


def _character(code: int) -> str:
    return chr(code) if chr(code).isprintable() or code in {9, 10, 13} else ""


def _place(reference: str) -> int:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise damaged()
    return _column(found[1])


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
