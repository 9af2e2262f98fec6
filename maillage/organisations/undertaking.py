"""The confidentiality undertaking that everyone signs before acting: a packaged French text, known by its version and its hash."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

CURRENT: Final = "1"
# A text that was signed never changes: another wording is another version, and everybody signs again.
HASHES: Final = {"1": "c7dd993671db4bfae441391ed60c0a061518d5d506669efc5baf600141c535e1"}
_TEXTS: Final = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the paragraphs under it."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UndertakingText:
    """What is signed: the whole text, cut in sections to be read, and the hash of the file as it is packaged."""

    version: str
    text_hash: str
    sections: tuple[Section, ...]


@cache
def current_text() -> UndertakingText:
    """The text to sign today."""
    return text_of(CURRENT)


def text_of(version: str) -> UndertakingText:
    """A text by its version. Raises ValueError when the packaged file is not the one that this version names."""
    content = (_TEXTS / f"engagement_{version}.txt").read_bytes()
    found = sha256(content).hexdigest()
    if found != HASHES.get(version):
        raise ValueError(f"undertaking {version}: its text changed; write a new version instead")
    return UndertakingText(version, found, tuple(_sections(content.decode())))


def _sections(content: str) -> list[Section]:
    found = []
    for block in content.strip().split("\n\n"):
        heading, *paragraphs = block.splitlines()
        found.append(Section(heading.removeprefix("# "), tuple(paragraphs)))
    return found
