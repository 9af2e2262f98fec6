"""The job that counts readings."""

from datetime import timedelta
from typing import Final

from procrastinate.contrib.django import app

from maillage.cases.vigilance import raise_alerts
from maillage.core.clock import now

COUNTING: Final = "cases.count_readings"
BACK: Final = timedelta(hours=1)
AFTER_A_NIGHT: Final = timedelta(days=3)


@app.periodic(cron="*/2 * * * *", periodic_id="every_two_minutes")
@app.task(name=COUNTING, queueing_lock=COUNTING, lock=COUNTING)
def count_readings(timestamp: int | None = None) -> None:
    """Look back one hour every two minutes; three days at the worker's start, when none may have been at work."""
    raise_alerts(at=now(), back=AFTER_A_NIGHT if timestamp is None else BACK)
