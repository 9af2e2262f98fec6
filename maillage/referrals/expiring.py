"""Referrals that nobody acknowledges: after so many days they end, and their sender is told what to do. For the worker's role.

None of the five texts gives a delay for the acknowledgement; the number is the operator's setting (90 days unless said), long
enough that it ends what was forgotten and never what is only late: thresholds warn of that.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.core.row_security import acting
from maillage.core.states import TransitionRefused, move
from maillage.referrals.models import Referral
from maillage.referrals.notifications import tell
from maillage.referrals.states import TRANSITIONS

PAGE: Final = 200


def expire(*, at: datetime, days: int) -> int:
    """End the referrals sent more than `days` before an instant that nobody acknowledged. Returns how many; a second run, none.

    One transaction each: one that is acknowledged meanwhile stays, and a stop loses nothing.
    """
    before, ended = at - timedelta(days=days), 0
    while rows := _unanswered(before):
        done = [_expire(case, caisse, sender, at) for case, caisse, sender in rows]
        ended += sum(done)
        if not any(done):
            break
    return ended


def _unanswered(before: datetime) -> list[tuple[UUID, UUID, UUID]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referrals_unanswered(%s, %s)", [before, PAGE])
        return list(cursor.fetchall())


def _expire(case: UUID, caisse: UUID, sender: UUID, at: datetime) -> bool:
    with transaction.atomic(), acting(organisation=caisse):
        referral = Referral.objects.filter(case_id=case).first()
        if referral is None:
            return False  # the caisse's own part has ended
        try:
            move(referral, TRANSITIONS, "expire", closed_at=max(at, referral.sent_at))
        except TransitionRefused:
            return False
        record(
            verb="expire",
            object_type="referral",
            object_ref=case,
            by=None,
            organisation=caisse,
            reason="daily round",
        )
        tell("referral_expired", case=case, to=sender)
    return True
