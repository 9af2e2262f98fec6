"""Jobs of the outbox, and those that look after jobs."""

from typing import Final

from django.conf import settings
from procrastinate import JobContext, exceptions
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from maillage.core.clock import now
from maillage.notifications.forgetting import forget_sent
from maillage.notifications.gathering import gather
from maillage.notifications.sending import send_waiting

SENDING: Final = "notifications.send"
RETRYING: Final = "notifications.retry_stalled"
FORGETTING: Final = "notifications.forget_sent"
GATHERING: Final = "notifications.gather"
CLEANING: Final = "notifications.forget_old_jobs"


@app.periodic(cron="* * * * *", periodic_id="every_minute")
@app.task(name=SENDING, queueing_lock=SENDING, lock=SENDING)
def send_outbox(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Send what waits. The outbox itself says what to do: losing a job loses no message."""
    send_waiting(now)


@app.periodic(cron="* * * * * */15", periodic_id="every_15_seconds")
@app.task(name=RETRYING, queueing_lock=RETRYING, pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Give back the jobs of a worker that was killed: procrastinate does not do it by itself.

    A worker is held dead after 30 s without a heartbeat, so no job waits for a dead one longer than 45 s.
    """
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        try:
            await jobs.retry_job(job)
        except exceptions.UniqueViolation:
            # The same job waits already, and would wait for ever for the lock of the one that died.
            await jobs.finish_job(job, Status.FAILED, delete_job=True)


@app.periodic(cron="41 3 * * *", periodic_id="nightly")
@app.task(name=CLEANING, queueing_lock=CLEANING, pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Remove finished jobs after three days, failed ones too: the log has said why."""
    await context.app.job_manager.delete_old_jobs(nb_hours=72, include_failed=True)


@app.periodic(cron="23 3 * * *", periodic_id="daily")
@app.task(name=FORGETTING, queueing_lock=FORGETTING, lock=FORGETTING)
def forget_sent_messages(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Remove from the outbox what was sent, or given up, long enough ago, and keep that it was said."""
    forget_sent(at=now(), days=settings.OUTBOX_DAYS)


@app.periodic(cron="2,32 * * * *", periodic_id="half_hourly")
@app.task(name=GATHERING, queueing_lock=GATHERING, lock=GATHERING)
def gather_held(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Write the summaries of the boxes whose morning has come; it does not come everywhere at once."""
    gather(at=now())
