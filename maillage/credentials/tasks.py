"""Ended sessions do not stay in the database."""

from typing import Final

from procrastinate.contrib.django import app

from maillage.credentials.sessions import forget_ended

CLEANING: Final = "credentials.forget_sessions"


@app.periodic(cron="17 * * * *", periodic_id="hourly")
@app.task(name=CLEANING, queueing_lock=CLEANING)
def forget_sessions(timestamp: int | None = None) -> None:  # noqa: ARG001 - given to periodic tasks
    """Each hour: addresses and browsers of sessions that have ended are forgotten."""
    forget_ended()
