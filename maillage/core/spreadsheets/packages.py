"""A zip of XML parts, as XLSX and ODS are: sizes judged before anything is expanded, then parts streamed through expat.

A part is read no further than the size that the directory of the zip said, so that a lying directory gives a damaged part. No part
of these formats has a document type: one that has is refused, and no entity is ever expanded.
"""

import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from io import BytesIO
from typing import Final, TypeVar
from xml.parsers import expat

from maillage.core.spreadsheets.tables import RawRow, Unreadable

MOST_PARTS: Final = 2_000
MOST_EXPANDED: Final = 400_000_000
"""Bytes of all parts: 100 000 lines of twenty cells in ODS, the wordier format, are under 300 million."""
MOST_RATIO: Final = 200
MOST_READ: Final = 2_000_000_000
MOST_ELEMENTS: Final = 40_000_000
"""Bytes and elements of all the readings of one file: a workbook may name the same part many times."""
MOST_NAMES: Final = 10_000
MOST_NAMESPACES: Final = 1_000
DEEPEST: Final = 200
"""Names, namespaces and depth of one part: expat remembers each."""
LONGEST_TOKEN: Final = 1_000_000
"""Bytes of one tag with its attributes: expat would hold the whole of a longer one."""
_CHUNK: Final = 1 << 16
_SMALL: Final = 1_000_000
_IN_DIRECTORY: Final = b"PK\x01\x02"
_DAMAGED: Final = (
    "Le fichier est abîmé : ouvrez-le dans votre tableur, enregistrez-le de nouveau, puis renvoyez-le."
)
_TOO_LARGE: Final = "Le fichier est trop gros une fois déplié : ne gardez que la feuille du tableau."
_ENCRYPTED: Final = "Le fichier est protégé par un mot de passe : enregistrez-le sans mot de passe."
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
    OSError,
)
"""What zipfile and expat raise on bytes that are none of theirs."""


def damaged() -> Unreadable:
    """The refusal of a file that does not hold together."""
    return Unreadable(_DAMAGED)


def encrypted() -> Unreadable:
    """The refusal of a file that a password protects."""
    return Unreadable(_ENCRYPTED)


class Handler:
    """What listens to one part; `ready` holds the lines that it has finished. What it raises on reading says « damaged »."""

    def __init__(self) -> None:
        self.ready: deque[RawRow] = deque()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens; the name is « namespace}local »."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """A piece of text."""


H = TypeVar("H", bound=Handler)


class Package:
    """The parts of a zip. Raises Unreadable on being made, and by each of its methods."""

    def __init__(self, data: bytes) -> None:
        if data.count(_IN_DIRECTORY) > MOST_PARTS:
            raise Unreadable(_TOO_LARGE)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _BROKEN as error:
            raise damaged() from error
        found = self._zip.infolist()
        if any(one.flag_bits & 1 for one in found):
            raise encrypted()
        if any(one.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for one in found):
            raise damaged()
        swollen = any(one.file_size > max(_SMALL, one.compress_size * MOST_RATIO) for one in found)
        if swollen or sum(one.file_size for one in found) > MOST_EXPANDED:
            raise Unreadable(_TOO_LARGE)
        self.names: Final = frozenset(self._zip.namelist())
        self.bytes_left, self.elements_left = MOST_READ, MOST_ELEMENTS

    def start_of(self, name: str, most: int) -> bytes:
        """The first bytes of a part; none where there is no such part."""
        if name not in self.names:
            return b""
        try:
            with self._zip.open(name) as part:
                return part.read(most)
        except _BROKEN as error:
            raise damaged() from error

    def listen(self, name: str, handler: H) -> H:
        """A whole part, heard by a handler; nothing where there is no such part."""
        if name in self.names:
            for _ in self.rows(name, handler):
                pass
        return handler

    def rows(self, name: str, handler: Handler) -> Iterator[RawRow]:
        """The lines of a part as they are finished; a part that is not there is damage."""
        parser = self._parser(handler)
        fed = 0
        try:
            with self._zip.open(name) as part:
                while piece := part.read(_CHUNK):
                    parser.Parse(piece)
                    fed += len(piece)
                    self.bytes_left -= len(piece)
                    if fed - parser.CurrentByteIndex > LONGEST_TOKEN or len(parser.intern) > MOST_NAMES:
                        raise damaged()
                    if self.bytes_left < 0 or self.elements_left < 0:
                        raise Unreadable(_TOO_LARGE)
                    while handler.ready:
                        yield handler.ready.popleft()
                parser.Parse(b"", True)
        except _BROKEN as error:
            raise damaged() from error
        yield from handler.ready
        handler.ready.clear()

    def _parser(self, handler: Handler) -> expat.XMLParserType:
        depth = namespaces = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            if depth > DEEPEST:
                raise damaged()
            self.elements_left -= 1
            handler.start(name, attributes)

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            handler.end(name)

        def declare(*_: object) -> None:
            nonlocal namespaces
            namespaces += 1
            if namespaces > MOST_NAMESPACES:
                raise damaged()

        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = handler.text
        parser.StartNamespaceDeclHandler = declare
        parser.StartDoctypeDeclHandler = _refuse
        return parser


def _refuse(*_: object) -> None:
    raise damaged()
