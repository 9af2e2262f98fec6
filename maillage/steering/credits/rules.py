"""Following credits within a year: what is consumed, what misses, what the year would end at. Pure; amounts are whole cents.

The projection reads in past years which share of the year was consumed at the same month: what is consumed so far, divided by the
mean of these shares. Its bounds are what the lowest and the highest of these shares would give. Nothing is supposed of the law of
these shares: if this year is drawn like the n others, it falls between them n - 1 times in n + 1 (the rank of a new draw among n
is uniform), and that figure is shown with them.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from maillage.conventions.terms.base import Labelled

MONTHS: Final = range(1, 13)
FEWEST: Final = 3
"""Past years without which no bounds are given: between two of them one year in three would fall."""
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2199
LARGEST: Final = 10**15
"""Cents: ten thousand billion euros."""


class Target(Labelled):
    """What the objective of an envelope belongs to (S1 axis 3)."""

    ONDAM = "ondam", "ONDAM"
    OGD = "ogd", "OGD"
    OTHER = "other", "autre objectif"


@dataclass(frozen=True, slots=True)
class Year:
    """One year of an envelope: what each month consumed, in cents, and the objective where one was given."""

    number: int
    months: Mapping[int, int]
    objective: int | None = None

    @property
    def last(self) -> int:
        """The last month of the run that begins in January without a hole; 0 where January misses."""
        return next((month - 1 for month in MONTHS if month not in self.months), 12)

    @property
    def is_complete(self) -> bool:
        """Whether all twelve months are there."""
        return self.last == 12

    @property
    def holes(self) -> tuple[int, ...]:
        """The months that miss before one that is there."""
        latest = max(self.months, default=0)
        return tuple(month for month in MONTHS if month < latest and month not in self.months)

    def upto(self, month: int) -> int:
        """What was consumed from January to a month."""
        return sum(amount for number, amount in self.months.items() if number <= month)

    def share(self, month: int) -> Fraction | None:
        """Which part of the year was consumed at the end of a month; None for a year that is not whole, or that consumed nothing."""
        total = self.upto(12)
        return Fraction(self.upto(month), total) if self.is_complete and total > 0 else None


@dataclass(frozen=True, slots=True)
class Projection:
    """What a year would end at, from what it consumed to the end of `month`.

    `years` are the past ones whose share is read, `share` their mean. `low` and `high` are None with fewer than `FEWEST` of them;
    `frequency` is how often a year like the others falls between them.
    """

    month: int
    consumed: int
    point: int
    years: tuple[int, ...]
    share: Fraction
    low: int | None = None
    high: int | None = None
    frequency: Fraction | None = None

    @property
    def is_known(self) -> bool:
        """Whether the year is over: nothing is projected."""
        return self.month == 12


@dataclass(frozen=True, slots=True)
class Missing:
    """A month that a followed series lacks."""

    year: int
    month: int

    @property
    def due_on(self) -> date:
        """The last day of the next month. No text gives one: ours."""
        year, month = (self.year, self.month) if self.month < 12 else (self.year + 1, 0)
        return date(year, month + 1, monthrange(year, month + 1)[1])


def missing_months(known: Collection[tuple[int, int]], on: date) -> tuple[Missing, ...]:
    """The months, as (year, month), of this year and of the last one that a series lacks between its first one and this month.

    A series of which neither year has a month is followed no more: nothing misses.
    """
    recent = on.year - 1
    if not any(year >= recent for year, _ in known):
        return ()
    first = min(known)
    return tuple(
        Missing(year, month)
        for year in (recent, on.year)
        for month in MONTHS
        if first < (year, month) < (on.year, on.month) and (year, month) not in known
    )


class Unprojected(Labelled):
    """Why a year is not projected."""

    NOTHING = "nothing", "Aucun mois n’est connu depuis janvier : il n’y a rien à projeter."
    NO_PAST = "no_past", "Aucune année passée n’est complète : il n’y a pas de profil auquel se comparer."
    NO_SHARE = (
        "no_share",
        "Les années passées n’avaient rien consommé à ce mois : leur profil ne dit rien de la suite.",
    )


def project(year: Year, others: Iterable[Year]) -> Projection | Unprojected:
    """Project the end of a year from the whole years before it, or say why not."""
    month = year.last
    if month == 0:
        return Unprojected.NOTHING
    consumed = year.upto(month)
    if month == 12:
        return Projection(12, consumed, consumed, (), Fraction(1))
    past = sorted((one for one in others if one.number < year.number), key=lambda one: one.number)
    shares = {one.number: share for one in past if (share := one.share(month)) is not None}
    if not shares:
        return Unprojected.NO_PAST
    mean = sum(shares.values(), Fraction(0)) / len(shares)
    if min(shares.values()) <= 0:
        return Unprojected.NO_SHARE
    years, count = tuple(shares), len(shares)
    if count < FEWEST:
        return Projection(month, consumed, round(consumed / mean), years, mean)
    ends = sorted(round(consumed / share) for share in (min(shares.values()), max(shares.values())))
    return Projection(
        month, consumed, round(consumed / mean), years, mean, ends[0], ends[1], Fraction(count - 1, count + 1)
    )
