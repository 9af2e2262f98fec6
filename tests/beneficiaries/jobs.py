"""Jobs run in this process, as the worker; the web's role comes back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections
from procrastinate.contrib.django import app

from maillage.beneficiaries.tasks import INDEXING
from maillage.notifications.worker import act_as_worker


@contextmanager
def as_worker() -> Iterator[None]:
    """Every query of this process goes through the worker's role until the block ends."""
    before = dict(connections.settings["default"])
    act_as_worker()
    try:
        yield
    finally:
        connection.close()
        connections.settings["default"].clear()
        connections.settings["default"].update(before)


def index_as_worker() -> None:
    """What a minute of the worker does."""
    with as_worker():
        app.tasks[INDEXING]()
