"""From how many days a referral is late, or blocked: what the text says, else the referents, else a dated mark (row D10)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.clocks import Clock
from maillage.core.calendar import DAY, Period, add
from maillage.core.holidays import add_working_days


class Kind(StrEnum):
    """What is watched: a referral that nobody acknowledges, one that nothing moves any more."""

    LATE = "late"
    BLOCKED = "blocked"


class Source(StrEnum):
    """Who says the number of days."""

    TEXT = "text"
    REFERENTS = "referents"
    DEFAULT = "default"


RIGHTS: Final[dict[Kind, str]] = {Kind.LATE: "acknowledgement", Kind.BLOCKED: "standstill"}
"""The `right` of the clock by which a text gives each one; its first alert threshold counts, else its promised delay."""
DEFAULTS: Final[dict[Kind, int]] = {Kind.LATE: 7, Kind.BLOCKED: 30}
DEFAULT_SINCE: Final = date(2026, 11, 26)
"""The day on which these marks were chosen: none of the five texts gives a number (S2 art. 4.1 leaves a blank)."""
LOWEST: Final = 1
HIGHEST: Final = 365


@dataclass(frozen=True, slots=True)
class Threshold:
    """How long, and on whose word: the article of the text, or the day on which referents or the platform said so."""

    kind: Kind
    period: Period
    source: Source
    article: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What referents set last: days for both kinds, and when."""

    late_days: int
    blocked_days: int
    since: date

    def days(self, kind: Kind) -> int:
        """Those of one kind."""
        return self.late_days if kind is Kind.LATE else self.blocked_days


def threshold(kind: Kind, terms: Terms, agreed: Agreed | None) -> Threshold:
    """The one that counts: the text's before the referents', before the mark of the platform (S2 art. 4.1, row D10)."""
    clock = next((one for one in terms.clocks if one.right == RIGHTS[kind] and not one.urgent), None)
    period = _said(clock) if clock else None
    if clock and period:
        return Threshold(kind, period, Source.TEXT, article=clock.article)
    if agreed:
        return Threshold(kind, Period(days=agreed.days(kind)), Source.REFERENTS, since=agreed.since)
    return Threshold(kind, Period(days=DEFAULTS[kind]), Source.DEFAULT, since=DEFAULT_SINCE)


def _said(clock: Clock) -> Period | None:
    """In days or months; a blank says nothing yet, hours are no matter of days."""
    if clock.thresholds and not isinstance(clock.thresholds, Blank):
        found = clock.thresholds[0]
    elif clock.promised and not isinstance(clock.promised, Blank):
        found = clock.promised
    else:
        return None
    return None if found.hours else found


def reached_on(step: date, period: Period, departement: str) -> date:
    """The day from which a step of `step` is too long ago."""
    if period.working_days:
        return add_working_days(step, period.working_days, departement)
    return add(step, period)


def oldest_step(on: date, period: Period, departement: str) -> date:
    """The last day of which a step is too long ago on `on`: it, and any day before."""
    step = on
    while reached_on(step, period, departement) > on:
        step -= DAY
    return step


def days_problem(days: int) -> str:
    """What is wrong with a number of days that referents set; empty when nothing is."""
    return "" if LOWEST <= days <= HIGHEST else f"Un seuil va de {LOWEST} à {HIGHEST} jours."
