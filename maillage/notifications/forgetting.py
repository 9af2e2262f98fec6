"""Messages sent, or given up, a while ago leave the outbox: who was written to about what is kept no longer than it serves."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

BATCH: Final = 1000


def forget_sent(*, at: datetime, days: int) -> int:
    """Remove what was sent, or given up, more than so many days ago, batch by batch; how many. A digest of each fact stays."""
    forgotten = 0
    while gone := _batch(at - timedelta(days=days)):
        forgotten += gone
    return forgotten


def _batch(before: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT forget_sent_messages(%s, %s)", [before, BATCH])
        return int(cursor.fetchone()[0])
