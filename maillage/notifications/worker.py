"""The worker's process: jobs found by name, run under the worker's own database role."""

from collections.abc import Iterable
from typing import Final

from django.db import OperationalError, connection, connections
from procrastinate import App, exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from maillage.core.database import closing

ROLE: Final = "maillage_worker"
AT_ONCE: Final = 4
"""Jobs at the same time, each in a thread with a connection of its own. A job runs once at a time (its lock), and three may last
minutes: an import of the directory, the keys of what it opened, the conventions of a day. One place is left for messages.
"""
GRACE_SECONDS: Final = 1.0
"""After so long a worker that is asked to stop says so to its jobs. Those that ask (imports) leave what they do; the others go on to
their end, as far as whoever asked waits: `make run` kills after 10 s.
"""


class WrongRole(Exception):
    """The process does not act as the worker; the message says in French what to name."""


def on_app_ready(found: App) -> None:
    """Import the tasks of the rooms that have some."""
    found.perform_import_paths()


def act_as_worker() -> None:
    """Make this process' only database the worker's: what the rooms write goes through its role, without saying so each time.

    Changed in place, before the first query, for every thread. Raises WrongRole when the worker's address is not known or
    leads to another role, or when the database lets nobody in.
    """
    if "worker" not in connections.settings:
        raise WrongRole("L’adresse de la base pour les tâches de fond manque : nommez DATABASE_WORKER_URL.")
    connection.close()
    connections.settings["default"].update(connections.settings["worker"])
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            role = cursor.fetchone()[0]
    except OperationalError as error:
        raise WrongRole(f"La base ne répond pas, ou n’admet pas ce rôle. {closing.HINT}") from error
    if role != ROLE:
        raise WrongRole(f"Les tâches de fond tournent sous le rôle {ROLE}, non « {role} ».")


def start_with(names: Iterable[str]) -> None:
    """Queue these tasks now, once each: what a worker does first, after a night without one."""
    for name in names:
        try:
            app.tasks[name].defer()
        except exceptions.AlreadyEnqueued:
            continue


def run(*, first: Iterable[str] = (), wait: bool = True) -> None:
    """Run jobs until asked to stop (or, without `wait`, until none is left). Successful ones are forgotten at once."""
    start_with(first)
    connector = app.connector
    assert isinstance(connector, DjangoConnector)  # noqa: S101 - tells the type checker what the contrib app uses
    with app.replace_connector(connector.get_worker_connector()) as working:
        working.run_worker(
            name="maillage",
            wait=wait,
            concurrency=AT_ONCE if wait else 1,  # one after the other, to the end: a job may bring another
            delete_jobs="successful",
            shutdown_graceful_timeout=GRACE_SECONDS,
        )
