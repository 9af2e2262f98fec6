"""`maillage audit verify` over a million entries: seconds on the clock, as an operator waits for them, and memory."""

import time
from collections.abc import Iterator
from uuid import UUID

import psycopg
from django.db import connections

from benchmarks.measure import Line
from maillage.audit.rules import digest, first_digest
from maillage.audit.verification import verify
from tests.bounded import peak

ENTRIES = 1_000_000
LANES = 64
BODIES = 20
SECONDS = 10.0
MEGABYTES = 200.0

# The lengths of production: who, what, to which case; one list of fifty references in twenty readings.
_ENTRIES = """
    INSERT INTO audit_entry (id, at, organisation_id, user_id, verb, object_type, object_ref, fields, reason, leaf, transaction)
    SELECT gen_random_uuid(), timestamptz '2026-01-01' + n * interval '20 seconds', {body},
           gen_random_uuid()::text, (ARRAY['read', 'read_list', 'update', 'acknowledge'])[n % 4 + 1], 'referral',
           CASE WHEN n % 20 = 0 THEN repeat(gen_random_uuid()::text || ',', 50) ELSE gen_random_uuid()::text END,
           'identity,narrative', 'dossier suivi', '', n
      FROM generate_series(1, {count}) n
"""


def fill(count: int, *, of: UUID | None = None) -> None:
    """So many entries, of many bodies or of one, each its own transaction (the costliest: as many links), chained as the trigger does."""
    body = f"'{of}'::uuid" if of else f"lpad(to_hex(n % {BODIES} + 1), 32, '0')::uuid"
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute(_ENTRIES.replace("{count}", str(count)).replace("{body}", body))
        cursor.execute("UPDATE audit_entry e SET leaf = audit_leaf(e)")
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE audit_link NO FORCE ROW LEVEL SECURITY")  # COPY does without
    raw = connections["owner"].connection
    raw.commit()
    with psycopg.connect(raw.info.dsn, password=raw.info.password) as reader:
        ends = _chain(reader, raw)
    with connections["owner"].cursor() as cursor:
        cursor.executemany(
            "INSERT INTO audit_chain (chain, lane, number, previous, digest, transaction, began) VALUES (%s, %s, %s, '', %s, 0, 0)",
            [(chain, lane, number, last) for (chain, lane), (number, last) in ends.items()],
        )
    raw.commit()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_link FORCE ROW LEVEL SECURITY")
        for table in ("audit_entry", "audit_link", "audit_chain"):
            cursor.execute(f"VACUUM FULL ANALYZE {table}")


def _chain(
    reader: psycopg.Connection, writer: psycopg.Connection
) -> dict[tuple[UUID, int], tuple[int, bytes]]:
    ends: dict[tuple[UUID, int], tuple[int, bytes]] = {}
    rows = reader.cursor().stream(
        "SELECT organisation_id, id, leaf, transaction FROM audit_entry ORDER BY transaction", size=1000
    )
    with writer.cursor().copy(
        "COPY audit_link (chain, lane, number, previous, digest, members) FROM STDIN"
    ) as into:
        for chain, entry, leaf, transaction in rows:
            lane = (transaction // BODIES) % LANES
            number, previous = ends.get((chain, lane), (0, first_digest(chain, lane)))
            after = digest(previous, number + 1, [bytes(leaf)])
            into.write_row((chain, lane, number + 1, previous, after, [entry]))
            ends[chain, lane] = (number + 1, after)
    return ends


def lines() -> Iterator[Line]:
    """The command's own work, twice over; the slower counts less than the machine's mood, the faster is kept."""
    before = peak(anew=True)
    taken = []
    for _ in range(2):
        began, used = time.perf_counter(), time.process_time()
        read, found = verify()
        taken.append((time.perf_counter() - began, time.process_time() - used))
        assert read >= ENTRIES, read
        assert not found, found
    clock, processor = min(taken)
    grown = (peak() - before) / 1024
    detail = f"{read} entrées, {processor:.1f} s de CPU de Python"
    yield Line("vérification d’un million d’entrées du journal (s)", clock, SECONDS, "below", detail)
    yield Line("mémoire de plus pendant la vérification (Mo)", grown, MEGABYTES, "below")
