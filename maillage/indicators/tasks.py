"""The jobs of this room. They carry nothing: what to do is read when they run."""

from typing import Final

from procrastinate.contrib.django import app

from maillage.core.clock import now
from maillage.indicators.campaigns.reminding import remind
from maillage.indicators.releasing import consolidate

CONSOLIDATING: Final = "indicators.consolidate"
REMINDING: Final = "indicators.remind"


@app.periodic(cron="*/2 * * * *", periodic_id="every_two_minutes")
@app.task(name=CONSOLIDATING, queueing_lock=CONSOLIDATING, lock=CONSOLIDATING)
def release_closed_campaigns(timestamp: int | None = None) -> None:
    """Put together, protect and publish the figures of closed campaigns, each once."""
    _ = timestamp
    consolidate()


@app.periodic(cron="12 * * * *", periodic_id="hourly")
@app.task(name=REMINDING, queueing_lock=REMINDING, lock=REMINDING)
def remind_of_campaigns(timestamp: int | None = None) -> None:
    """Remind of the campaigns whose day to do so has come; however often it runs, once each."""
    _ = timestamp
    remind(at=now())
