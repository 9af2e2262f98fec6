"""While an import is under way, the worker does the rest of its work: here, a message leaves."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.db import connection, connections, transaction

from maillage.core.row_security import acting
from maillage.notifications import worker
from maillage.notifications.actions import Draft, post
from maillage.notifications.tasks import SENDING
from maillage.organisations.directory.imports import running
from maillage.organisations.directory.tasks import IMPORTS
from maillage.organisations.models import Organisation
from tests.organisations.directory.files import bodies
from tests.organisations.directory.test_importing import deposited

SECONDS = 30.0  # an import that nothing lets go on waits so long, and no more


@pytest.fixture
def process(fresh_database: object) -> Iterator[None]:
    """A process that may change its role for good: the settings come back after the test."""
    before = {alias: dict(connections.settings[alias]) for alias in connections.settings}
    yield
    connection.close()
    for alias, described in before.items():
        connections.settings[alias].clear()
        connections.settings[alias].update(described)


class Work:
    """The worker's own loop, with an import that goes on only once a message has left, or after `SECONDS`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sent_during = False
        self.began = threading.Event()
        treat = running._Batch.treat

        def slow(batch: Any) -> Any:
            self.began.set()
            deadline = time.monotonic() + SECONDS
            while not mail.outbox and time.monotonic() < deadline:
                time.sleep(0.02)
            self.sent_during = bool(mail.outbox)
            return treat(batch)

        monkeypatch.setattr(running._Batch, "treat", slow)
        monkeypatch.setattr(running, "BATCH", 100)

    def run(self) -> None:
        """Start with the import; the message comes once it is under way; stop when the file has been rehearsed."""
        watcher = threading.Thread(target=self._bring_a_message_and_stop)
        watcher.start()
        worker.act_as_worker()
        worker.run(first=[IMPORTS])
        watcher.join()

    def _bring_a_message_and_stop(self) -> None:
        try:
            assert self.began.wait(SECONDS)
            cpam = Organisation.objects.get(short_name="CPAM 42").id
            with transaction.atomic(), acting(organisation=cpam):
                post([Draft("fact:one", cpam, "convention_warning", "C-K7QM3X", "/conventions/x/")])
            worker.start_with([SENDING])
            deadline = time.monotonic() + 2 * SECONDS
            while state() == "uploaded" and time.monotonic() < deadline:
                time.sleep(0.05)
        finally:
            connections.close_all()
            os.kill(os.getpid(), signal.SIGTERM)


def state() -> object:
    """Where the import stands."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT state FROM organisations_directoryimport")
        return cursor.fetchone()[0]


def test_a_message_leaves_while_an_import_is_under_way(
    process: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    deposited(bodies(150))
    work = Work(monkeypatch)
    work.run()
    assert work.sent_during
    assert state() == "rehearsed"


def test_one_job_at_a_time_would_hold_it_up(process: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "AT_ONCE", 1)
    monkeypatch.setitem(globals(), "SECONDS", 1.5)
    deposited(bodies(50))
    work = Work(monkeypatch)
    work.run()
    assert not work.sent_during
