"""A document before its form: titles, paragraphs, lists, tables, places to fill and to sign. PDF and DOCX draw the same one."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Style(StrEnum):
    """How a run of text is set."""

    PLAIN = "plain"
    STRONG = "strong"
    QUOTE = "quote"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Run:
    """Some text, or (with `asked`) a place to fill, which says what goes there."""

    text: str = ""
    style: Style = Style.PLAIN
    asked: str = ""


Line = tuple[Run, ...]
"""Runs, one after the other."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A title inside a part."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some lines of text."""

    line: Line
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Listing:
    """Items of equal rank."""

    items: tuple[Line, ...]
    kind: str = "list"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under named columns; `widths` are shares of the page's width, `title` says what it shows."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[int, ...]
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Choices:
    """Boxes to tick, each with its words; `ticked` are drawn so. On so many columns."""

    items: tuple[str, ...]
    columns: int = 1
    ticked: tuple[int, ...] = ()
    kind: str = "choices"


@dataclass(frozen=True, slots=True)
class Fields:
    """Lines to write on by hand, each under its label; `lines` of them for each."""

    labels: tuple[str, ...]
    columns: int = 1
    lines: int = 1
    kind: str = "fields"


Block = Heading | Paragraph | Listing | Table
SheetBlock = Block | Choices | Fields


@dataclass(frozen=True, slots=True)
class Part:
    """An article, an annex: its title and what it says. `level` 2 is inside the last part of level 1."""

    title: str
    blocks: tuple[Block, ...]
    level: int = 1


@dataclass(frozen=True, slots=True)
class PartyHead:
    """A party as the head of a convention presents it."""

    name: Line
    lines: tuple[Line, ...]
    side: str = ""


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Where one party signs: who, by whom, with which words already known."""

    party: Line
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """A whole convention, ready to be drawn. `notice` is printed at the top and bottom of a draft; empty once it is final."""

    title: str
    kind_label: str
    notice: str
    reference: str
    parties: tuple[PartyHead, ...]
    parts: tuple[Part, ...]
    closing: tuple[Line, ...]
    signatures: tuple[SignatureBlock, ...]
    annexes: tuple[Part, ...] = ()
    summary: str = field(default="")

    def as_data(self) -> dict[str, Any]:
        """Plain data, for a template."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: who writes to whom, about what, in which words."""

    sender: tuple[str, ...]
    addressee: tuple[str, ...]
    place_and_date: Line
    subject: str
    references: tuple[str, ...]
    body: tuple[Block, ...]
    signatory: tuple[Line, ...]
    sending: str = ""
    enclosures: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Plain data, for a template."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A part of a sheet: its title and what it holds."""

    title: str
    blocks: tuple[SheetBlock, ...]
    level: int = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page to hand out or to fill: a title that names nobody, parts, and a square code that leads to `code_label`.

    `code` is the rows of a QR code, « 1 » for a dark square, `code_width` millimetres wide; empty without one.
    `large` is for whoever reads with difficulty.
    """

    title: str
    kind_label: str
    reference: str
    parts: tuple[SheetPart, ...]
    code: tuple[str, ...] = ()
    code_label: str = ""
    large: bool = False
    code_width: int = 26

    def as_data(self) -> dict[str, Any]:
        """Plain data, for a template."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Report:
    """A file for a meeting: a title, what it is, parts of paragraphs, lists and tables that may go over pages."""

    title: str
    kind_label: str
    reference: str
    parts: tuple[Part, ...]

    def as_data(self) -> dict[str, Any]:
        """Plain data, for a template."""
        return asdict(self)


def text(words: str, style: Style = Style.PLAIN) -> Line:
    """A line of one run."""
    return (Run(words, style),)


def blank(asked: str) -> Line:
    """A line that is one place to fill."""
    return (Run(asked=asked),)
