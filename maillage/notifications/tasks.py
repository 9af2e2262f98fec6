"""Jobs of the outbox, and those that look after jobs."""

from typing import Final

from procrastinate import JobContext
from procrastinate.contrib.django import app

from maillage.core.clock import now
from maillage.notifications.sending import send_waiting

SENDING: Final = "notifications.send"
RETRYING: Final = "notifications.retry_stalled"
CLEANING: Final = "notifications.forget_old_jobs"


@app.periodic(cron="* * * * *", periodic_id="every_minute")
@app.task(name=SENDING, queueing_lock=SENDING, lock=SENDING)
def send_outbox(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Send what waits. The outbox itself says what to do: losing a job loses no message."""
    send_waiting(now)


@app.periodic(cron="* * * * *", periodic_id="every_minute")
@app.task(name=RETRYING, queueing_lock=RETRYING, pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Give back the jobs of a worker that was killed: procrastinate does not do it by itself."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        await jobs.retry_job(job)


@app.periodic(cron="41 3 * * *", periodic_id="nightly")
@app.task(name=CLEANING, queueing_lock=CLEANING, pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Remove finished jobs after three days, failed ones too: the log has said why."""
    await context.app.job_manager.delete_old_jobs(nb_hours=72, include_failed=True)
