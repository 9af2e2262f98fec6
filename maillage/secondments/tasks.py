"""The job that tells both sides when a seconded agent has left her caisse."""

from typing import Final

from django.db import connection, transaction
from procrastinate.contrib.django import app

from maillage.core.row_security import acting
from maillage.secondments.notifications import tell_gone

LOOKING: Final = "secondments.look_for_unattended"


@app.periodic(cron="17 * * * *", periodic_id="every_hour")
@app.task(name=LOOKING, queueing_lock=LOOKING, lock=LOOKING)
def look_for_unattended(timestamp: int | None = None) -> None:
    """Each secondment whose agent is gone: one message to each side, once for each agent, however often this runs."""
    _ = timestamp
    tell_unattended()


def tell_unattended() -> int:
    """How many secondments wait for another agent. For the worker's role."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM secondments_unattended()")
        rows = cursor.fetchall()
    for secondment, agent, caisse, host in rows:
        with transaction.atomic(), acting(organisation=caisse):
            for side in (caisse, host):
                tell_gone(secondment=secondment, agent=agent, to=side)
    return len(rows)
