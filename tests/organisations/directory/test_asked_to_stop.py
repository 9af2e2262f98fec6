"""A worker that is asked to stop during an import leaves it between two batches, at once, and takes it up again."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from maillage.notifications import worker
from maillage.organisations.directory.imports import running
from maillage.organisations.directory.tasks import IMPORTS
from tests.organisations.directory.files import bodies
from tests.organisations.directory.test_importing import deposited

LINES, BATCH, PAUSE = 1000, 20, 0.4  # fifty batches: twenty seconds to the end
SOON = worker.GRACE_SECONDS + 4  # seconds, on a loaded machine; `make run` kills after 10


@pytest.fixture
def process(fresh_database: object) -> Iterator[None]:
    """A process that may change its role for good: the settings come back after the test."""
    before = {alias: dict(connections.settings[alias]) for alias in connections.settings}
    yield
    connection.close()
    for alias, described in before.items():
        connections.settings[alias].clear()
        connections.settings[alias].update(described)


def stands() -> tuple[Any, ...]:
    """The state of the import, how many lines are done, how many batches are kept."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT i.state, i.done, count(p.id) FROM organisations_directoryimport i"
            " LEFT JOIN organisations_importpart p ON p.of_id = i.id GROUP BY i.id"
        )
        found: tuple[Any, ...] = cursor.fetchone()
        return found


def test_it_stops_soon_loses_no_batch_and_goes_on_from_there(
    process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    deposited(bodies(LINES))
    treat, asked = running._Batch.treat, threading.Event()
    when: list[float] = []

    def slow(batch: Any) -> Any:
        time.sleep(PAUSE)
        if not asked.is_set():
            asked.set()
            when.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGTERM)
        return treat(batch)

    monkeypatch.setattr(running, "BATCH", BATCH)
    monkeypatch.setattr(running._Batch, "treat", slow)
    worker.act_as_worker()
    worker.run(first=[IMPORTS])
    assert time.monotonic() - when[0] < SOON
    state, done, batches = stands()
    assert state == "uploaded"
    assert 0 < done < LINES
    assert done == batches * BATCH
    treated: list[int] = []

    def counted(batch: Any) -> Any:
        treated.append(len(batch.batch))
        return treat(batch)

    monkeypatch.setattr(running._Batch, "treat", counted)
    worker.run(first=[IMPORTS], wait=False)
    assert stands()[:2] == ("rehearsed", LINES)
    assert sum(treated) == LINES - done
