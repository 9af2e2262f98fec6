"""Slowing down whoever guesses passwords: tries counted by the database, so that they hold for every web process.

A try is counted before the password is looked at. What the database does not count is not tried.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils.crypto import salted_hmac


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries in so many seconds, from the first one on."""

    tries: int
    seconds: int


PER_SOURCE: Final = Limit(100, 60)  # a hospital is one address: the account's own bound protects it
PER_ACCOUNT: Final = Limit(5, 300)
PER_FACTOR: Final = Limit(
    5, 900
)  # six digits, three of them right at a time: 1 in 700 a day for who has the password


@dataclass(frozen=True, slots=True)
class Door:
    """What is tried: the sign-in of an account from an address, or the present password of someone signed in."""

    account: str
    source: str = ""
    limit: Limit = PER_ACCOUNT

    def tried(self) -> bool:
        """Count one try; whether it may go on. A refused one counts too."""
        with transaction.atomic():
            return all(_counted(key, limit) for key, limit in self._bounds())

    def opened(self) -> None:
        """Forget the try that succeeded, and no other: someone's own sign-in does not help whoever guesses beside her."""
        with transaction.atomic(), connection.cursor() as cursor:
            for key, _limit in self._bounds():
                cursor.execute("SELECT organisations_forgive(%s)", [key])

    def _bounds(self) -> Iterator[tuple[UUID, Limit]]:
        """Always in this order: two tries never wait for each other in a circle."""
        if self.source:
            yield _key("source", self.source), PER_SOURCE
        yield _key("account", self.account), self.limit


def _counted(key: UUID, limit: Limit) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT organisations_try(%s, %s, %s)", [key, limit.tries, limit.seconds])
        return bool(cursor.fetchone()[0])


def _key(kind: str, text: str) -> UUID:
    """Under the server's secret, so that the table tells neither who was tried nor from where."""
    digest = salted_hmac("maillage.attempts", f"{kind}:{text}", algorithm="sha256").digest()
    return UUID(bytes=digest[:16])
