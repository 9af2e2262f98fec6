"""What makes a meeting valid, when one is owed, what its minutes are. Pure.

S2 art. 5, S3 art. 5, S4 art. 4 and 11: a committee each year, composed of the referents at least. S1 art. 5: a final bilan before the term.
No text gives a quorum: unless the parties say otherwise, each member party is represented.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, Final

from maillage.core.calendar import Period, add, subtract

LONGEST_TEXT: Final = 8_000
"""Characters of one point of the minutes."""
LONGEST_WORD: Final = 1_000
"""Characters of an alert, a good practice, a path of improvement, a point of the agenda."""
LONGEST_PLACE: Final = 300
MOST_WORDS: Final = 200
"""Words that one convention gathers between two meetings, and decisions of one meeting."""
SOON: Final = Period(days=30)
"""How long before its last day a decision is shown to whoever has charge of it."""
BEFORE_TERM: Final = Period(days=180)
"""How long before the term the final bilan is asked for: a mark of the platform, S1 gives none."""
SMALL: Final = 11
"""Under so many, a count is not told exactly where the text bars persons' data (docs/adr/0030)."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision as the minutes hold it."""

    number: int
    text: str
    owner: str
    due_on: date


def absent(needed: Iterable[str], present: Collection[str]) -> tuple[str, ...]:
    """The parties that must be represented and are not; none when the quorum is reached."""
    return tuple(key for key in needed if key not in present)


def minutes_hash(body: Mapping[str, str], decisions: Sequence[Taken]) -> str:
    """What a party validates: each text of the minutes and each decision, whatever the order in which they were written."""
    content: dict[str, Any] = {
        "body": dict(sorted(body.items())),
        "decisions": [
            [one.number, one.text, one.owner, one.due_on.isoformat()]
            for one in sorted(decisions, key=lambda one: one.number)
        ],
    }
    return sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def presses(due_on: date, on: date) -> bool:
    """Whether a decision is late, or due within 30 days."""
    return due_on <= add(on, SOON)


def final_from(ends: date) -> date:
    """The day from which the final bilan is asked for, before a term whose last day is known."""
    return subtract(ends, BEFORE_TERM)


def counted_for(count: int, *, exact: bool) -> str:
    """A count as every reader of the file may read it."""
    return str(count) if exact or count >= SMALL else f"moins de {SMALL}"
