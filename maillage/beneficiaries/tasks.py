"""Jobs of the people of cases. They carry nothing: whom to index is read when they run."""

from typing import Final

from procrastinate.contrib.django import app

from maillage.beneficiaries.indexing import index_waiting

INDEXING: Final = "beneficiaries.index"


@app.periodic(cron="* * * * *", periodic_id="every_minute")
@app.task(name=INDEXING, queueing_lock=INDEXING, lock=INDEXING)
def index_people(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Every minute: whoever was written down since can be found again, by those who take part in her case."""
    index_waiting()
