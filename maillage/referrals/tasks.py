"""The daily jobs of referrals."""

from typing import Final

from django.conf import settings
from procrastinate.contrib.django import app

from maillage.core.clock import now
from maillage.referrals.answered.actions import note_answers
from maillage.referrals.enrolments import release
from maillage.referrals.expiring import expire
from maillage.referrals.summaries import summarise
from maillage.referrals.thresholds.actions import heed

EXPIRING: Final = "referrals.expire"
HEEDING: Final = "referrals.heed"
SUMMARISING: Final = "referrals.summarise"
RELEASING: Final = "referrals.release_adhesions"
ANSWERING: Final = "referrals.note_answers"


@app.periodic(cron="37 4 * * *", periodic_id="daily")
@app.task(name=EXPIRING, queueing_lock=EXPIRING, lock=EXPIRING)
def expire_unanswered(timestamp: int | None = None) -> None:
    """End what nobody acknowledged in time; however often it runs, once each."""
    _ = timestamp
    expire(at=now(), days=settings.REFERRAL_EXPIRES_DAYS)


@app.periodic(cron="52 4 * * *", periodic_id="daily")
@app.task(name=HEEDING, queueing_lock=HEEDING, lock=HEEDING)
def heed_thresholds(timestamp: int | None = None) -> None:
    """Note what is late or blocked, and tell the referents; however often it runs, once each."""
    _ = timestamp
    heed(at=now())


@app.periodic(cron="2,32 * * * *", periodic_id="half_hourly")
@app.task(name=SUMMARISING, queueing_lock=SUMMARISING, lock=SUMMARISING)
def summarise_the_day(timestamp: int | None = None) -> None:
    """Write the summaries of those whose morning has come, every half hour since it does not come everywhere at once."""
    _ = timestamp
    summarise(at=now())


@app.periodic(cron="7 5 * * *", periodic_id="daily")
@app.task(name=RELEASING, queueing_lock=RELEASING, lock=RELEASING)
def release_adhesions(timestamp: int | None = None) -> None:
    """Decide what the parties may read of PRADO for each month that is over; however often it runs, once a month."""
    _ = timestamp
    release()


@app.periodic(cron="27 5 * * *", periodic_id="daily")
@app.task(name=ANSWERING, queueing_lock=ANSWERING, lock=ANSWERING)
def note_answers_in_time(timestamp: int | None = None) -> None:
    """Count the quarters that are settled for the register of commitments; however often it runs, once each."""
    _ = timestamp
    note_answers(at=now())
