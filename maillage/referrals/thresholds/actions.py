"""Setting the thresholds of a convention; noting each day what went beyond, and telling the referents of it once."""

import logging
from collections import defaultdict
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.cases.actions import Delay, keep_delay
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.notifications import tell
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.recording import day_of, lock, require
from maillage.core.holidays import public_holidays
from maillage.core.refusals import Fault, check
from maillage.core.row_security import acting
from maillage.organisations.member import Member
from maillage.referrals.heeding.models import AlertDays
from maillage.referrals.heeding.rules import Kind, Threshold, days_problem, oldest_step, threshold
from maillage.referrals.thresholds.policies import can_set
from maillage.referrals.thresholds.queries import agreed_of

logger = logging.getLogger(__name__)
_SAID = {Kind.LATE: "sans accusé de réception à temps", Kind.BLOCKED: "sans étape depuis longtemps"}


@transaction.atomic
def set_days(*, known: LoadedConvention, late: int, blocked: int, by: Member, at: datetime) -> bool:
    """Set both thresholds of a convention; False when they are so already. Raises PermissionDenied, or Refused at each field.

    The text's own numbers, where it has some, count before these. What waits is late by them from now on.
    """
    require(can_set(by, known), "Seuls les référents des parties fixent les seuils d’alerte.")
    check(
        [
            Fault(problem, field)
            for field, days in (("late", late), ("blocked", blocked))
            if (problem := days_problem(days))
        ]
    )
    lock(known.row)
    before = agreed_of(known.id, known.zone)
    if before and (before.late_days, before.blocked_days) == (late, blocked):
        return False
    AlertDays.objects.create(
        convention_id=known.id,
        organisation_id=by.organisation,
        late_days=late,
        blocked_days=blocked,
        set_at=at,
        set_by=by.user,
    )
    on = day_of(known.row, at)
    _keep_late(known, threshold(Kind.LATE, known.readable(on), agreed_of(known.id, known.zone)), on)
    record(
        verb="set_thresholds",
        object_type="convention",
        object_ref=known.id,
        by=by.user,
        organisation=by.organisation,
        fields=("late_days", "blocked_days"),
        reason=f"{late} jours sans accusé de réception, {blocked} jours sans étape",
    )
    return True


def heed(*, at: datetime) -> int:
    """The daily round of thresholds, under the worker's role: how many referrals are newly beyond one; a second run, none.

    Each convention and caisse in a transaction of its own: what fails is left for the next day, and logged.
    """
    new = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referrals_to_heed()")
        pairs: list[tuple[UUID, UUID]] = cursor.fetchall()
    for convention, caisse in pairs:
        try:
            with transaction.atomic(), acting(organisation=caisse):
                new += _heed(convention, caisse, at)
        except Exception as error:  # noqa: BLE001 - one convention must not keep the others from being looked at
            logger.error("Thresholds of convention %s: %s", convention, type(error).__name__)  # noqa: TRY400 - a traceback may quote values
    return new


def _heed(convention: UUID, caisse: UUID, at: datetime) -> int:
    row = Convention.objects.filter(pk=convention).first()
    if row is None:
        return 0  # the caisse no longer reads it
    known = load(row)
    on = day_of(row, at)
    terms, agreed = known.readable(on), agreed_of(convention, known.zone)
    new = 0
    for kind in Kind:
        found = threshold(kind, terms, agreed)
        if kind is Kind.LATE:
            _keep_late(known, found, on)
        beyond = _note(known, caisse, kind, oldest_step(on, found.period, known.departement), on)
        if beyond:
            _tell(known, caisse, kind, beyond, on)
        new += sum(beyond.values())
    return new


def _keep_late(known: LoadedConvention, found: Threshold, on: date) -> None:
    """Have the lists say late from when the threshold does; of a delay in working days, over the holidays of the years around."""
    years = range(on.year - 1, on.year + 3) if found.period.working_days else ()
    days_off = [day for year in years for day in sorted(public_holidays(known.departement, year))]
    keep_delay(
        convention=known.id, delay=Delay(found.period, found.source, found.article, found.since, days_off)
    )


def _note(known: LoadedConvention, caisse: UUID, kind: Kind, step: date, on: date) -> dict[UUID | None, int]:
    """Note what is beyond and end what no longer is; how many are new, by the sender who may know it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM referrals_note_crossings(%s, %s, %s, %s, %s)", [known.id, caisse, kind, step, on]
        )
        rows: list[tuple[UUID, UUID | None]] = cursor.fetchall()
    new: dict[UUID | None, int] = defaultdict(int)
    for _case, sender in rows:
        new[sender] += 1
    return new


def _tell(
    known: LoadedConvention, caisse: UUID, kind: Kind, beyond: dict[UUID | None, int], on: date
) -> None:
    """Both sides, once that day for each kind: a reference and the convention's page."""
    record(
        verb="threshold_crossed",
        object_type="convention",
        object_ref=known.id,
        by=None,
        organisation=caisse,
        reason=f"{sum(beyond.values())} {_SAID[kind]}",
    )
    tell(
        f"referrals_{kind}",
        convention=known.id,
        to=[caisse, *sorted(filter(None, beyond))],
        fact=on.isoformat(),
        on=on,
    )
