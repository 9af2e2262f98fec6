"""When the law's delay has passed without a decision: silence speaks, and its evidence is kept. For the worker's role.

A silence that is an acceptance opens the right (CSS L861-5); one that is a rejection opens the ways of appeal, and the caisse may
still decide (CRPA L231-4, L411-2). Each is noted once, whatever restarts happen.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.cases.freezing import is_frozen, unless_frozen
from maillage.core.calendar import DAY
from maillage.core.moves import move
from maillage.core.row_security import acting
from maillage.core.states import TransitionRefused
from maillage.rights.acting import local
from maillage.rights.declared.rights import rights
from maillage.rights.declared.rules import ends_on
from maillage.rights.models import Application, ApplicationEvent
from maillage.rights.notifications import tell
from maillage.rights.states import TRANSITIONS

PAGE: Final = 200
_FIRST: Final = ZoneInfo("Pacific/Auckland")
"""No caisse is earlier in its day: what is not over there is over nowhere."""


@dataclass(frozen=True, slots=True)
class Silent:
    """An application that waits for its decision after the last day of the law, and its two sides."""

    case: UUID
    caisse: UUID
    sender: UUID
    last_day: date


def lapse(*, at: datetime) -> int:
    """Note the silences acquired by an instant. Returns how many; a second run, none.

    One transaction each: one that is decided meanwhile stays as it was decided, and a stop loses nothing.
    """
    found, last = 0, None
    while rows := silent(at.astimezone(_FIRST).date(), last):
        found += sum(bool(unless_frozen(partial(_lapse, row, at))) for row in rows)
        last = rows[-1]
    return found


def silent(before: date, after: Silent | None) -> list[Silent]:
    """The next ones: those that cannot lapse yet stay behind, and never hide what follows them."""
    place = (after.last_day, after.case) if after else (None, None)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM applications_lapsed(%s, %s, %s, %s)", [before, *place, PAGE])
        return [Silent(*row) for row in cursor.fetchall()]


def _lapse(row: Silent, at: datetime) -> bool:
    with transaction.atomic(), acting(organisation=row.caisse):
        application = (
            Application.objects.select_for_update(of=("self",))
            .select_related("case__caisse")
            .filter(case_id=row.case)
            .first()
        )
        if application is None:
            return False  # the caisse's own part has ended
        last = application.legal_on
        if application.closed_at is not None or application.lapsed_on is not None or last is None:
            return False
        if local(at, application) <= last:
            return False  # the day is not over where the caisse is
        if is_frozen(row.case):
            return False  # what the silence of that day means is noted once that is lifted, at its own day
        try:
            _speak(application, last + DAY, at)
        except TransitionRefused:
            return False
        record(
            verb="lapse",
            object_type="application",
            object_ref=row.case,
            by=None,
            organisation=row.caisse,
            reason="daily round",
        )
        for side in (row.sender, row.caisse):
            tell("application_lapsed", case=row.case, to=side, urgent=application.urgent, about=side)
    return True


def _speak(application: Application, day: date, at: datetime) -> None:
    """Write what the silence of a day means, and the event that proves it."""
    if application.silence == "acceptance":
        declared = rights()[application.right]
        right = next(iter(declared.may_open))
        move(
            application,
            TRANSITIONS,
            "lapse",
            lapsed_on=day,
            by_silence=True,
            decided_on=day,
            opened=right,
            opens_on=day,
            ends_on=ends_on(
                declared, filed=application.handed_on or application.received_on or day, decided=day
            ),
            closed_at=max(at, application.sent_at),
        )
        kinds: tuple[str, ...] = ("silence", "granted")
    else:
        still = Application.objects.filter(
            case_id=application.case_id, closed_at=None, lapsed_on=None, legal_on=application.legal_on
        )
        if not still.update(lapsed_on=day):
            raise TransitionRefused
        kinds = ("silence",)
    ApplicationEvent.objects.bulk_create(
        ApplicationEvent(case_id=application.case_id, kind=kind, day=day, noted_at=at) for kind in kinds
    )
