"""The three ways to call on a referent (S3 art. 4, S4 art. 10), and what is counted of them. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median
from typing import Final

from maillage.conventions.terms.steering import Referent as ReferentClause

ANSWER_DAYS: Final = 10
"""Days within which an answer is looked for, from the day of the question. Ours: no text gives a number."""
LONGEST: Final = 2000
"""Characters of a question or of an answer."""
MEANS: Final = {"oral": "de vive voix", "written": "par écrit"}
"""How the person gave her agreement."""


class Way(StrEnum):
    """What one calls for; the values are the keys that the texts' clauses use."""

    INFORMATION = "information"
    ROUTING = "routing"
    PROGRESS = "progress"

    @property
    def label(self) -> str:
        """The words of lists, short."""
        return _LABELS[self]

    @property
    def is_personal(self) -> bool:
        """Whether it is about one person: only from a case, with her agreement."""
        return self is Way.PROGRESS


_LABELS: Final = {
    Way.INFORMATION: "information sur un dispositif ou une prestation",
    Way.ROUTING: "orientation vers le bon service",
    Way.PROGRESS: "avancement d’une démarche",
}


@dataclass(frozen=True, slots=True)
class Called:
    """A party whose referents may be called on, for what, by which article."""

    party: str
    article: str
    ways: tuple[Way, ...]


def open_to(clauses: Iterable[ReferentClause], caller: str) -> tuple[Called, ...]:
    """The parties that one party may call on. A text that does not say who calls leaves it to each other party."""
    found: dict[str, Called] = {}
    for clause in clauses:
        named = not clause.solicited_by or caller in clause.solicited_by
        if clause.party == caller or not named:
            continue
        asked = {item.key for item in clause.solicited_for}
        before = found.get(clause.party)
        ways = tuple(way for way in Way if way.value in asked or (before and way in before.ways))
        if ways:
            found[clause.party] = Called(clause.party, before.article if before else clause.article, ways)
    return tuple(found.values())


def due_on(asked_on: date) -> date:
    """The day by which an answer is looked for."""
    return asked_on + timedelta(days=ANSWER_DAYS)


def text_problem(text: str) -> str | None:
    """What is wrong with a question or an answer of any way."""
    if not text.strip():
        return "Écrivez quelques mots."
    return f"{LONGEST} caractères au plus." if len(text) > LONGEST else None


@dataclass(frozen=True, slots=True)
class WayCount:
    """How often one way was used, how many were answered, and the median time to an answer, in hours."""

    way: Way
    asked: int
    answered: int
    median_hours: float | None


def counted_by_way(rows: Sequence[tuple[str, timedelta | None]]) -> tuple[WayCount, ...]:
    """The counts, way by way; each row is a way and the time until its answer, None while there is none."""
    counts = []
    for way in Way:
        mine = [taken for said, taken in rows if said == way]
        hours = [taken.total_seconds() / 3600 for taken in mine if taken is not None]
        counts.append(WayCount(way, len(mine), len(hours), median(hours) if hours else None))
    return tuple(counts)
