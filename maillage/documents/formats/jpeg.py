"""The structure of a JPEG file (ITU-T T.81): segments, dimensions, scans, end of image, and nothing after."""

import re

from maillage.documents.formats.media import Unfit, check_dimensions

SIGNATURE = b"\xff\xd8\xff"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset(range(0xD0, 0xD8)) | {0x01}
_END, _SCAN, _START = 0xD9, 0xDA, 0xD8
_MARKER = re.compile(rb"\xff++([^\x00\xd0-\xd7])")
_PIXELS = re.compile(rb"(?:[^\xff]++|\xff++[\x00\xd0-\xd7])*+")
"""Compressed pixels up to the next marker. Nothing is given back (`++`): each byte is read once, whatever the file."""
_DAMAGED = "L’image JPEG est incomplète ou endommagée. Enregistrez-la de nouveau."
_MOST_IMAGES = 8
_MOST_MARKERS = 5_000
"""In one image: the colours of a large profile take 255 segments, a progressive image some hundred scans."""


def check(data: bytes) -> None:
    """Raise Unfit unless the bytes are whole JPEG images and nothing else.

    Telephones append a second, smaller image after the first (CIPA DC-007): it is accepted when it is itself whole.
    """
    position = 0
    for _ in range(_MOST_IMAGES):
        position = _image(data, position)
        if position == len(data):
            return
        if not data.startswith(SIGNATURE, position):
            break
    raise Unfit("Des données suivent la fin de l’image JPEG. Enregistrez-la de nouveau, sans rien y joindre.")


def _image(data: bytes, position: int) -> int:
    """Where the image that starts at `position` ends."""
    framed = scanned = False
    position += 2
    for _ in range(_MOST_MARKERS):
        found = _MARKER.match(data, position)
        if not found:
            break
        marker, position = found[1][0], found.end()
        if marker == _END:
            if framed and scanned:
                return position
            break
        if marker in _ALONE:
            continue
        length = int.from_bytes(data[position : position + 2], "big")
        if marker == _START or length < 2 or position + length > len(data):
            break
        if marker in _FRAMES:
            framed = True
            _frame(data[position + 2 : position + length])
        position += length
        if marker == _SCAN:
            scanned = framed
            position = _after_scan(data, position)
    raise Unfit(_DAMAGED)


def _frame(body: bytes) -> None:
    if len(body) < 6 + 3 * body[5] if len(body) > 5 else True:
        raise Unfit(_DAMAGED)
    check_dimensions(int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))


def _after_scan(data: bytes, position: int) -> int:
    """Where the next marker stands after compressed pixels."""
    pixels = _PIXELS.match(data, position)
    if not pixels or pixels.end() == position:
        raise Unfit(_DAMAGED)
    return pixels.end()
