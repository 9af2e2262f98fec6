"""What Maillage counted under a convention, asked of the database through the doors that parties have."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection

from maillage.catalogue.measures import DELAYS
from maillage.indicators.figures import Amounts, Year
from maillage.training.queries import counts_by_year

_COUNTED: Final = """
SELECT asked.year, found.measure, found.amount
  FROM unnest(%s::int[]) asked (year),
       LATERAL indicators_of(%s, make_date(asked.year, 1, 1), make_date(asked.year + 1, 1, 1)) found
"""
_DELAYS: Final = """
SELECT asked.year, found.delay, found.days, found.amount
  FROM unnest(%s::int[]) asked (year),
       LATERAL indicators_delays(%s, make_date(asked.year, 1, 1), make_date(asked.year + 1, 1, 1)) found
"""
_BY_CODE: Final = {one.code: one for one in DELAYS}


def reads_exactly(convention: UUID) -> bool:
    """Whether the acting organisation reads exactly what is counted of people: it sends or receives cases under the convention."""
    return _is("SELECT indicators_exact(%s)", convention)


def all_read_exactly(convention: UUID) -> bool:
    """Whether each party that signs does: what all of them read in one file is exact then, and only then."""
    return _is("SELECT indicators_exact_for_all(%s)", convention)


def _is(question: str, convention: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [convention])
        return bool(cursor.fetchone()[0])


def amounts(convention: UUID, year: Year) -> Amounts:
    """What was counted under a convention in a civil year, by measure (`catalogue/measures.py`).

    A definer function counts the whole convention, so that its parties read the same; without a nominative flow of one's own, what
    happens to people is left out. Raises ProgrammingError (InsufficientPrivilege) for whoever is no party.
    """
    return amounts_by_year(convention, (year,))[year]


def amounts_by_year(convention: UUID, years: Iterable[Year]) -> dict[Year, Amounts]:
    """The same of several years, in as many questions as of one; none asked where there is no year."""
    found = {year: Counter[str]() for year in years}
    if not found:
        return {}
    numbers = [year.number for year in found]
    for number, code, amount in _called(_COUNTED, numbers, convention):
        found[Year(number)][code] += amount
    for number, delay, days, amount in _called(_DELAYS, numbers, convention):
        found[Year(number)][_BY_CODE[delay].band(days).code] += amount
    for number, trained in counts_by_year(convention, numbers).items():
        found[Year(number)] |= {
            "sessions_dedicated": trained.dedicated.sessions,
            "sessions_open": trained.open_to_all.sessions,
            "persons_trained": trained.total.persons,
            "persons_dedicated": trained.dedicated.persons,
            "attendances_open": trained.open_to_all.attendances,
        }
    return dict(found)


def _called(question: str, numbers: Sequence[int], convention: UUID) -> Iterable[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, [list(numbers), convention])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
