"""Reads every chain and has `rules` judge it; also finds entries without a link. Runs as the owner (operator's command).

Two statements: one streams the entries as they lie, the other the links in the order of their chains with the leaves of
their entries. PostgreSQL sorts the second while Python hashes the first; Python never holds more than some hundred rows.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, Final, LiteralString, cast
from uuid import UUID

import psycopg
from django.db import connections, transaction
from psycopg import sql
from psycopg.types.string import ByteaBinaryLoader

from maillage.audit.anchors import Anchor
from maillage.audit.rules import (
    PLATFORM_CHAIN,
    Alteration,
    Lane,
    Member,
    Stored,
    altered_entries,
    first_alteration,
)

_ENTRIES: Final = "SELECT id::text, at, organisation_id, user_id, verb, object_type, object_ref, fields, reason, leaf FROM audit_entry"
_MEMBERS: Final = """
    SELECT l.chain, l.lane, l.number, l.previous, l.digest, member.rank, cardinality(l.members), member.id, e.organisation_id, e.leaf
      FROM audit_link l CROSS JOIN LATERAL unnest(l.members) WITH ORDINALITY AS member(id, rank)
      LEFT JOIN audit_entry e ON e.id = member.id
     ORDER BY l.chain, l.lane, l.number, member.rank
"""
# One pass over each table, joined and sorted aside: entry after entry, in the order of a chain, the disk would be read a million times.
_PLAN: Final = {
    "work_mem": "64MB",
    "enable_indexscan": "off",
    "enable_bitmapscan": "off",
    "enable_mergejoin": "off",
    "enable_memoize": "off",
    "enable_incremental_sort": "off",
}
_LANES: Final = """
    SELECT c.chain, c.lane, c.number, c.digest, p.number, p.digest
      FROM audit_chain c LEFT JOIN LATERAL (
           SELECT p.number, p.digest FROM audit_pruning p WHERE p.chain = c.chain AND p.lane = c.lane ORDER BY p.number DESC LIMIT 1
      ) p ON true ORDER BY c.chain, c.lane
"""
_CHUNK: Final = 500  # rows read at once


def verify(
    using: str = "owner", *, anchors: Sequence[Anchor] = (), at: datetime | None = None
) -> tuple[int, list[Alteration]]:
    """The number of entries read and, per chain that does not hold, its first alteration.

    With `anchors` (read before), every end that they sealed must still be there, and only what they sealed longer ago
    than they say, at the instant `at`, may have been pruned.
    """
    known = Anchors(anchors)
    if connections[using].in_atomic_block:  # the caller's transaction, which nobody else sees
        raw = _raw(using)
        judged = altered_entries(_entries(raw))
        return _judged(known, at, raw, lambda: judged)
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        raw = _raw(using)
        with _beside(raw, snapshot) as other, ThreadPoolExecutor(1) as pool:
            entries = pool.submit(lambda: altered_entries(_entries(other)))
            return _judged(known, at, raw, entries.result)


Raw = psycopg.Connection[Any]


def _raw(using: str) -> Raw:
    connections[using].ensure_connection()
    raw: Raw = connections[using].connection
    return raw


@contextmanager
def _beside(raw: Raw, snapshot: str) -> Iterator[Raw]:
    """A second connection that sees the same instant: what commits between two readings would look like a forger's work."""
    with psycopg.connect(raw.info.dsn, password=raw.info.password) as other:
        other.isolation_level, other.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        other.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(snapshot))
        yield other


class Anchors:
    """What the anchors say of each lane: the digest of each number sealed, and from when it may be pruned."""

    def __init__(self, anchors: Sequence[Anchor]) -> None:
        self.known = bool(anchors)
        self.digests: dict[tuple[UUID, int], dict[int, bytes]] = {}
        self.prunable_at: dict[tuple[UUID, int, int], datetime] = {}
        latest: datetime | None = None
        for anchor in anchors:
            latest = anchor.prunable_at if latest is None else max(latest, anchor.prunable_at)
            for end in anchor.ends:
                self.digests.setdefault((end.chain, end.lane), {})[end.number] = end.digest
                self.prunable_at[end.chain, end.lane, end.number] = latest

    def since(self, lane: Lane) -> dict[int, bytes]:
        """The digest of each number of a lane that was sealed after its beginning."""
        sealed = self.digests.get((lane.chain, lane.lane), {})
        return {number: digest for number, digest in sealed.items() if number > lane.start_number}

    def beginning(self, lane: Lane, at: datetime | None) -> str:
        """What is wrong with the place where a pruned lane begins; empty when it was sealed, and long enough ago."""
        sealed = self.digests.get((lane.chain, lane.lane), {}).get(lane.start_number)
        if sealed is None:
            return "le début a été retiré sans qu’aucune ancre l’ait scellé"
        if sealed != lane.start_digest:
            return "le début retiré n’est pas celui qu’une ancre a scellé"
        if at is not None and self.prunable_at[lane.chain, lane.lane, lane.start_number] > at:
            return "le début a été retiré avant la fin de sa conservation"
        return ""


def _judged(
    anchors: Anchors, at: datetime | None, raw: Raw, entries: Callable[[], tuple[int, set[bytes]]]
) -> tuple[int, list[Alteration]]:
    lanes = _lanes(raw, anchors)
    with raw.cursor() as cursor:
        for name, value in _PLAN.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    linked = Counter[bool]()
    with closing(_members(raw, linked)) as members:  # left half read, it would keep the connection for itself
        first = next(members, None)  # when it comes, all is sorted
        read, altered = entries()
        found = _walk(lanes, chain([first] if first else [], members), altered)
    found += _sealed_otherwise(anchors, lanes, at)
    if read != linked[True]:
        what = f"{abs(read - linked[True])} entrée(s) hors de toute chaîne, ou chaînées deux fois"
        found.append(Alteration(PLATFORM_CHAIN, 0, 0, what))
    return read, found


def _sealed_otherwise(
    anchors: Anchors, lanes: Mapping[tuple[UUID, int], Lane], at: datetime | None
) -> list[Alteration]:
    """Lanes that begin or are gone otherwise than the anchors say; nothing where there is no anchor."""
    if not anchors.known:
        return []
    begun = [(lane, anchors.beginning(lane, at)) for lane in lanes.values() if lane.start_number]
    found = [Alteration(lane.chain, lane.lane, lane.start_number, what) for lane, what in begun if what]
    gone = sorted(anchors.digests.keys() - lanes.keys())
    return found + [Alteration(*key, 1, "une voie scellée par une ancre a disparu") for key in gone]


def _lanes(raw: Raw, anchors: Anchors) -> dict[tuple[UUID, int], Lane]:
    """Each lane with its beginning, its recorded end and the digests that anchors give to what it still holds."""
    found = {}
    with raw.cursor() as cursor:
        cursor.execute(_LANES)
        for which, number, end_number, end_digest, start_number, start_digest in cursor.fetchall():
            start = start_number or 0
            lane = Lane(which, number, end_number, bytes(end_digest), start, bytes(start_digest or b""))
            found[which, number] = replace(lane, anchored=anchors.since(lane))
    return found


def _walk(
    lanes: dict[tuple[UUID, int], Lane], members: Iterable[Member], altered: set[bytes]
) -> list[Alteration]:
    found: list[Alteration | None] = []
    waiting = dict(lanes)
    for (which, number), rows in groupby(members, key=itemgetter(0, 1)):
        key = (UUID(bytes=which), number)
        lane = waiting.pop(key, None)
        if lane is None:
            found.append(Alteration(*key, 1, "la fin de la chaîne a disparu"))
        else:
            found.append(first_alteration(lane, rows, altered))
    found += [first_alteration(lane, ()) for lane in waiting.values()]
    return [alteration for alteration in found if alteration]


def _members(raw: Raw, linked: Counter[bool]) -> Generator[Member, None, None]:
    """Every member of every link, in order; `linked` counts those whose entry is there."""
    for member in _stream(raw, _MEMBERS):
        linked[member[9] is not None] += 1
        yield member


def _entries(raw: Raw) -> Generator[Stored, None, None]:
    """Every entry, as the table holds them."""
    yield from _stream(raw, _ENTRIES)


def _stream(raw: Raw, query: LiteralString) -> Generator[Any, None, None]:
    """Rows whose texts, ids and instants are left as the bytes that were sent."""
    cursor = psycopg.Cursor(raw)
    for kind in ("uuid", "text", "timestamptz"):
        cursor.adapters.register_loader(kind, ByteaBinaryLoader)
    with closing(cast("Generator[Any, None, None]", cursor.stream(query, binary=True, size=_CHUNK))) as rows:
        yield from rows


def missing_anchor(anchors: Sequence[Anchor], using: str = "owner") -> str:
    """What the database knows to have sealed and the directory does not hold, in French; empty when all is there.

    The directory is read once more for this: a segment may have been sealed while the journal was verified.
    """
    held = {anchor.number: anchor.digest for anchor in anchors}
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT number, digest FROM audit_anchor ORDER BY number")
        for number, digest in cursor.fetchall():
            if held.get(number, bytes(digest)) != bytes(digest):
                return f"L’ancre {number} n’est pas celle qui a été scellée ici."
            if number not in held:
                return f"Il manque l’ancre {number} : elle a été scellée, et son fichier n’est plus là."
    return ""


def has_journal(using: str = "owner") -> bool:
    """Whether this database has a journal at all: one that was never migrated has none."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit_entry') IS NOT NULL")
        return bool(cursor.fetchone()[0])


def pruned(using: str = "owner") -> int:
    """How many lanes begin after a segment that was pruned."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT DISTINCT chain, lane FROM audit_pruning) lanes")
        return int(cursor.fetchone()[0])


@contextmanager
def own_snapshot(organisation: UUID, using: str = "default") -> Iterator[Raw]:
    """A connection of its own that sees one instant, for an organisation: its journal is verified while others write."""
    raw = _raw(using)
    with psycopg.connect(raw.info.dsn, password=raw.info.password) as other:
        other.isolation_level, other.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        other.execute("SELECT set_config('maillage.organisation', %s, true)", [str(organisation)])
        yield other


def verify_own(
    raw: Raw, lanes: Iterable[Lane], *, anchors: Sequence[Anchor] = (), at: datetime | None = None
) -> tuple[int, list[Alteration]]:
    """As `verify`, of the one chain that this connection sees; the rows come one after the other, however many.

    `anchors` hold the ends of that chain alone.
    """
    known = {(lane.chain, lane.lane): lane for lane in lanes}
    sealed = Anchors(anchors)
    for key, lane in known.items():
        known[key] = replace(lane, anchored={**lane.anchored, **sealed.since(lane)})
    read, altered = altered_entries(_entries(raw))
    linked = Counter[bool]()
    with closing(_members(raw, linked)) as members:
        found = _walk(known, members, altered) + _sealed_otherwise(sealed, known, at)
    if read != linked[True]:
        what = f"{abs(read - linked[True])} entrée(s) hors de toute chaîne, ou chaînées deux fois"
        found.append(Alteration(PLATFORM_CHAIN, 0, 0, what))
    return read, found
