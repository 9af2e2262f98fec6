"""The worker's process: its role, its jobs, what a killed one leaves behind."""

import threading
from collections.abc import Iterator

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app

from maillage.core.row_security import acting
from maillage.notifications.actions import Draft, post
from maillage.notifications.tasks import SENDING
from maillage.notifications.worker import act_as_worker
from maillage.organisations.models import Organisation


@pytest.fixture
def process(fresh_database: object) -> Iterator[None]:
    """A process that may change its role for good: the settings come back after the test."""
    before = {alias: dict(connections.settings[alias]) for alias in connections.settings}
    yield
    connection.close()
    for alias, described in before.items():
        connections.settings[alias].clear()
        connections.settings[alias].update(described)


def rows(sql: str) -> list[tuple[object, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_every_thread_of_the_process_acts_as_the_worker(process: None) -> None:
    act_as_worker()
    found: list[object] = []

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            found.append(cursor.fetchone()[0])
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    ask()
    assert found == ["maillage_worker", "maillage_worker"]


def test_a_process_without_the_worker_s_address_refuses_to_start(process: None) -> None:
    connections.settings["worker"].update(connections.settings["owner"])
    with pytest.raises(CommandError, match="maillage_worker"):
        call_command("run_worker", "--once")


def test_the_command_sends_what_waits_and_takes_up_what_a_killed_worker_left(process: None) -> None:
    cpam = Organisation.objects.get(short_name="CPAM 42").id
    with transaction.atomic(), acting(organisation=cpam):
        post([Draft("fact:one", cpam, "convention_warning", "C-K7QM3X", "/conventions/x/")])
    app.tasks[SENDING].defer()
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [cursor.fetchone()[0]]
        )
    call_command("run_worker", "--once")
    assert [sent.subject for sent in mail.outbox] == ["Maillage : référence C-K7QM3X"]
    assert rows("SELECT * FROM procrastinate_jobs WHERE status IN ('doing', 'failed')") == []
    assert rows("SELECT 1 FROM notifications_message WHERE sent_at IS NULL") == []
