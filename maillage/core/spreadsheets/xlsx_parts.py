"""The parts of an Excel workbook beside its sheets: which part is which, the names, the shared texts, the formats."""

import posixpath
import re
from array import array
from typing import Final

from maillage.core.spreadsheets.packages import MOST_PARTS, Handler, damaged
from maillage.core.spreadsheets.tables import MOST_SHEETS, Unreadable, too_many_sheets

MOST_STRINGS: Final = 3_000_000
MOST_KEPT: Final = 100_000
"""Relations, or formats, of a workbook: more are none of a table."""
LARGEST_STRINGS: Final = 100_000_000
"""Bytes of all the texts of a workbook, kept while its cells are read."""
_NOT_OF_A_DATE: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})


def local(name: str) -> str:
    return name.rpartition("}")[2]


_TOO_WORDY: Final = "Le classeur contient trop de texte : ne gardez que la feuille du tableau."


class Relations(Handler):
    """Which part is which: the target of each key, and the targets of each kind."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder, self.targets = folder, dict[str, str]()
        self._kinds: dict[str, list[str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", self.folder, attributes["Target"])).lstrip("/")
            self.targets[attributes["Id"]] = target
            self._kinds.setdefault(attributes["Type"].rpartition("/")[2], []).append(target)
            if len(self.targets) > MOST_PARTS:
                raise damaged()

    def of(self, kind: str) -> list[str]:
        return self._kinds.get(kind, [])


class Book(Handler):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, bool]] = []
        self.since_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "sheet":
            key = next((said for one, said in attributes.items() if one.endswith("}id")), "")
            self.sheets.append((attributes["name"], key, attributes.get("state", "visible") != "visible"))
            if len(self.sheets) > MOST_SHEETS:
                raise too_many_sheets()
        elif local(name) == "workbookPr":
            self.since_1904 = attributes.get("date1904") in {"1", "true"}


class Strings(Handler):
    """The texts that cells share, in one buffer: a list of as many texts would weigh three times more."""

    def __init__(self) -> None:
        super().__init__()
        self._buffer, self._ends = bytearray(), array("Q", [0])
        self._takes, self._is_spoken = False, True

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 -- as every handler
        match local(name):
            case "t":
                self._takes = self._is_spoken
            case "rPh":  # how a text is pronounced, not what it says
                self._is_spoken = False

    def text(self, text: str) -> None:
        if self._takes:
            self._buffer += text.encode()
            if len(self._buffer) > LARGEST_STRINGS:
                raise Unreadable(_TOO_WORDY)

    def end(self, name: str) -> None:
        match local(name):
            case "t":
                self._takes = False
            case "rPh":
                self._is_spoken = True
            case "si":
                self._ends.append(len(self._buffer))
                if len(self._ends) > MOST_STRINGS:
                    raise Unreadable(_TOO_WORDY)

    def __getitem__(self, at: int) -> str:
        if at < 0:
            raise IndexError(at)
        return self._buffer[self._ends[at] : self._ends[at + 1]].decode()


class Styles(Handler):
    """Which formats of cells show a number as a day, by their place in the list of formats."""

    def __init__(self) -> None:
        super().__init__()
        self.are_dates: list[bool] = []
        self._codes: dict[int, str] = {}
        self._in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match local(name):
            case "numFmt":
                self._codes[int(attributes["numFmtId"])] = attributes["formatCode"]
                if len(self._codes) > MOST_KEPT:
                    raise damaged()
            case "cellXfs":
                self._in_cells = True
            case "xf" if self._in_cells:
                self.are_dates.append(self._is_date(int(attributes.get("numFmtId", "0"))))
                if len(self.are_dates) > MOST_KEPT:
                    raise damaged()

    def end(self, name: str) -> None:
        if local(name) == "cellXfs":
            self._in_cells = False

    def _is_date(self, key: int) -> bool:
        if key not in self._codes:
            return key in _DATE_FORMATS
        bare = _NOT_OF_A_DATE.sub("", self._codes[key]).lower()
        return bare not in {"general", "standard"} and any(letter in bare for letter in "dmyhs")
