"""Whether the journal is kept beyond its retention: the worker may not remove a line of it, its operator does, once a month."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connections

GRACE: Final = timedelta(days=31)
"""The operator prunes monthly: nobody is told before a month has passed."""


def overdue_since(at: datetime, *, using: str = "default") -> datetime | None:
    """Since when acts past their retention should have been removed, if that is longer ago than a month; else None.

    Of one's own organisation's chain; of all chains for whoever acts for none, the worker and the owner.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT audit_prunable_from()")
        (since,) = cursor.fetchone()
    return since if since is not None and since + GRACE < at else None
