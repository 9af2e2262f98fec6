"""Sixteen writers with the chained journal against the same writers with the chaining trigger off."""

import statistics
import threading
import time
from uuid import UUID, uuid4

import psycopg

from benchmarks.database import Bench
from benchmarks.measure import Line

WRITERS = 16
SECONDS = 4.0
ROUNDS = 3


def _write(url: str, organisation: UUID, until: float, counts: list[int]) -> None:
    done = 0
    with psycopg.connect(url) as connection:
        while time.monotonic() < until:
            with connection.transaction():
                connection.execute(
                    "SELECT set_config('maillage.organisation', %s, true)", [str(organisation)]
                )
                connection.execute(
                    "INSERT INTO audit_entry (id, organisation_id, user_id, verb, object_type, object_ref, fields, reason)"
                    " VALUES (%s, %s, '', 'read', 'bench', '', '', '')",
                    [uuid4(), organisation],
                )
            done += 1
    counts.append(done)


def _rate(url: str, organisation: UUID) -> float:
    counts: list[int] = []
    until = time.monotonic() + SECONDS
    threads = [
        threading.Thread(target=_write, args=(url, organisation, until, counts)) for _ in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def lines(bench: Bench, database: str, organisation: UUID) -> list[Line]:
    """All writers write for one organisation, so for one chain: the worst case."""
    ratios, rates = [], []
    with bench.server.connect(database) as superuser:
        for _ in range(ROUNDS):
            chained = _rate(bench.urls(database).app, organisation)
            superuser.execute("ALTER TABLE audit_entry DISABLE TRIGGER chain_at_commit")
            plain = _rate(bench.urls(database).app, organisation)
            superuser.execute("ALTER TABLE audit_entry ENABLE TRIGGER chain_at_commit")
            ratios.append(chained / plain)
            rates.append((chained, plain))
    chained, plain = rates[-1]
    detail = f"{chained:.0f} contre {plain:.0f} transactions par seconde"
    return [
        Line(
            f"{WRITERS} auteurs, journal chaîné / non chaîné", statistics.median(ratios), 0.9, "above", detail
        )
    ]
