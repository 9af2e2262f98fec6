"""When committees meet, as far as the text says: the months that it names, never a day that it does not. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.states import State
from maillage.conventions.terms.commitments import Rhythm
from maillage.conventions.terms.steering import Committee
from maillage.core.calendar import DAY

_RUNNING: Final = frozenset({State.SIGNED, State.IN_FORCE})


@dataclass(frozen=True, slots=True)
class Meeting:
    """The months of one coming meeting (S4 art. 4: « en février ou mars »), their first and last day included."""

    committee: Committee
    months: tuple[int, ...]
    first: date
    last: date


def next_meetings(committees: Iterable[Committee], known: Facts, on: date) -> tuple[Meeting, ...]:
    """The next meeting of each committee whose months or days the text names, until the last day that a reading gives.

    A yearly committee meets once, in one of its months; another one meets at each run of them (March, then September).
    """
    running = [each for each in known.each() if each.state in _RUNNING]
    starts = [each.starts for each in running if each.starts is not None]
    if not starts:
        return ()
    ends = [each.out_from for each in running]
    until = max(day for day in ends if day is not None) if None not in ends else None
    found = [meeting for one in committees for meeting in _next_of(one, max(min(starts), on))]
    kept = [one for one in found if until is None or one.first < until]
    return tuple(sorted(kept, key=lambda one: (one.first, one.committee.key)))


def undated(committees: Iterable[Committee], known: Facts) -> tuple[Committee, ...]:
    """The committees of which the text gives a rhythm at most: they have no place on a line of days."""
    if not any(each.state in _RUNNING for each in known.each()):
        return ()
    return tuple(one for one in committees if not one.cadence.months and not one.cadence.days)


def _next_of(committee: Committee, on: date) -> Iterator[Meeting]:
    years = range(on.year - 1, on.year + 2)
    for said in committee.cadence.days:
        month, number = int(said[:2]), int(said[3:])
        day = next(found for year in years if (found := _day(year, month, number)) >= on)
        yield Meeting(committee, (month,), day, day)
    for months in () if committee.cadence.days else _groups(committee):
        year = next(year for year in years if _last_day(year, months) >= on)
        yield Meeting(committee, months, date(year, months[0], 1), _last_day(year, months))


def _groups(committee: Committee) -> list[tuple[int, ...]]:
    """The months of one meeting together, in order; December and January are neighbours."""
    months = sorted(set(committee.cadence.months))
    if committee.cadence.rhythm is Rhythm.YEARLY or not months:
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


def _day(year: int, month: int, number: int) -> date:
    """29 February is the 28th in common years."""
    return min(date(year, month, 1) + DAY * (number - 1), _last_day(year, (month,)))


def _last_day(year: int, months: Sequence[int]) -> date:
    """Of the last month, which may be in the next year."""
    year += months[-1] < months[0]
    return date(year + months[-1] // 12, months[-1] % 12 + 1, 1) - DAY
