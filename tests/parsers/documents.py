"""Readers of files received: PDF, PNG, JPEG, what is none of them; their names, and text that is to be printed. Without Django."""

import zlib

from maillage.core.french import typeset, within_quotes
from maillage.documents.formats.media import MediaType, Unfit
from maillage.documents.formats.recognition import recognise
from maillage.documents.names import LONGEST, content_disposition, safe_name
from maillage.documents.plain_text import printable
from tests.documents import builders
from tests.parsers.judging import Broken, Target


def file_received(data: bytes) -> None:
    """Any bytes, as they come."""
    recognise(data)


def png_inside(data: bytes) -> None:
    """A PNG whose chunks bear the right sums, so that what they hold is read: 13 bytes of header, the kind of a chunk, pixels."""
    header, kind, rest = data[:13], data[13:17], data[17:]
    pixels = zlib.compress(rest[1:]) if rest[:1] < b"\x80" else rest[1:]
    recognise(
        builders.PNG_SIGNATURE
        + builders.chunk(b"IHDR", header)
        + (builders.chunk(kind, rest[:9]) if kind.isalpha() else b"")
        + builders.chunk(b"IDAT", pixels)
        + builders.chunk(b"IEND")
    )


def pdf_inside(data: bytes) -> None:
    """A whole PDF around an object, and around the same object compressed or said to be."""
    first, rest = data[:1], data[1:]
    stream = (
        builders.object_stream(rest)
        if first < b"\x80"
        else b"<</Type/ObjStm>>\nstream\n" + rest + b"\nendstream"
    )
    recognise(builders.pdf(rest, stream))


def file_name(data: bytes) -> None:
    """A name of file: made safe once, it stays as it is; the header that bears it is one line of ASCII."""
    name = safe_name(data.decode(errors="replace"), MediaType.PDF)
    if safe_name(name, MediaType.PDF) != name or not 4 < len(name) <= LONGEST:
        raise Broken(f"{name!r} then {safe_name(name, MediaType.PDF)!r}")
    header = content_disposition(name, inline=False)
    if not header.isascii() or "\r" in header or "\n" in header:
        raise Broken(header)


def printed_text(data: bytes) -> None:
    """A text put on a page: typeset twice is typeset once, printable twice is printable once."""
    text = data.decode(errors="replace")
    for shaped in (printable, typeset):
        once = shaped(text)
        if shaped(once) != once:
            raise Broken(f"{shaped.__name__}: {once!r} then {shaped(once)!r}")
    within_quotes(text)


_WHOLE = (
    builders.pdf(), builders.pdf(b"<</S/JavaScript>>"), builders.pdf(builders.object_stream(b"1 0 <</A 1>>")), builders.png(),
    builders.png(extra=builders.chunk(b"tEXt", b"a\0b")), builders.jpeg(), builders.jpeg(comment=b"x"), builders.jpeg() * 2,
    builders.archive()[:400], b"GIF89a", b"RIFF0000WEBP", b"0000ftypheic", b"<!doctype html>", b"MZ", b"\xd0\xcf\x11\xe0", b"{\\rtf",
)  # fmt: skip
_HEADER = bytes((0, 0, 0, 4, 0, 0, 0, 3, 8, 0, 0, 0, 0))

TARGETS = {
    "file_received": Target(file_received, (Unfit,), _WHOLE),
    "png_inside": Target(
        png_inside,
        (Unfit,),
        (_HEADER + b"    \0" + b"\0\x7f\x7f\x7f\x7f" * 3, _HEADER[:-1] + b"\1tEXt\0" + b"\0\x7f" * 9),
    ),
    "pdf_inside": Target(
        pdf_inside,
        (Unfit,),
        (
            b"\0<</A 1>>",
            b"\0<</S/JavaScript/JS(x)>>",
            b"\0/J#61vaScript ",
            b"\0/EmbeddedFile<<>>",
            b"\xff" + zlib.compress(b"/Launch "),
        ),
    ),
    "file_name": Target(
        file_name,
        (),
        (
            "convention signée.pdf".encode(),
            b"..\\..\\a/b<c>.PNG",
            "\u202efdp.exe".encode(),
            b"con.pdf",
            b"x" * 200 + b".jpeg.pdf",
        ),
    ),
    "printed_text": Target(
        printed_text,
        (),
        ("Dit-il : « l'été » ; 3 h ?".encode(), "e\u0301 \u202e \u200b\r\n\t«  x »".encode(), b"'a'b'"),
    ),
}
