"""Jobs of conventions. They carry nothing: what to do is read when they run."""

from typing import Final

from procrastinate.contrib.django import app

from maillage.conventions.commitments.publications import show_publications
from maillage.conventions.lifecycle.sweeping import Watch, sweep
from maillage.conventions.referents.alarms import warn
from maillage.core.clock import now

SWEEP = "conventions.sweep"
WATCHES: Final[tuple[Watch, ...]] = (warn, show_publications)
"""What the sub-rooms above the life of a convention do each day."""


@app.periodic(cron="7 * * * *", periodic_id="hourly")
@app.task(name=SWEEP, queueing_lock=SWEEP, lock=SWEEP)
def sweep_conventions(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Every hour, since midnight does not come everywhere at once; a convention is swept once a day, its own."""
    sweep(now(), WATCHES)
