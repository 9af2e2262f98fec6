"""Reads every chain and has `rules` judge it; also finds entries without a link. Runs as the owner (operator's command)."""

from collections.abc import Iterator
from uuid import UUID

from django.db import connections

from maillage.audit.rules import Alteration, ChainedEntry, first_alteration

_ROWS = """
    SELECT e.id, e.at, e.organisation_id, e.user_id, e.verb, e.object_type, e.object_ref, e.fields, e.reason,
           l.chain, l.number, l.previous, l.digest
      FROM audit_link l JOIN audit_entry e ON e.id = l.entry_id WHERE l.chain = %s ORDER BY l.number
"""


def verify(using: str = "owner") -> tuple[int, list[Alteration]]:
    """The number of entries read and, per chain that does not hold, its first alteration."""
    found: list[Alteration] = []
    read = 0
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT chain, number, digest FROM audit_chain ORDER BY chain")
        ends = cursor.fetchall()
        cursor.execute("SELECT DISTINCT chain FROM audit_link")
        orphans = {row[0] for row in cursor.fetchall()} - {end[0] for end in ends}
        cursor.execute(
            "SELECT count(*) FROM audit_entry e WHERE NOT EXISTS (SELECT 1 FROM audit_link l WHERE l.entry_id = e.id)"
        )
        unlinked = cursor.fetchone()[0]
    for chain, number, digest in ends:
        alteration = first_alteration(
            chain, _entries(chain, using), end_number=number, end_digest=bytes(digest)
        )
        read += number
        if alteration:
            found.append(alteration)
    found += [Alteration(chain, 1, "la fin de la chaîne a disparu") for chain in sorted(orphans)]
    if unlinked:
        found.append(Alteration(UUID(int=0), 0, f"{unlinked} entrée(s) hors de toute chaîne"))
    return read, found


def _entries(chain: UUID, using: str) -> Iterator[ChainedEntry]:
    with connections[using].cursor() as cursor:
        cursor.execute(_ROWS, [chain])
        while rows := cursor.fetchmany(2000):
            yield from (ChainedEntry(*row) for row in rows)
