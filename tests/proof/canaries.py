"""Words that identify somebody, made so that they are found in a heap of bytes under any of the usual disguises."""

import base64
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MARK = "Zqxserin"  # in no dictionary and in no file of the project: one search finds every word that bears it
NIR_MARK = "284029999"  # no commune bears 999 in département 99: a number that cannot exist
PHONE_MARK = "0199009"
_DEFLATED = re.compile(rb"(?:\x78[\x01\x5e\x9c\xda])")


@dataclass(frozen=True)
class Canary:
    """One person's words."""

    number: int

    @property
    def surname(self) -> str:
        """Her name."""
        return f"{MARK}{self.number:05d}"

    @property
    def nir(self) -> str:
        """Her number, with its key."""
        body = f"{NIR_MARK}{self.number % 10_000:04d}"
        return f"{body}{97 - int(body) % 97:02d}"

    @property
    def phone(self) -> str:
        """Her telephone."""
        return f"{PHONE_MARK}{self.number % 1000:03d}"


def disguises(word: str) -> Iterator[tuple[str, bytes]]:
    """A word as bytes: plain, in UTF-16, in hexadecimal, in base64 wherever it begins in a group of three bytes."""
    plain = word.encode()
    for name, text in (("plain", word), ("upper", word.upper()), ("lower", word.lower())):
        yield name, text.encode()
    yield "utf-16-le", word.encode("utf-16-le")
    yield "utf-16-be", word.encode("utf-16-be")
    yield "hex", plain.hex().encode()
    yield "HEX", plain.hex().upper().encode()
    for shift in range(3):
        # Only the letters that hold no bit of the neighbours: six bits a letter.
        whole = base64.b64encode(b"\0" * shift + plain)
        yield f"base64+{shift}", whole[-(-shift * 8 // 6) : (shift + len(plain)) * 8 // 6]


Needles = tuple[tuple[str, bytes], ...]


def needles(**marks: str) -> Needles:
    """What to look for: each mark in each disguise that is long enough not to be there by chance."""
    return tuple(
        (f"{kind} {name}", disguised)
        for kind, mark in marks.items()
        for name, disguised in disguises(mark)
        if len(disguised) >= SHORTEST
    )


SHORTEST = 7
PEOPLE = needles(name=MARK, nir=NIR_MARK, phone=PHONE_MARK)


def hits(content: bytes, sought: Needles = PEOPLE) -> list[str]:
    """The disguises under which a mark is in these bytes, and in what of them is deflated."""
    found = [name for name, needle in sought if needle in content]
    for start in (match.start() for match in _DEFLATED.finditer(content)):
        try:
            inside = zlib.decompressobj().decompress(content[start : start + 65_536], 1_000_000)
        except zlib.error:
            continue
        found += [f"deflated {name}" for name, needle in sought if needle in inside]
    return found


def searched(paths: Iterable[Path], sought: Needles = PEOPLE) -> tuple[int, list[str]]:
    """How many bytes were searched below these files and directories, and where a mark was found: names of files count too."""
    read, found = 0, []
    for root in paths:
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if hits(path.name.encode(), sought):
                found.append(f"the name of {path.name}")
            if not path.is_file():
                continue
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue  # PostgreSQL removes files of its own while we look
            read += len(content)
            found += [f"{path.name}: {hit}" for hit in hits(content, sought)]
    return read, found
