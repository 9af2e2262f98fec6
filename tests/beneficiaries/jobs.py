"""The job of the index, run in this process as the worker; the web's role comes back."""

from django.db import connection, connections
from procrastinate.contrib.django import app

from maillage.beneficiaries.tasks import INDEXING
from maillage.notifications.worker import act_as_worker


def index_as_worker() -> None:
    """What a minute of the worker does."""
    before = dict(connections.settings["default"])
    act_as_worker()
    try:
        app.tasks[INDEXING]()
    finally:
        connection.close()
        connections.settings["default"].clear()
        connections.settings["default"].update(before)
