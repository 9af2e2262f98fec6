"""Reads every chain and has `rules` judge it; also finds entries without a link. Runs as the owner (operator's command)."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from maillage.audit.rules import PLATFORM_CHAIN, Alteration, Entry, Link, first_alteration

_LINKS = """
    SELECT l.number, l.previous, l.digest, e.id, e.at, e.organisation_id, e.user_id, e.verb, e.object_type, e.object_ref, e.fields,
           e.reason, e.leaf
      FROM audit_link l CROSS JOIN LATERAL unnest(l.members) WITH ORDINALITY AS member(id, rank)
      LEFT JOIN audit_entry e ON e.id = member.id
     WHERE l.chain = %s AND l.lane = %s ORDER BY l.number, member.rank
"""
_UNLINKED = "SELECT (SELECT count(*) FROM audit_entry) - (SELECT coalesce(sum(cardinality(members)), 0) FROM audit_link)"


def verify(using: str = "owner") -> tuple[int, list[Alteration]]:
    """The number of entries read and, per chain that does not hold, its first alteration."""
    with _one_instant(using):
        return _verify(using)


@contextmanager
def _one_instant(using: str) -> Iterator[None]:
    """All queries see the same instant: what commits between two of them would look like a forger's work."""
    connection = connections[using]
    if connection.in_atomic_block:  # the caller's transaction, whose isolation is its own
        yield
        return
    with transaction.atomic(using=using):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _verify(using: str) -> tuple[int, list[Alteration]]:
    found: list[Alteration] = []
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT chain, lane, number, digest FROM audit_chain ORDER BY chain, lane")
        ends = cursor.fetchall()
        cursor.execute("SELECT DISTINCT chain, lane FROM audit_link")
        orphans = set(cursor.fetchall()) - {end[:2] for end in ends}
        cursor.execute("SELECT count(*) FROM audit_entry")
        (read,) = cursor.fetchone()
        cursor.execute(_UNLINKED)
        (unlinked,) = cursor.fetchone()
    for chain, lane, number, digest in ends:
        links = _links(chain, lane, using)
        alteration = first_alteration(chain, lane, links, end_number=number, end_digest=bytes(digest))
        if alteration:
            found.append(alteration)
    found += [Alteration(chain, lane, 1, "la fin de la chaîne a disparu") for chain, lane in sorted(orphans)]
    if unlinked:
        found.append(
            Alteration(
                PLATFORM_CHAIN, 0, 0, f"{unlinked} entrée(s) hors de toute chaîne, ou chaînées deux fois"
            )
        )
    return read, found


def _links(chain: UUID, lane: int, using: str) -> Iterator[Link]:
    for (number, previous, digest), rows in groupby(
        _rows(chain, lane, using), key=lambda row: (row[0], bytes(row[1]), bytes(row[2]))
    ):
        yield Link(number, previous, digest, tuple(_entry(row) for row in rows))


def _entry(row: tuple[Any, ...]) -> Entry | None:
    values = (*row[3:12], bytes(row[12] or b""))
    return None if row[3] is None else Entry(*values)


def _rows(chain: UUID, lane: int, using: str) -> Iterator[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        cursor.execute(_LINKS, [chain, lane])
        while rows := cursor.fetchmany(2000):
            yield from rows
