"""The jobs of this room. They carry nothing: what to do is read when they run."""

from typing import Final

from procrastinate.contrib.django import app

from maillage.indicators.releasing import consolidate

CONSOLIDATING: Final = "indicators.consolidate"


@app.periodic(cron="*/2 * * * *", periodic_id="every_two_minutes")
@app.task(name=CONSOLIDATING, queueing_lock=CONSOLIDATING, lock=CONSOLIDATING)
def release_closed_campaigns(timestamp: int | None = None) -> None:
    """Put together, protect and publish the figures of closed campaigns, each once."""
    _ = timestamp
    consolidate()
