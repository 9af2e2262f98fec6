"""Reading a hostile file takes work in proportion to its size: the process has so many seconds of processor, no more.

Each file is as large as an upload may be. What is quadratic in such a file takes hours, so that the limit can be generous.
"""

import pytest

from tests.bounded import run_within

PROCESSOR_SECONDS = 10
START = """
import zlib
from maillage.documents.formats.media import Unfit
from maillage.documents.formats.recognition import recognise
from tests.documents.builders import PNG_SIGNATURE, chunk, jpeg, object_stream, pdf, png, png_header, segment

LARGEST = 20_000_000
FRAME = segment(0xC0, bytes((8, 0, 8, 0, 8, 1, 1, 17, 0)))
SCAN = segment(0xDA, bytes((1, 1, 0, 0, 63, 0)))
try:
    recognise({data})
except Unfit as error:
    print(error)
"""
HOSTILE = {
    "a JPEG with one run of fill bytes": (
        r'b"\xff\xd8" + FRAME + SCAN + b"\x01" + b"\xff" * LARGEST + b"\x00\xff\xd9"',
        "",
    ),
    "a JPEG with runs of fill bytes among its pixels": (
        r'b"\xff\xd8" + FRAME + SCAN + (b"\x01" + b"\xff" * 9999) * (LARGEST // 10_000) + b"\x00\xff\xd9"',
        "endommagée",
    ),
    "a JPEG of markers": (r'b"\xff\xd8\xff\xe0\x00\x02" + b"\xff\x01" * (LARGEST // 2)', "endommagée"),
    "a PDF whose streams give nothing": (
        # Every object stream is the same one: empty stored blocks, read to the end and to no effect.
        (
            r'pdf(b"/Type/ObjStm" * 160 + b"stream\n\x78\x01"'
            r' + b"\x00\x00\x00\xff\xff" * (LARGEST // 5 - 1_000))'
        ),
        "",
    ),
    "a PDF whose streams hold one another": (
        # Each stream's first block is the head of the next one: a thousand of them share the same twenty million bytes.
        (
            r'pdf((b"/Type/ObjStm stream\n\x78\x01" + b"\x00\x16\x00\xe9\xff") * 1_000'
            r' + b"/Type/ObjStm stream\n\x78\x01" + b"\x00\x00\x00\xff\xff" * (LARGEST // 5 - 10_000))'
        ),
        "trop lourd",
    ),
    "a PDF of what may begin a name": (r'pdf(object_stream(b"/" * 60_000_000), b"/" * LARGEST)', ""),
    "a PNG of empty chunks": (r'PNG_SIGNATURE + png_header(4, 3) + chunk(b"IDAT") * 1_600_000', "endommagée"),
    "a PNG of many pixels": (
        (
            r"PNG_SIGNATURE + png_header(9000, 8000, colour=6)"
            r' + chunk(b"IDAT", zlib.compress(bytes(36_001 * 8000), 1)) + chunk(b"IEND")'
        ),
        "",
    ),
}


@pytest.mark.security
@pytest.mark.parametrize("case", HOSTILE)
def test_the_largest_hostile_file_is_read_in_bounded_work(case: str) -> None:
    data, words = HOSTILE[case]
    assert words in run_within(PROCESSOR_SECONDS, START.replace("{data}", data))
