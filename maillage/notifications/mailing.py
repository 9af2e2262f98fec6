"""How somebody wants to be written to, and the last day on which she was: one summary a day, however often a job asks."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import Q

from maillage.notifications.actions import Draft, post
from maillage.notifications.models import DIGEST, Mailing


class Choice(StrEnum):
    """What she gets besides the messages that protect her account, which always leave."""

    URGENT = "urgent"
    DAILY = "daily"
    NONE = "none"


USUAL: Final = Choice.URGENT
"""Whoever chose nothing: the summary of the day, and at once what is urgent."""
FROM_HOUR: Final = 7
"""The hour from which the summary of a working day leaves, where she works."""


@dataclass(frozen=True, slots=True)
class Mailed:
    """Her choice, and her last summary: on which day, of how many cases."""

    choice: Choice = USUAL
    told_on: date | None = None
    told_of: int = 0
    looked_on: date | None = None


def mailed(user: UUID) -> Mailed:
    """As the person herself reads it."""
    row = Mailing.objects.filter(user_id=user).first()
    return Mailed(Choice(row.choice), row.told_on, row.told_of or 0, row.looked_on) if row else Mailed()


def keep_choice(*, user: UUID, choice: Choice, at: datetime) -> None:
    """Keep what she wants from now on; in her own name."""
    Mailing.objects.update_or_create(user_id=user, defaults={"choice": choice, "chosen_at": at})


def begin_day(*, user: UUID, on: date) -> bool:
    """Take the summary of a day on, in her name; False when it was looked at already. It lasts if and only if the caller commits."""
    Mailing.objects.get_or_create(user_id=user)
    waits = Mailing.objects.filter(Q(looked_on=None) | Q(looked_on__lt=on), user_id=user)
    return bool(waits.exclude(choice=Choice.NONE).update(looked_on=on))


def remind(*, user: UUID, on: date, cases: int) -> None:
    """The one summary of the day: how many cases wait for her, and the way to « À faire »."""
    post(
        [
            Draft(
                once=f"digest:{user}:{on.isoformat()}",
                recipient=None,
                kind=DIGEST,
                reference=f"J-{on.isoformat()}",
                path="/",
                account=user,
                cases=cases,
            )
        ]
    )
    Mailing.objects.filter(user_id=user).update(told_on=on, told_of=cases)
