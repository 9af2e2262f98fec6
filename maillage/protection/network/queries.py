"""What each body below one's own has under way, for the head of a network: counts only."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from maillage.organisations.member import Member, trained_since
from maillage.organisations.roles import Permission


@dataclass(frozen=True, slots=True)
class BodyCounts:
    """One body's counts on a day. `is_watched`: somebody there watches over its data on the platform."""

    name: str
    departement: str
    is_watched: bool
    breaches: int
    requests: int
    late_requests: int
    destructions: int
    alerts: int
    untrained: int


def network_of(member: Member, *, on: date) -> list[BodyCounts]:
    """The bodies below her organisation where somebody has a role or something is under way, by name; for whoever protects data.

    One query, whose rows the database counts: neither the breaches nor the requests of another body can be read from here.
    """
    if not member.may(Permission.PROTECT_DATA):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM protection_network(%s, %s)", [on, trained_since(on)])
        return [BodyCounts(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Together:
    """What these bodies have under way, each once: a breach that two of them share, a request that one passed on to another."""

    breaches: int = 0
    requests: int = 0
    late_requests: int = 0


def together(member: Member, *, on: date) -> Together:
    """The same bodies' counts in which one thing may be counted at several of them. One query."""
    if not member.may(Permission.PROTECT_DATA):
        return Together()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM protection_network_once(%s)", [on])
        return Together(*cursor.fetchone())
