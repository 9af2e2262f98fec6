"""The daily job of referrals."""

from typing import Final

from django.conf import settings
from procrastinate.contrib.django import app

from maillage.core.clock import now
from maillage.referrals.expiring import expire

EXPIRING: Final = "referrals.expire"


@app.periodic(cron="37 4 * * *", periodic_id="daily")
@app.task(name=EXPIRING, queueing_lock=EXPIRING, lock=EXPIRING)
def expire_unanswered(timestamp: int | None = None) -> None:
    """End what nobody acknowledged in time; however often it runs, once each."""
    _ = timestamp
    expire(at=now(), days=settings.REFERRAL_EXPIRES_DAYS)
