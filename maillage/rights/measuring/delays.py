"""How long applications took, all of them: from the day of reception to that of the decision, or from one step to the next (S2 art. 5)."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Final

BOUNDS: Final = (10, 20, 31, 60)
"""The last day of each band but the last, which has none: the promises of S2 are 10, 30 and 31 days, the law’s two months."""


@dataclass(frozen=True, slots=True)
class Tally:
    """`count` applications that took so many `days`. `promise` and `law`: whether that last day was kept; None without one."""

    days: int
    count: int = 1
    promise: bool | None = None
    law: bool | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """How many applications took from `first` to `last` days, both included; None: any number more."""

    first: int
    last: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Of `of` last days, how many were kept."""

    count: int
    of: int

    @property
    def share(self) -> Fraction | None:
        """The part that was kept; None where there was nothing to keep."""
        return Fraction(self.count, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Distribution:
    """The delays of applications, in days. Without any, there is no mean and there are no quartiles.

    `quartiles`: first, median, third, by the inclusive method (what is measured is the whole population, no sample of it).
    """

    count: int
    mean: Fraction | None
    quartiles: tuple[Fraction, Fraction, Fraction] | None
    bands: tuple[Band, ...]
    promise: Kept
    law: Kept

    @property
    def median(self) -> Fraction | None:
        """The delay that half of the applications do not pass."""
        return self.quartiles[1] if self.quartiles else None


def distribution(rows: Iterable[Tally], bounds: Sequence[int] = BOUNDS) -> Distribution:
    """The distribution of these delays. Raises ValueError for a decision before its reception, or bounds that do not rise from 0."""
    rows = list(rows)
    counts = Counter[int]()
    for row in rows:
        counts[row.days] += row.count
    if counts and min(counts) < 0:
        raise ValueError("une décision qui suive sa réception")
    starts = [0, *(bound + 1 for bound in bounds)]
    if any(first >= last for first, last in pairwise(starts)):
        raise ValueError("des tranches de jours qui se suivent")
    total = counts.total()
    return Distribution(
        count=total,
        mean=Fraction(sum(days * count for days, count in counts.items()), total) if total else None,
        quartiles=_quartiles(counts) if total else None,
        bands=tuple(
            Band(first, last, sum(counts[days] for days in counts if _within(days, first, last)))
            for first, last in zip(starts, [*bounds, None], strict=True)
        ),
        promise=_kept((row.promise, row.count) for row in rows),
        law=_kept((row.law, row.count) for row in rows),
    )


def _within(days: int, first: int, last: int | None) -> bool:
    return first <= days and (last is None or days <= last)


def _kept(judged: Iterable[tuple[bool | None, int]]) -> Kept:
    found = Counter[bool]()
    for kept, count in judged:
        if kept is not None:
            found[kept] += count
    return Kept(found[True], found.total())


def mean_of(days: Collection[int]) -> Fraction | None:
    """The mean, exact; None without any."""
    return Fraction(sum(days), len(days)) if days else None


def _quartiles(counts: Counter[int]) -> tuple[Fraction, Fraction, Fraction]:
    """Those of `statistics.quantiles(method="inclusive")`, without writing each delay out: a million files have few delays."""
    delays = sorted(counts)
    ends = list(accumulate(counts[days] for days in delays))

    def nth(place: int) -> int:
        return delays[bisect_left(ends, place + 1)]

    def quartile(number: int) -> Fraction:
        place, rest = divmod(number * (ends[-1] - 1), 4)
        return Fraction(nth(place) * (4 - rest) + (nth(place + 1) * rest if rest else 0), 4)

    return quartile(1), quartile(2), quartile(3)
