"""How long applications took, all of them: from the day of reception to that of the decision (S2 art. 5)."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from statistics import quantiles
from typing import Final
from uuid import UUID

BOUNDS: Final = (10, 20, 31, 60)
"""The last day of each band but the last, which has none: the promises of S2 are 10, 30 and 31 days, the law’s two months."""


@dataclass(frozen=True, slots=True)
class Treated:
    """A decided application. `kind`: its right, or whatever it is counted by. `kept`: whether the promise was; None without one."""

    id: UUID
    kind: str
    received: date
    decided: date
    kept: bool | None = None

    @property
    def days(self) -> int:
        """The total delay, in days; the day of reception does not count."""
        return (self.decided - self.received).days


@dataclass(frozen=True, slots=True)
class Band:
    """How many applications took from `first` to `last` days, both included; None: any number more."""

    first: int
    last: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """The delays of applications, in days. Without any, there is no mean and there are no quartiles.

    `kept` of the `promised` ones were decided in time. `quartiles`: first, median, third, by the inclusive method (what is measured
    is the whole population, no sample of it).
    """

    count: int
    mean: Fraction | None
    quartiles: tuple[float, float, float] | None
    bands: tuple[Band, ...]
    promised: int
    kept: int

    @property
    def share_kept(self) -> Fraction | None:
        """The part of the promises that were kept; None where nothing was promised."""
        return Fraction(self.kept, self.promised) if self.promised else None


def decided_between(rows: Iterable[Treated], since: date, until: date) -> list[Treated]:
    """The applications decided from one committee to the next: that of the day `until` sees those decided before it."""
    return [row for row in rows if since <= row.decided < until]


def distribution(rows: Collection[Treated], bounds: Sequence[int] = BOUNDS) -> Distribution:
    """The distribution of these delays. Raises ValueError for a decision before its reception, or bounds that do not rise from 0."""
    days = sorted(row.days for row in rows)
    if days and days[0] < 0:
        raise ValueError("une décision qui suive sa réception")
    starts = [0, *(bound + 1 for bound in bounds)]
    if any(first >= last for first, last in pairwise(starts)):
        raise ValueError("des tranches de jours qui se suivent")
    judged = [row.kept for row in rows if row.kept is not None]
    return Distribution(
        count=len(days),
        mean=mean_of(days),
        quartiles=_quartiles(days),
        bands=tuple(
            Band(
                first,
                last,
                (len(days) if last is None else bisect_right(days, last)) - bisect_left(days, first),
            )
            for first, last in zip(starts, [*bounds, None], strict=True)
        ),
        promised=len(judged),
        kept=sum(judged),
    )


def mean_of(days: Collection[int]) -> Fraction | None:
    """The mean, exact; None without any."""
    return Fraction(sum(days), len(days)) if days else None


def _quartiles(days: list[int]) -> tuple[float, float, float] | None:
    if not days:
        return None
    first, median, third = quantiles(days, n=4, method="inclusive") if len(days) > 1 else [float(days[0])] * 3
    return first, median, third
