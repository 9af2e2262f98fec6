"""Jobs of documents. They carry nothing: what to do is read when they run."""

from procrastinate.contrib.django import app

from maillage.core.clock import now
from maillage.documents.actions import sweep_unconfirmed

SWEEP = "documents.sweep"


@app.periodic(cron="37 * * * *", periodic_id="hourly")
@app.task(name=SWEEP, queueing_lock=SWEEP, lock=SWEEP)
def sweep_documents(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Every hour: remove the files whose transaction never ended well; nobody could read them, they only take room."""
    sweep_unconfirmed(at=now())
