"""The jobs of data protection. They carry nothing: what to do is read when they run."""

from typing import Final

from procrastinate.contrib.django import app

from maillage.core.clock import now
from maillage.protection.destruction.planning import plan
from maillage.protection.destruction.running import destroy_due
from maillage.protection.retention.erasing import forget

DESTROYING: Final = "protection.destroy"
FORGETTING: Final = "protection.forget"


@app.periodic(cron="17 * * * *", periodic_id="hourly")
@app.task(name=DESTROYING, queueing_lock=DESTROYING, lock=DESTROYING)
def destroy_at_term(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Write down what becomes of the data of conventions that ended, and destroy what is due; however often it runs, once each."""
    at = now()
    plan(at)
    destroy_due(at)


@app.periodic(cron="47 3 * * *", periodic_id="daily")
@app.task(name=FORGETTING, queueing_lock=FORGETTING, lock=FORGETTING)
def forget_what_is_kept_no_longer(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Erase what is past its days, class after class; however often it runs, once each."""
    forget(now())
