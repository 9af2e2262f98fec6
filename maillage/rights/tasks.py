"""The jobs of applications: those of each day, and the tables that partners bring. They carry nothing: what to do is read when they run."""

from contextlib import suppress
from typing import Final

from django.conf import settings
from django.db import transaction
from procrastinate import JobContext, exceptions
from procrastinate.contrib.django import app

from maillage.core.clock import now
from maillage.rights.alerting import alert
from maillage.rights.bulk.emptying import empty_old
from maillage.rights.bulk.working import work
from maillage.rights.lapsing import lapse

LAPSING: Final = "rights.lapse"
ALERTING: Final = "rights.alert"
IMPORTS: Final = "rights.imports"
EMPTYING: Final = "rights.empty_imports"


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


@app.periodic(cron="* * * * *", periodic_id="every_minute")
@app.task(name=IMPORTS, queueing_lock=IMPORTS, lock=IMPORTS, pass_context=True)
def work_on_tables(context: JobContext, timestamp: int | None = None) -> None:
    """Read, try and import the tables that wait. The table says what to do: losing a job loses nothing, nor does leaving one."""
    _ = timestamp
    work(now, context.should_abort)


@app.periodic(cron="11 3 * * *", periodic_id="daily")
@app.task(name=EMPTYING, queueing_lock=EMPTYING, lock=EMPTYING)
def empty_old_tables(timestamp: int | None = None) -> None:
    """Destroy what is left of the tables brought too long ago."""
    _ = timestamp
    empty_old(at=now(), days=settings.IMPORT_KEPT_DAYS)


def queue_imports() -> None:
    """Have the waiting tables worked on soon, once: with the caller's transaction."""
    with suppress(exceptions.AlreadyEnqueued), transaction.atomic():
        app.tasks[IMPORTS].defer()
