"""The job that seals the journal."""

import logging
from typing import Final

from procrastinate.contrib.django import app

from maillage.audit.overdue import overdue_since
from maillage.audit.sealing import seal
from maillage.core.clock import now

logger = logging.getLogger(__name__)
SEALING: Final = "audit.seal"


@app.periodic(cron="11 2 * * *", periodic_id="daily")
@app.task(name=SEALING, queueing_lock=SEALING, lock=SEALING)
def seal_journal(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """One anchor a day, and one at each start of the worker; none when nothing was written since. Says what should be pruned."""
    at = now()
    seal(at=at)
    since = overdue_since(at)
    if since is not None:
        logger.warning(
            "The journal is kept beyond its retention since %s: run « maillage audit prune »", since.date()
        )
