"""A workbook of LibreOffice (OpenDocument, ISO/IEC 26300): its sheets and the cells of one as they were last computed.

All sheets are in one part, so that reading one listens to the others and keeps nothing of them.
"""

from datetime import date
from typing import Final

from maillage.core.spreadsheets.packages import Handler, Package, damaged, encrypted
from maillage.core.spreadsheets.tables import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_LINES,
    MOST_SHEETS,
    NOT_COMPUTED,
    Merge,
    RawRow,
    Sheet,
    Value,
    Workbook,
    number,
    too_many,
    too_many_sheets,
    too_wide,
)

CONTENT: Final = "content.xml"
MIMETYPE: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE: Final = "urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT: Final = "urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE: Final = "urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_SHEET, _ROW = f"{_TABLE}table", f"{_TABLE}table-row"
_CELLS: Final = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_COVERED: Final = f"{_TABLE}covered-table-cell"
_PARAGRAPH: Final = f"{_TEXT}p"
_DRAW: Final = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_BESIDE: Final = {f"{_OFFICE}annotation", f"{_DRAW}frame", f"{_DRAW}custom-shape", f"{_DRAW}g"}
"""Notes and drawings: they have paragraphs of their own, which are no part of the cell under them."""
_JUDGED: Final = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_MOST_TIMES: Final = 1 << 24
_BLANKS: Final = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}


def workbook(package: Package) -> Workbook:
    """A workbook, opened. Raises Unreadable, as each of its sheets does."""
    if b"encryption-data" in package.start_of("META-INF/manifest.xml", 1_000_000):
        raise encrypted()

    def sheet(at: int, name: str, *, is_hidden: bool) -> Sheet:
        return Sheet(name, is_hidden, lambda merges: package.rows(CONTENT, _Lines(at, merges)))

    found = package.listen(CONTENT, _Sheets())
    return Workbook(
        "ODS",
        tuple(
            sheet(at, name, is_hidden=style in found.hidden) for at, (name, style) in enumerate(found.named)
        ),
    )


class _Sheets(Handler):
    """The sheets, by name and style; and the styles that hide one."""

    def __init__(self) -> None:
        super().__init__()
        self.named: list[tuple[str, str]] = []
        self.hidden: set[str] = set()
        self._style = ""
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{_STYLE}style":
            self._style = attributes.get(f"{_STYLE}name", "")
        elif name == f"{_STYLE}table-properties" and attributes.get(f"{_TABLE}display") == "false":
            self.hidden.add(self._style)
            if len(self.hidden) > MOST_SHEETS:
                raise damaged()
        elif name == _SHEET:
            if not self._depth:
                self.named.append(
                    (attributes.get(f"{_TABLE}name", ""), attributes.get(f"{_TABLE}style-name", ""))
                )
            self._depth += 1
            if len(self.named) > MOST_SHEETS:
                raise too_many_sheets()

    def end(self, name: str) -> None:
        if name == _SHEET:
            self._depth -= 1


class _Lines(Handler):
    """The lines of one sheet; a table inside a cell is passed over."""

    def __init__(self, at: int, merges: list[Merge]) -> None:
        super().__init__()
        self._at, self._merges = at, merges
        self._sheet, self._depth, self._beside = -1, 0, 0
        self._line, self._repeated = 0, 1
        self._row, self._in_row = RawRow(0, {}, {}), False
        self._place = 0
        self._cell: dict[str, str] | None = None
        self._said: list[str] = []
        self._length = 0
        self._takes = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _SHEET:
            self._depth += 1
            self._sheet += self._depth == 1
        elif self._depth != 1 or self._sheet != self._at:
            return
        elif name in _BESIDE:
            self._beside += 1
        elif name == _ROW:
            if self._in_row:
                raise damaged()  # a line inside a line, which only a table inside a cell may have
            self._in_row = True
            self._line += self._repeated
            self._repeated = _count(attributes, "number-rows-repeated")
            self._row, self._place = RawRow(self._line, {}, {}), 0
            if len(self._merges) > MOST_LINES:
                raise damaged()
        elif name in _CELLS:
            self._cell, self._said, self._length = attributes, [], 0
        elif self._cell is not None and not self._beside:
            self._inside(name, attributes)

    def _inside(self, name: str, attributes: dict[str, str]) -> None:
        if name == _PARAGRAPH:
            self._takes = True
            if self._said:
                self._add("\n")
        elif name == f"{_TEXT}s":
            self._add(" " * min(int(attributes.get(f"{_TEXT}c", "1")), LONGEST_CELL))
        elif name in _BLANKS:
            self._add(_BLANKS[name])

    def text(self, text: str) -> None:
        if self._takes and not self._beside:
            self._add(text)

    def _add(self, text: str) -> None:
        if text and self._length <= LONGEST_CELL:
            self._said.append(text)
            self._length += len(text)

    def end(self, name: str) -> None:
        if name == _SHEET:
            self._depth -= 1
        elif self._depth != 1 or self._sheet != self._at:
            return
        elif name in _BESIDE:
            self._beside -= 1
        elif name == _PARAGRAPH:
            self._takes = False
        elif name in _CELLS and self._cell is not None:
            self._close(self._cell, is_covered=name == _COVERED)
            self._cell = None
        elif name == _ROW:
            self._in_row = False
            if self._row.cells or self._row.faults:
                self._give()

    def _give(self) -> None:
        """The line that ends, as many times as it is repeated."""
        if len(self.ready) + self._repeated > MOST_LINES + 1:
            raise too_many(MOST_LINES)
        self.ready.extend(
            RawRow(self._line + more, self._row.cells, self._row.faults) for more in range(self._repeated)
        )

    def _close(self, cell: dict[str, str], *, is_covered: bool) -> None:
        place, times = self._place, _count(cell, "number-columns-repeated")
        self._place += times
        if is_covered:
            return
        lines, wide = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if lines > 1 or wide > 1:
            self._merges.append(Merge(self._line, place, self._line + lines - 1, place + wide - 1))
        value, fault = _value(cell, "".join(self._said)[:LONGEST_CELL])
        if value == "" and not fault:
            return
        if self._place > MOST_COLUMNS:
            raise too_wide()
        for one in range(place, self._place):
            if fault:
                self._row.faults[one] = fault
            else:
                self._row.cells[one] = value


def _count(attributes: dict[str, str], name: str) -> int:
    found = int(attributes.get(f"{_TABLE}{name}", "1"))
    if not 0 < found <= _MOST_TIMES:
        raise damaged()
    return found


def _value(cell: dict[str, str], said: str) -> tuple[Value, str]:
    """What a cell holds, and what is wrong with it."""
    value: Value = said
    fault = ""
    match "error" if cell.get(_JUDGED) == "error" else cell.get(f"{_OFFICE}value-type"):
        case "error":
            value, fault = "", f"la cellule porte l’erreur {said[:20]}"
        case "float" | "currency" | "percentage":
            value = number(cell[f"{_OFFICE}value"])
        case "date":
            value, fault = _day(cell.get(f"{_OFFICE}date-value", ""))
        case "boolean":
            value = cell.get(f"{_OFFICE}boolean-value") == "true"
        case "string":
            value = cell.get(f"{_OFFICE}string-value", said)[:LONGEST_CELL]
        case None if f"{_TABLE}formula" in cell:
            value, fault = "", NOT_COMPUTED
    return value, fault


def _day(said: str) -> tuple[Value, str]:
    try:
        return date.fromisoformat(said[:10]), ""
    except ValueError:
        return "", f"{said[:20]} n’est pas une date"
