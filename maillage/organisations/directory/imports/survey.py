"""A first reading of the whole file: how many lines, and which of them speak of the same organisation. Pure.

Within a file an organisation stands once. A line that repeats another word for word is a duplicate; one that says
something else of the same organisation contradicts it, and neither is applied: nobody knows which one is right.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from maillage.core.spreadsheets.csv_text import Record
from maillage.core.text import sort_key
from maillage.organisations.directory.imports.lines import Glimpse, glimpse


@dataclass(slots=True)
class Survey:
    """What was found; keys are 64-bit digests, so that 200 000 lines hold in some tens of megabytes."""

    total: int = 0
    duplicates: dict[int, int] = field(default_factory=dict)
    contradictions: dict[int, int] = field(default_factory=dict)
    seen: dict[int, tuple[int, int, bool]] = field(default_factory=dict)  # key -> line, content, has a number
    names: dict[int, int] = field(default_factory=dict)  # name alone -> first line: for « rattachement »

    def earlier(self, parent: str, line: int) -> bool:
        """Whether an earlier line of the file brings the organisation that a line names as its parent."""
        key = _digest("siret", parent)
        found = (
            self.seen[key][0] if key in self.seen else self.names.get(_digest("name", sort_key(parent)), line)
        )
        return found < line and found not in self.contradictions


def survey(records: Iterable[Record], places: dict[str, int]) -> Survey:
    """Read every line once."""
    found = Survey()
    for record in records:
        found.total += 1
        if not record.fault:
            _note(
                found, record.line, glimpse(record.cells, places), " ".join("\0".join(record.cells).split())
            )
    return found


def _note(found: Survey, line: int, seen: Glimpse, words: str) -> None:
    content = _digest(words)
    numbered = bool(seen.siret or seen.code)
    for key, is_name in _keys(seen):
        other = found.seen.get(key)
        if other is None:
            found.seen[key] = (line, content, numbered)
        # Two establishments may bear one name: the name alone tells nothing where both have numbers of their own.
        elif not (is_name and numbered and other[2]) and other[0] != line:
            _compare(found, line, content, other)
    found.names.setdefault(_digest("name", seen.name), line)


def _compare(found: Survey, line: int, content: int, other: tuple[int, int, bool]) -> None:
    if content == other[1]:
        found.duplicates[line] = other[0]
    else:
        found.contradictions[line] = other[0]
        found.contradictions.setdefault(other[0], line)


def _keys(seen: Glimpse) -> Iterator[tuple[int, bool]]:
    if seen.siret:
        yield _digest("siret", seen.siret), False
    if seen.code:
        yield _digest("code", seen.kind, seen.code), False
    if seen.name:
        yield _digest("name", seen.kind, seen.departement, seen.name), True


def _digest(*parts: str) -> int:
    return int.from_bytes(blake2b("\0".join(parts).encode(), digest_size=8).digest(), "big")
