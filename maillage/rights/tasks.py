"""The daily jobs of applications."""

from typing import Final

from procrastinate.contrib.django import app

from maillage.core.clock import now
from maillage.rights.lapsing import lapse

LAPSING: Final = "rights.lapse"


@app.periodic(cron="23 * * * *", periodic_id="hourly")
@app.task(name=LAPSING, queueing_lock=LAPSING, lock=LAPSING)
def note_silences(timestamp: int | None = None) -> None:
    """Note what silence means where the law's delay has passed; hourly, since a day is not over everywhere at once."""
    _ = timestamp
    lapse(at=now())
