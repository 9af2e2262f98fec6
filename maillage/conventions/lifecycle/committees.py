"""When committees meet, as far as the text says: the months that it names, never a day that it does not. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.rhythm import spans
from maillage.conventions.lifecycle.states import State
from maillage.conventions.terms.steering import Committee

_RUNNING: Final = frozenset({State.SIGNED, State.IN_FORCE})


@dataclass(frozen=True, slots=True)
class Meeting:
    """The months of one coming meeting (S4 art. 4: « en février ou mars »), their first and last day included."""

    committee: Committee
    months: tuple[int, ...]
    first: date
    last: date


def next_meetings(
    committees: Iterable[Committee], known: Facts, on: date, held: Mapping[str, Sequence[date]] | None = None
) -> tuple[Meeting, ...]:
    """The next meeting of each committee whose months or days the text names, until the last day that a reading gives.

    A yearly committee meets once, in one of its months; another one meets at each run of them (March, then September). `held`:
    the days on which each committee met, by its key; one that met in its months is waited for in the next ones.
    """
    running = [each for each in known.each() if each.state in _RUNNING]
    starts = [each.starts for each in running if each.starts is not None]
    if not starts:
        return ()
    ends = [each.out_from for each in running]
    until = max(day for day in ends if day is not None) if None not in ends else None
    found = [
        meeting
        for one in committees
        for meeting in _next_of(one, max(min(starts), on), (held or {}).get(one.key, ()))
    ]
    kept = [one for one in found if until is None or one.first < until]
    return tuple(sorted(kept, key=lambda one: (one.first, one.committee.key)))


def undated(committees: Iterable[Committee], known: Facts) -> tuple[Committee, ...]:
    """The committees of which the text gives a rhythm at most: they have no place on a line of days."""
    if not any(each.state in _RUNNING for each in known.each()):
        return ()
    return tuple(one for one in committees if not one.cadence.months and not one.cadence.days)


def _next_of(committee: Committee, on: date, held: Sequence[date]) -> Iterator[Meeting]:
    years = [spans(committee.cadence, year) for year in range(on.year - 1, on.year + 3)]
    for same in zip(*years, strict=True):
        coming = next(
            span
            for span in same
            if span.last >= on and not any(span.first <= day <= span.last for day in held)
        )
        yield Meeting(committee, coming.months, coming.first, coming.last)
