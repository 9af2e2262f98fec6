"""The structure of a PNG file (ISO/IEC 15948): every chunk whole, the pixels complete, nothing after the end."""

import zlib
from collections.abc import Iterator

from maillage.documents.formats.media import Unfit, check_dimensions

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: {1, 2, 4, 8, 16}, 2: {8, 16}, 3: {1, 2, 4, 8}, 4: {8, 16}, 6: {8, 16}}
_CRITICAL = {b"IHDR", b"PLTE", b"IDAT", b"IEND"}
_LARGEST_PIXELS = 400_000_000
"""Bytes of decompressed pixels: 80 million points of four channels, and the filters of their lines."""
_PIECE = 65_536
_MOST_CHUNKS = 50_000
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_DAMAGED = "L’image PNG est incomplète ou endommagée. Enregistrez-la de nouveau."


def check(data: bytes) -> None:
    """Raise Unfit unless the bytes are one whole PNG image and nothing else."""
    expected = 0
    pixels = zlib.decompressobj()
    count = 0
    for number, (kind, body) in enumerate(_chunks(data)):
        if (kind == b"IHDR") != (number == 0) or number > _MOST_CHUNKS:
            raise Unfit(_DAMAGED)
        if kind == b"IHDR":
            expected = _pixel_bytes(body)
        elif kind == b"IDAT":
            count += _decompressed(pixels, body, expected - count)
    while not pixels.eof and (piece := pixels.decompress(b"", 1 << 20)):  # held back by the last call
        count += len(piece)
    if count != expected or not pixels.eof:
        raise Unfit(_DAMAGED)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(SIGNATURE)
    while True:
        length = int.from_bytes(data[position : position + 4], "big")
        end = position + 12 + length
        kind = data[position + 4 : position + 8]
        if end > len(data) or not kind.isalpha() or (kind[:1].isupper() and kind not in _CRITICAL):
            raise Unfit(_DAMAGED)
        if zlib.crc32(data[position + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise Unfit(_DAMAGED)
        yield kind, data[position + 8 : end - 4]
        if kind == b"IEND":
            break
        position = end
    if length or end != len(data):
        raise Unfit(
            "Des données suivent la fin de l’image PNG. Enregistrez-la de nouveau, sans rien y joindre."
        )


def _pixel_bytes(header: bytes) -> int:
    """How many bytes the pixels take once decompressed."""
    if len(header) != 13:
        raise Unfit(_DAMAGED)
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    depth, colour, compression, filtering, interlace = header[8:]
    if depth not in _DEPTHS.get(colour, set()) or compression or filtering or interlace > 1:
        raise Unfit(_DAMAGED)
    check_dimensions(width, height)
    bits = depth * _CHANNELS[colour]
    passes = _PASSES if interlace else ((0, 0, 1, 1),)
    total = 0
    for left, top, across, down in passes:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * bits // 8))
    if total > _LARGEST_PIXELS:
        raise Unfit("L’image PNG est trop lourde une fois ouverte. Réduisez-la, ou enregistrez-la en JPEG.")
    return total


def _decompressed(pixels: "zlib._Decompress", body: bytes, left: int) -> int:
    """Bytes that one chunk decompresses to, counted piece by piece and never kept; Unfit past what the image needs."""
    count = 0
    try:
        for position in range(
            0, len(body), _PIECE
        ):  # a short piece: what it leaves unread is copied each time
            piece = body[position : position + _PIECE]
            while piece:
                count += len(pixels.decompress(piece, 1 << 20))
                if count > left or pixels.unused_data:
                    raise Unfit(_DAMAGED)
                piece = pixels.unconsumed_tail
    except zlib.error as error:
        raise Unfit(_DAMAGED) from error
    return count
