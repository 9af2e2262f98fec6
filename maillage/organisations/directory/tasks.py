"""Jobs of the directory. They carry nothing: what to do is read when they run."""

from contextlib import suppress
from typing import Final

from django.db import transaction
from procrastinate import JobContext, exceptions
from procrastinate.contrib.django import app

from maillage.core.clock import now
from maillage.organisations.directory.imports.working import work

IMPORTS: Final = "organisations.imports"
KEYS: Final = "vault.make_missing_key_pairs"  # of a higher room: by its name


@app.periodic(cron="* * * * *", periodic_id="every_minute")
@app.task(name=IMPORTS, queueing_lock=IMPORTS, lock=IMPORTS, pass_context=True)
def work_on_imports(context: JobContext, timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Rehearse and apply what waits. The table says what to do: losing a job loses nothing, nor does leaving one."""
    if work(now, context.should_abort):
        queue(KEYS)


def queue(name: str) -> None:
    """Have a job run soon, once: with the caller's transaction."""
    with suppress(exceptions.AlreadyEnqueued), transaction.atomic():
        app.tasks[name].defer()
