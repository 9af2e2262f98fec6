"""What Maillage counted under a convention, asked of the database through the one door that parties have."""

from collections.abc import Mapping
from uuid import UUID

from django.db import connection

from maillage.indicators.figures import Year
from maillage.training.queries import counts


def amounts(convention: UUID, year: Year) -> Mapping[str, int]:
    """What was counted under a convention in a civil year, by measure (`catalogue/measures.py`).

    A definer function counts the whole convention, so that its parties read the same; without a nominative flow of one's own, what
    happens to people is left out. Raises ProgrammingError (InsufficientPrivilege) for whoever is no party.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT measure, amount FROM indicators_of(%s, %s, %s)", [convention, year.since, year.until]
        )
        counted: dict[str, int] = dict(cursor.fetchall())
    return counted | _trained(convention, year)


def _trained(convention: UUID, year: Year) -> dict[str, int]:
    """What the sessions of the year come to, which names no person helped."""
    found = counts(convention, year.since, year.until)
    return {
        "sessions_dedicated": found.dedicated.sessions,
        "sessions_open": found.open_to_all.sessions,
        "persons_trained": found.total.persons,
        "persons_dedicated": found.dedicated.persons,
        "attendances_open": found.open_to_all.attendances,
    }
