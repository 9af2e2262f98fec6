"""The sweep of files that wait too long: one index, each told once to both sides and to their referents. For the worker's role."""

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.cases.freezing import running as restricted
from maillage.cases.freezing import unless_frozen
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.notifications import reference, tell
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.terms import Terms
from maillage.core.calendar import DAY
from maillage.core.row_security import acting
from maillage.rights.acting import local
from maillage.rights.alerts import Alert, next_day
from maillage.rights.due import alert_days_of
from maillage.rights.models import Application

logger = logging.getLogger(__name__)
PAGE: Final = 500
_FIRST: Final = ZoneInfo("Pacific/Auckland")
"""No caisse is earlier in its day."""
KINDS: Final[dict[Alert, str]] = {
    Alert.THRESHOLD: "applications_threshold",
    Alert.MISSED: "applications_missed",
    Alert.SILENCE: "applications_silence",
}
_SAID: Final[dict[Alert, str]] = {
    Alert.THRESHOLD: "ont atteint un seuil d’alerte",
    Alert.MISSED: "ont dépassé l’engagement de la convention",
    Alert.SILENCE: "approchent du silence de la loi",
}


@dataclass(frozen=True, slots=True)
class Watched:
    """An application to look at: its convention, both sides, the day for which it is swept."""

    case: UUID
    convention: UUID
    caisse: UUID
    sender: UUID
    alert_on: date


def alert(*, at: datetime) -> int:
    """Tell of what waits too long as of an instant. Returns for how many applications; a second run the same day, none.

    Each convention and caisse of a page in a transaction of its own: what fails is left for the next hour, and logged.
    """
    told, last = 0, None
    while rows := watched(at.astimezone(_FIRST).date(), last):
        groups: dict[tuple[UUID, UUID], list[Watched]] = defaultdict(list)
        for row in rows:
            groups[row.convention, row.caisse].append(row)
        for (convention, caisse), some in groups.items():
            try:
                with transaction.atomic(), acting(organisation=caisse):
                    told += _alert(convention, caisse, some, at)
            except Exception as error:  # noqa: BLE001 - one convention must not keep the others from being looked at
                logger.error("Applications of convention %s: %s", convention, type(error).__name__)  # noqa: TRY400 - a traceback may quote values
        last = rows[-1]
    return told


def watched(on: date, after: Watched | None) -> list[Watched]:
    """The next applications whose day has come."""
    place = (after.alert_on, after.case) if after else (None, None)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM applications_to_alert(%s, %s, %s, %s)", [on, *place, PAGE])
        return [Watched(*row) for row in cursor.fetchall()]


def _alert(convention: UUID, caisse: UUID, rows: Sequence[Watched], at: datetime) -> int:
    known = Convention.objects.filter(pk=convention).first()
    if known is None:
        return 0  # the caisse no longer reads it
    loaded, texts = load(known), dict[date, Terms]()
    found: dict[Alert, Counter[UUID]] = defaultdict(Counter)
    on, told = at.date(), 0
    locked = {
        row.case_id: row
        for row in Application.objects.select_for_update(of=("self",))
        .select_related("case__caisse")
        .filter(case_id__in=[row.case for row in rows])
        .order_by("case_id")
    }
    frozen = {one.case_id for one in restricted(list(locked))}
    for row in rows:
        application = locked.get(row.case)
        if application is None or application.alert_on is None or application.received_on is None:
            continue
        if row.case in frozen:
            continue  # nobody could act: it is told once that is lifted
        on = local(at, application)
        if application.alert_on > on:
            continue  # its day has not come where the caisse is
        received = application.received_on
        terms = texts.setdefault(received, loaded.readable(received))
        days = alert_days_of(application, terms)
        due = {one.why for one in days if application.alert_on <= one.on <= on}
        again = Application.objects.filter(case_id=row.case, alert_on=application.alert_on)
        if unless_frozen(partial(again.update, alert_on=next_day(days, on + DAY))) is None:
            continue  # restricted at this instant: as above
        for why in due:
            found[why][row.sender] += 1
        told += bool(due)
    for why, senders in found.items():
        _tell(convention, caisse, why, senders, on)
    return told


def _tell(convention: UUID, caisse: UUID, why: Alert, senders: Counter[UUID], on: date) -> None:
    """Both sides and their referents, once that day: how many is for the journal, the message says where to look."""
    record(
        verb="threshold_crossed",
        object_type="convention",
        object_ref=convention,
        by=None,
        organisation=caisse,
        reason=f"dossiers de droits : {senders.total()} {_SAID[why]}",
    )
    tell(
        KINDS[why],
        convention=convention,
        to=[caisse, *sorted(senders)],
        fact=on.isoformat(),
        on=on,
        named=(reference(convention), "/droits/"),
    )
