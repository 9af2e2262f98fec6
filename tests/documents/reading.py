"""The text of a PDF that the platform drew, read back from its pages by the maps of its own fonts."""

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

_TOKENS = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\(((?:\\.|[^\\()])*)\)|(ET)", re.DOTALL)
_PAIR = re.compile(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)


def words_of(pdf: bytes) -> str:
    """All that its pages say, in the order of the file, every run of spaces made one plain space."""
    return " ".join(pages_of(pdf))


def pages_of(pdf: bytes) -> list[str]:
    """What each of its pages says."""
    reader = PdfFileReader(io.BytesIO(pdf))
    return [" ".join(_said(page).split()) for page in _leaves(reader.root["/Pages"]["/Kids"])]


def _leaves(kids: Any) -> Iterator[Any]:
    for one in kids:
        page = one.get_object()
        if page["/Type"] == "/Pages":
            yield from _leaves(page["/Kids"])
        else:
            yield page


def _said(page: Any) -> str:
    fonts = {name.lstrip("/"): _map(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
    content, found, known = page["/Contents"].get_object().data, [], {}
    for font, hexadecimal, literal, end in _TOKENS.findall(content):
        if font:
            known = fonts[font.decode()]
        elif end:
            found.append(" ")
        else:
            found.append(_shown(bytes.fromhex(hexadecimal.decode()) or _unescaped(literal), known))
    return "".join(found)


def _shown(code: bytes, known: Mapping[int, str]) -> str:
    return "".join(known.get(int.from_bytes(code[at : at + 2], "big"), "") for at in range(0, len(code), 2))


def _unescaped(literal: bytes) -> bytes:
    def one(found: re.Match[bytes]) -> bytes:
        code = found[1]
        return bytes([int(code, 8)]) if code.isdigit() else _ESCAPES.get(code, code)

    return _ESCAPED.sub(one, literal)


def _map(font: Any) -> dict[int, str]:
    """What each glyph of a font stands for."""
    found: dict[int, str] = {}
    text = font["/ToUnicode"].get_object().data.decode("ascii", "replace")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for code, meaning in _PAIR.findall(block):
            found[int(code, 16)] = bytes.fromhex(meaning).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for first, last, meaning in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for number in range(int(first, 16), int(last, 16) + 1):
                start = int.from_bytes(bytes.fromhex(meaning), "big")
                found[number] = chr(start + number - int(first, 16))
    return found
