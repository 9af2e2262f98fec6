"""Sixteen writers with the chained journal against the same writers with the chaining trigger off."""

import statistics
import threading
import time
from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg

from benchmarks.database import Bench
from benchmarks.measure import Line

WRITERS = 16
SECONDS = 2.0
ROUNDS = 6


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


def chained_and_plain(bench: Bench, database: str, rate: Callable[[], float]) -> tuple[float, float]:
    """The median rate with the chaining trigger and without, by turns: the moods of a machine weigh on both."""
    chained, plain = [], []
    with bench.server.connect(database) as superuser:
        for _ in range(ROUNDS):
            chained.append(rate())
            superuser.execute("ALTER TABLE audit_entry DISABLE TRIGGER chain_at_commit")
            plain.append(rate())
            plain.append(rate())
            superuser.execute("ALTER TABLE audit_entry ENABLE TRIGGER chain_at_commit")
            chained.append(rate())
    return statistics.median(chained), statistics.median(plain)


def lines(bench: Bench, database: str, organisation: UUID) -> list[Line]:
    """All writers write for one organisation, so for one chain, and nothing but one entry: no page does so little.

    The bound of the whole (0.9) is that of the sixteen senders; this one guards the chain against growing dearer.
    """
    url = bench.urls(database).app
    chained, plain = chained_and_plain(bench, database, lambda: _rate(url, organisation))
    detail = f"{chained:.0f} contre {plain:.0f} transactions par seconde"
    return [
        Line(f"{WRITERS} auteurs d’une seule entrée, chaînée / non", chained / plain, 0.75, "above", detail)
    ]
