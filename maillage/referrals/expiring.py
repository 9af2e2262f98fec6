"""Referrals that nobody acknowledges: after so many days they end, and their sender is told what to do. For the worker's role.

None of the five texts gives a delay for the acknowledgement; the number is the operator's setting (90 days unless said), long
enough that it ends what was forgotten and never what is only late: thresholds warn of that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.cases.freezing import is_frozen, unless_frozen
from maillage.core.moves import move
from maillage.core.row_security import acting
from maillage.core.states import TransitionRefused
from maillage.referrals.models import Referral
from maillage.referrals.notifications import tell
from maillage.referrals.states import TRANSITIONS

PAGE: Final = 200
Place = tuple[datetime, UUID]
"""Where the sender's part stands among those that wait."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A referral that waits, and its two sides."""

    case: UUID
    caisse: UUID
    sender: UUID
    place: Place


def expire(*, at: datetime, days: int) -> int:
    """End the referrals sent more than `days` before an instant that nobody acknowledged. Returns how many; a second run, none.

    One transaction each: one that is acknowledged meanwhile stays, and a stop loses nothing.
    """
    before, ended = at - timedelta(days=days), 0
    last: Place | None = None
    while rows := _unanswered(before, last):
        ended += sum(
            bool(unless_frozen(partial(_expire, row.case, row.caisse, row.sender, at))) for row in rows
        )
        last = rows[-1].place
    return ended


def _unanswered(before: datetime, after: Place | None) -> list[Unanswered]:
    """The next ones: those that cannot end stay behind, and never hide what follows them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM referrals_unanswered(%s, %s, %s, %s)", [before, *(after or (None, None)), PAGE]
        )
        return [
            Unanswered(case, caisse, sender, (since, part))
            for case, caisse, sender, since, part in cursor.fetchall()
        ]


def _expire(case: UUID, caisse: UUID, sender: UUID, at: datetime) -> bool:
    with transaction.atomic(), acting(organisation=caisse):
        referral = Referral.objects.filter(case_id=case).first()
        if referral is None:
            return False  # the caisse's own part has ended
        if is_frozen(case):
            return False  # nobody acts: it ends in the round that follows the lifting
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
        tell("referral_expired", case=case, to=sender, urgent=referral.urgent)
    return True
