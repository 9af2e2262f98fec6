"""Closing segments of the journal: an anchor is written outside the database, and the database remembers what it sealed.

The directory comes first. A process that dies between the two leaves an anchor that the database does not know yet: the
next sealing records it. A database that knows an anchor whose file is gone seals nothing more until it is put back.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from psycopg.errors import RestrictViolation

from maillage.audit.anchors import (
    Anchor,
    AnchorFault,
    End,
    file_name,
    parsed,
    public_key,
    read_anchors,
    signing_key,
    write_once,
    written,
)

_LOCK = 7_303_014  # one sealing at a time, whatever the process
_RECORD = "SELECT audit_record_anchor(%s, %s, %s, %s, %s::uuid[], %s::smallint[], %s::bigint[], %s::bytea[])"


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a sealing did: the anchor's file (None when nothing had moved), how many lanes, and the key to verify with."""

    path: Path | None
    lanes: int
    public_key: str


def seal(*, at: datetime, using: str = "default") -> Sealed:
    """Write one more anchor of the lanes that moved since the last one. The worker's job, or the operator's command.

    Raises AnchorFault when the directory does not hold what was sealed before, OSError when it cannot be written.
    """
    directory, key = Path(settings.ANCHORS), signing_key(Path(settings.ANCHOR_KEY))
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        known = _last_known(using)
        last = None
        for last in read_anchors(directory, trusted=public_key(key)):
            if last.number > known:
                _remember(last, using)
        if (last.number if last else 0) < known:
            raise AnchorFault(
                f"Il manque l’ancre {file_name(known)} dans {directory} : remettez-la depuis sa copie avant d’en sceller une autre."
            )
        ends = _open_ends(using)
        if not ends:
            return Sealed(None, 0, public_key(key))
        number, previous = (last.number + 1, last.digest) if last else (1, b"")
        new = Anchor(number, at, settings.JOURNAL_RETENTION_DAYS, previous, ends)
        path, data = directory / file_name(number), written(new, key)
        write_once(path, data)
        _remember(parsed(data, name=path.name), using)
    return Sealed(path, len(ends), public_key(key))


def _last_known(using: str) -> int:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT audit_last_anchor()")
        return int(cursor.fetchone()[0])


def _open_ends(using: str) -> tuple[End, ...]:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT * FROM audit_open_ends()")
        return tuple(
            End(chain, lane, number, bytes(digest)) for chain, lane, number, digest in cursor.fetchall()
        )


def _remember(anchor: Anchor, using: str) -> None:
    ends = anchor.ends
    columns = ([getattr(end, name) for end in ends] for name in ("chain", "lane", "number", "digest"))
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(
                _RECORD, [anchor.number, anchor.at, anchor.retention_days, anchor.digest, *columns]
            )
    except DatabaseError as error:
        if isinstance(error.__cause__, RestrictViolation):
            raise AnchorFault(
                f"L’ancre {file_name(anchor.number)} scelle des entrées que la base n’a pas : "
                "lancez « maillage audit verify »."
            ) from error
        raise
