"""The daily jobs of applications."""

from typing import Final

from procrastinate.contrib.django import app

from maillage.core.clock import now
from maillage.rights.alerting import alert
from maillage.rights.lapsing import lapse

LAPSING: Final = "rights.lapse"
ALERTING: Final = "rights.alert"


@app.periodic(cron="23 * * * *", periodic_id="hourly")
@app.task(name=LAPSING, queueing_lock=LAPSING, lock=LAPSING)
def note_silences(timestamp: int | None = None) -> None:
    """Note what silence means where the law's delay has passed; hourly, since a day is not over everywhere at once."""
    _ = timestamp
    lapse(at=now())


@app.periodic(cron="43 * * * *", periodic_id="hourly")
@app.task(name=ALERTING, queueing_lock=ALERTING, lock=ALERTING)
def tell_of_what_waits(timestamp: int | None = None) -> None:
    """Tell of files that wait too long, once each, when the day has come where the caisse is."""
    _ = timestamp
    alert(at=now())
