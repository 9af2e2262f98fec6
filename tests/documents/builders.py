"""Small files made byte by byte, whole or damaged as asked."""

import io
import struct
import zipfile
import zlib

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def pdf(*objects: bytes, version: bytes = b"1.7", after_header: bytes = b"\n") -> bytes:
    """A PDF with a catalogue, one empty page and these objects besides."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        *objects,
    ]
    data = b"%PDF-" + version + after_header
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, table)


def object_stream(content: bytes) -> bytes:
    """A compressed object stream that holds this content."""
    packed = zlib.compress(content, 1)  # a bomb is as large once opened
    head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>" % len(packed)
    return head + b"\nstream\n" + packed + b"\nendstream"


def chunk(kind: bytes, body: bytes = b"") -> bytes:
    """One PNG chunk with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width: int, height: int, depth: int = 8, colour: int = 0, interlace: int = 0) -> bytes:
    """The first chunk of a PNG."""
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def png(width: int = 4, height: int = 3, *, extra: bytes = b"", pixels: bytes | None = None) -> bytes:
    """A grey PNG; `extra` chunks come before the pixels."""
    lines = (b"\0" + b"\x7f" * width) * height if pixels is None else pixels
    return (
        PNG_SIGNATURE
        + png_header(width, height)
        + extra
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND")
    )


def segment(marker: int, body: bytes) -> bytes:
    """One JPEG segment."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(width: int = 8, height: int = 8, *, comment: bytes = b"", frame: int = 0xC0) -> bytes:
    """A grey JPEG that has the right segments in the right order."""
    shape = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0")
        + (segment(0xFE, comment) if comment else b"")
        + segment(0xDB, b"\0" + b"\x10" * 64)
        + segment(frame, shape)
        + segment(0xC4, b"\0" + b"\0" * 16)
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + b"\x12\x34\xff\x00\x56\xff\xd0\x78"
        + b"\xff\xd9"
    )


def archive(name: str = "page.html", *, comment: bytes = b"") -> bytes:
    """A ZIP archive with one small file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(name, "<html></html>")
        packed.comment = comment
    return buffer.getvalue()
