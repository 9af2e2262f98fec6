"""The structure of a PDF file (ISO 32000): whole, readable without a password, and inert.

This is no PDF reader. It checks what a whole file has at its two ends, and looks for what makes a document act by
itself (scripts, programs to launch, attached files), inside compressed objects too, where such names like to hide.
"""

import re
import zlib
from collections.abc import Iterator

from maillage.documents.formats.media import Unfit

SIGNATURE = b"%PDF-"
_VERSION = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)[\r\n \t]")
_ENDING = re.compile(rb"startxref\s{1,4}(\d{1,10})\s{1,4}%%EOF[\r\n \t\x00]{0,16}\Z")
_TABLE = re.compile(rb"\s{0,8}(?:xref\b|\d{1,10}\s+\d{1,5}\s+obj\b)")
_STREAM = re.compile(rb"stream\r?\n")
_OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm\b")


_REFUSED_NAMES = (
    (("Encrypt",), "Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection."),
    (("JavaScript",), "Ce PDF contient un programme (script). Imprimez-le en PDF, puis déposez la copie."),
    (("XFA",), "Ce PDF est un formulaire qui se programme. Imprimez-le en PDF, puis déposez la copie."),
    (("Launch",), "Ce PDF peut lancer un programme. Imprimez-le en PDF, puis déposez la copie."),
    (
        ("EmbeddedFile", "EmbeddedFiles", "RichMedia"),
        "Ce PDF contient d’autres fichiers joints. Déposez-les séparément.",
    ),
)
_FOLLOWED = {"XFA": rb"\s{0,8}[\[\d]"}
_LETTERS = sorted({letter for names, _ in _REFUSED_NAMES for name in names for letter in name})
_ESCAPES = [
    (escape.encode(), letter.encode())
    for letter in _LETTERS
    for escape in sorted({f"#{ord(letter):02x}", f"#{ord(letter):02X}"})
]
"""Any letter of a name may be written by its number: /J#61vaScript is /JavaScript."""


def _named(name: str) -> re.Pattern[bytes]:
    """A name, and not the beginning of a longer one. A literal: the search for it reads each byte once."""
    return re.compile(b"/" + name.encode() + _FOLLOWED.get(name, rb"(?=[\s/<\[(>\]%]|\Z)"))


_REFUSED = tuple((_named(name), message) for names, message in _REFUSED_NAMES for name in names)
_DAMAGED = "Le PDF est incomplet ou endommagé. Enregistrez-le de nouveau, puis déposez la copie."
_LARGEST_OBJECTS = 64_000_000
"""Bytes read of compressed objects, and bytes they decompress to: past it the file is taken for a bomb."""
_MOST_STREAMS = 20_000
_PIECE = 8192


def check(data: bytes) -> None:
    """Raise Unfit unless the bytes are one whole PDF that holds no script, no program, no attached file."""
    if not _VERSION.match(data):
        raise Unfit(_DAMAGED)
    ending = _ENDING.search(data, max(0, len(data) - 1024))
    if not ending:
        if b"%%EOF" in data:
            raise Unfit("Des données suivent la fin du PDF. Enregistrez-le de nouveau, sans rien y joindre.")
        raise Unfit(_DAMAGED)
    if int(ending[1]) >= ending.start() or not _TABLE.match(data, int(ending[1])):
        raise Unfit(_DAMAGED)
    for part in (data, *_compressed_objects(data)):
        _check_names(part)


def _check_names(part: bytes) -> None:
    if b"#" in part:
        for escape, letter in _ESCAPES:
            part = part.replace(escape, letter)
    for name, message in _REFUSED:
        if name.search(part):
            raise Unfit(message)


def _compressed_objects(data: bytes) -> Iterator[bytes]:
    """The object streams, decompressed, each once; Unfit when they take more work than any document asks."""
    left = _LARGEST_OBJECTS
    seen: set[int] = set()
    for number, found in enumerate(_OBJECT_STREAM.finditer(data)):
        begins = _STREAM.search(data, found.end(), found.end() + 2000)
        if begins and begins.end() not in seen:
            seen.add(begins.end())
            part, read = _decompressed(memoryview(data)[begins.end() :], left)
            left -= len(part) + read
            yield part
        if left <= 0 or number > _MOST_STREAMS:
            raise Unfit("Ce PDF est trop lourd une fois ouvert. Imprimez-le en PDF, puis déposez la copie.")


def _decompressed(stream: memoryview, most: int) -> tuple[bytes, int]:
    """What a stream decompresses to, and how many of its bytes were read for it; reading stops once both are `most`.

    What cannot be read is unreadable for everybody; what is stored plain has been looked at already.
    """
    objects, part, read = zlib.decompressobj(), bytearray(), 0
    try:
        while not objects.eof and read < len(stream) and read + len(part) < most:
            piece = stream[read : read + _PIECE]
            read += len(piece)
            part += objects.decompress(piece, most - len(part))
    except zlib.error:
        return bytes(part), read
    return bytes(part), read - len(objects.unused_data)
