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


def _named(*names: str, then: bytes = rb"(?=[\s/<\[(>\]%]|\Z)") -> re.Pattern[bytes]:
    """Any of these names, each letter as it is or escaped: /J#61vaScript is /JavaScript."""
    spelled = "|".join("".join(f"(?:{letter}|#{ord(letter):02x})" for letter in name) for name in names)
    # Digits after # may be capitals; letters of names may not, so only the escapes ignore case.
    spelled = re.sub(r"#(\d)([a-f])", lambda found: f"#{found[1]}[{found[2]}{found[2].upper()}]", spelled)
    return re.compile(b"/(?:" + spelled.encode() + b")" + then)


_REFUSED_NAMES = (
    (_named("Encrypt"), "Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection."),
    (
        _named("JavaScript"),
        "Ce PDF contient un programme (script). Imprimez-le en PDF, puis déposez la copie.",
    ),
    (
        _named("XFA", then=rb"\s{0,8}[\[\d]"),
        "Ce PDF est un formulaire qui se programme. Imprimez-le en PDF, puis déposez la copie.",
    ),
    (
        _named("Launch"),
        "Ce PDF peut lancer un programme. Imprimez-le en PDF, puis déposez la copie.",
    ),
    (
        _named("EmbeddedFile", "EmbeddedFiles", "RichMedia"),
        "Ce PDF contient d’autres fichiers joints. Déposez-les séparément.",
    ),
)
_DAMAGED = "Le PDF est incomplet ou endommagé. Enregistrez-le de nouveau, puis déposez la copie."
_LARGEST_OBJECTS = 64_000_000
"""Bytes of compressed objects looked at, once decompressed: past it the file is taken for a bomb."""
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
    for names, message in _REFUSED_NAMES:
        if names.search(part):
            raise Unfit(message)


def _compressed_objects(data: bytes) -> Iterator[bytes]:
    """The object streams, decompressed; Unfit when they grow past all measure."""
    left = _LARGEST_OBJECTS
    for number, found in enumerate(_OBJECT_STREAM.finditer(data)):
        begins = _STREAM.search(data, found.end(), found.end() + 2000)
        part = _decompressed(memoryview(data)[begins.end() :], left) if begins else b""
        left -= len(part)
        if left <= 0 or number > _MOST_STREAMS:
            raise Unfit("Ce PDF est trop lourd une fois ouvert. Imprimez-le en PDF, puis déposez la copie.")
        yield part


def _decompressed(stream: memoryview, largest: int) -> bytes:
    """What a stream decompresses to, at most `largest` bytes; what cannot be read is unreadable for everybody."""
    objects, part = zlib.decompressobj(), bytearray()
    try:
        for position in range(0, len(stream), _PIECE):
            part += objects.decompress(stream[position : position + _PIECE], largest - len(part))
            if objects.eof or len(part) >= largest:
                break
    except zlib.error:
        return bytes(part)  # stored plain, and so already looked at
    return bytes(part)
