"""The jobs of data protection. They carry nothing: what to do is read when they run."""

from typing import Final

from procrastinate.contrib.django import app

from maillage.core.clock import now
from maillage.protection.assessments.reminding import remind as remind_of_reviews
from maillage.protection.authorisations.reminding import remind as remind_of_ends
from maillage.protection.destruction.planning import plan
from maillage.protection.destruction.running import destroy_due
from maillage.protection.records.keeping import keep_all
from maillage.protection.retention.ending import end_cases
from maillage.protection.retention.erasing import forget

DESTROYING: Final = "protection.destroy"
ENDING: Final = "protection.end_cases"
FORGETTING: Final = "protection.forget"
RECORDING: Final = "protection.keep_records"
REMINDING: Final = "protection.remind"


@app.periodic(cron="17 * * * *", periodic_id="hourly")
@app.task(name=DESTROYING, queueing_lock=DESTROYING, lock=DESTROYING)
def destroy_at_term(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Write down what becomes of the data of conventions that ended, and destroy what is due; however often it runs, once each."""
    at = now()
    plan(at)
    destroy_due(at)


@app.periodic(cron="35 3 * * *", periodic_id="daily")
@app.task(name=RECORDING, queueing_lock=RECORDING, lock=RECORDING)
def keep_records(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Keep a version of each organisation's record of processing that changed since its last one."""
    keep_all(now())


@app.periodic(cron="37 5 * * *", periodic_id="daily")
@app.task(name=REMINDING, queueing_lock=REMINDING, lock=REMINDING)
def remind(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Tell once whoever holds an authorisation that it ends within thirty days, whoever leads an assessment that its review is near."""
    at = now()
    remind_of_ends(at)
    remind_of_reviews(at)


@app.periodic(cron="47 3 * * *", periodic_id="daily")
@app.task(name=FORGETTING, queueing_lock=FORGETTING, lock=FORGETTING)
def forget_what_is_kept_no_longer(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Erase what is past its days, class after class; however often it runs, once each."""
    forget(now())


@app.periodic(cron="7 4 * * *", periodic_id="daily")
@app.task(name=ENDING, queueing_lock=ENDING, lock=ENDING)
def end_cases_that_are_kept_no_longer(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """End each organisation's part in the closed cases whose time has run out; however often it runs, once each."""
    end_cases(now())
