"""On which days somebody is told of a file that waits: the thresholds that a convention agrees on, a promise missed, silence near. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from maillage.conventions.terms import Blank, Terms
from maillage.core.calendar import DAY, Period, add
from maillage.core.holidays import add_working_days


class Alert(StrEnum):
    """Why somebody is told: an agreed threshold is reached, the convention's promise is missed, silence speaks soon."""

    THRESHOLD = "threshold"
    MISSED = "missed"
    SILENCE = "silence"


SILENCE_NEAR: Final = timedelta(days=7)
"""How long before the last day of the law one is told. Chosen on 26/11/2026: no text says it."""


@dataclass(frozen=True, slots=True)
class AlertDay:
    """A day on which one is told, and why."""

    on: date
    why: Alert


def thresholds_of(terms: Terms, right: str, *, urgent: bool) -> tuple[Period, ...]:
    """The alert thresholds that a convention agrees on for a right (S2 art. 4.1), counted from reception; none while left blank."""
    clocks = [one for one in terms.clocks if one.right == right and one.chosen is not False]
    clock = next((one for one in clocks if one.urgent is urgent), None)
    if clock is None or clock.thresholds is None or isinstance(clock.thresholds, Blank):
        return ()
    return tuple(period for period in clock.thresholds if not period.hours)


def alert_days(
    received: date,
    *,
    thresholds: Iterable[Period],
    promised: date | None,
    legal: date | None,
    departement: str,
) -> list[AlertDay]:
    """Every day on which one is told of a file that waits, the first one first; none once nothing runs."""
    found = [AlertDay(legal - SILENCE_NEAR, Alert.SILENCE)] if legal else []
    if promised:
        found.append(AlertDay(promised + DAY, Alert.MISSED))
    if promised or legal:
        found += [AlertDay(_reached(received, period, departement), Alert.THRESHOLD) for period in thresholds]
    return sorted(found, key=lambda one: (one.on, one.why))


def _reached(received: date, period: Period, departement: str) -> date:
    if period.working_days:
        return add_working_days(received, period.working_days, departement)
    return add(received, period)


def next_day(days: Sequence[AlertDay], since: date) -> date | None:
    """The first of these days that is not before `since`; None when all have passed."""
    return min((one.on for one in days if one.on >= since), default=None)
