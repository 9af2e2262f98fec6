"""The daily jobs of referrals."""

from typing import Final

from django.conf import settings
from procrastinate.contrib.django import app

from maillage.core.clock import now
from maillage.referrals.enrolments import release
from maillage.referrals.expiring import expire

EXPIRING: Final = "referrals.expire"
RELEASING: Final = "referrals.release_adhesions"


@app.periodic(cron="37 4 * * *", periodic_id="daily")
@app.task(name=EXPIRING, queueing_lock=EXPIRING, lock=EXPIRING)
def expire_unanswered(timestamp: int | None = None) -> None:
    """End what nobody acknowledged in time; however often it runs, once each."""
    _ = timestamp
    expire(at=now(), days=settings.REFERRAL_EXPIRES_DAYS)


@app.periodic(cron="52 4 * * *", periodic_id="daily")
@app.task(name=RELEASING, queueing_lock=RELEASING, lock=RELEASING)
def release_adhesions(timestamp: int | None = None) -> None:
    """Decide what the parties may read of PRADO for each month that is over; however often it runs, once a month."""
    _ = timestamp
    release()
