"""The days and months that a cadence names, year by year. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from maillage.conventions.terms.commitments import Cadence, Rhythm
from maillage.core.calendar import DAY


@dataclass(frozen=True, slots=True)
class Span:
    """A day that a text names, or the run of months (« en février ou mars »), its first and last day included."""

    months: tuple[int, ...]
    first: date
    last: date


def spans(cadence: Cadence, year: int) -> tuple[Span, ...]:
    """What a cadence names of a civil year, as many each year and in the same order; nothing where it names neither days nor months.

    What is yearly is owed once, in one of its months; another rhythm, at each run of them (March, then September).
    """
    if cadence.days:
        return tuple(_day(year, int(said[:2]), int(said[3:])) for said in cadence.days)
    return tuple(
        Span(months, date(year, months[0], 1), _last_day(year, months)) for months in _groups(cadence)
    )


def _groups(cadence: Cadence) -> list[tuple[int, ...]]:
    """The months of one time together, in order; December and January are neighbours."""
    months = sorted(set(cadence.months))
    if cadence.rhythm is Rhythm.YEARLY or not months:
        return [_turned(months)] if months else []
    groups: list[list[int]] = []
    for month in _turned(months):
        if groups and groups[-1][-1] % 12 + 1 == month:
            groups[-1].append(month)
        else:
            groups.append([month])
    return [tuple(group) for group in groups]


def _turned(months: Sequence[int]) -> tuple[int, ...]:
    """Begin after the longest silence: « décembre ou janvier » rather than January to December."""
    gaps = [(months[rank] - months[rank - 1]) % 12 or 12 for rank in range(len(months))]
    start = max(range(len(months)), key=lambda rank: (gaps[rank], -rank))
    return (*months[start:], *months[:start])


def _day(year: int, month: int, number: int) -> Span:
    """29 February is the 28th in common years."""
    day = min(date(year, month, 1) + DAY * (number - 1), _last_day(year, (month,)))
    return Span((month,), day, day)


def _last_day(year: int, months: Sequence[int]) -> date:
    """Of the last month, which may be in the next year."""
    year += months[-1] < months[0]
    return date(year + months[-1] // 12, months[-1] % 12 + 1, 1) - DAY
