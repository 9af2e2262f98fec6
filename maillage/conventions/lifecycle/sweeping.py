"""The daily round: start and end what the date starts and ends, note tacit renewals, write the warnings of coming days.

Each convention is swept once a day in its own transaction, in the name of the organisation that drafted it. Nothing is done
twice: the row is locked, it remembers the last day swept, renewals are unique by day and messages by fact. After days without
a worker, the days missed are gone through in order, so that no warning is skipped.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.evidence import renewal_evidence, warnings_sent
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention, Event
from maillage.conventions.lifecycle.notifications import tell
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.recording import SYSTEM, day_of
from maillage.conventions.lifecycle.refreshing import refresh
from maillage.conventions.lifecycle.reminders import Reminder, reminders
from maillage.core.calendar import DAY
from maillage.core.row_security import acting

logger = logging.getLogger(__name__)
MOST_TERMS: Final = 400
"""Bound on the terms gone through at once: a worker is never away for so long."""

Watch = Callable[[LoadedConvention, date], None]
"""What another sub-room does about one convention each day, in the same transaction: it does nothing twice either."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did."""

    swept: int
    failed: int


def sweep(at: datetime, watches: Sequence[Watch] = ()) -> Round:
    """Sweep every convention whose day has come where its caisse is. One that fails is left for the next round, and logged."""
    swept = failed = 0
    for convention, organisation in due(at):
        try:
            with transaction.atomic(), acting(organisation=organisation):
                sweep_one(convention, at, watches)
        except Exception as error:  # noqa: BLE001 - one convention must not keep the others from their dates
            failed += 1
            logger.error("Sweep of convention %s failed: %s", convention, type(error).__name__)  # noqa: TRY400 - a traceback may quote values
        else:
            swept += 1
    return Round(swept, failed)


def due(at: datetime) -> list[tuple[UUID, UUID]]:
    """The conventions to sweep at this instant, each with the organisation in whose name; the worker's role only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT convention_id, organisation_id FROM conventions_to_sweep(%s)", [at])
        return list(cursor.fetchall())


def sweep_one(convention: UUID, at: datetime, watches: Sequence[Watch] = ()) -> None:
    """One convention's day, in the caller's transaction and context; done already, it does nothing."""
    row = Convention.objects.select_for_update().get(pk=convention)
    on = day_of(row, at)
    since = row.swept_on or on - DAY
    if since >= on or row.state not in ("signed", "in_force"):
        return
    known = refresh(row, on)
    _warn(known, since, on)
    if _note_renewals(known, on, at):
        known = refresh(row, on)
    for watch in watches:
        watch(known, on)
    Convention.objects.filter(pk=row.pk).update(swept_on=on)


def _warn(known: LoadedConvention, since: date, on: date) -> None:
    """Write the warnings of the days after `since` up to `on`, each to every party, once for each term and threshold."""
    bodies = [party.organisation for party in known.signatories]
    sent = warnings_sent(known.id)
    for coming in _coming(known, since, on):
        then = coming[0].useful.then.isoformat()
        ready = [reminder for reminder in coming if since < reminder.due_on <= on]
        if not ready and then not in sent and coming[0].useful.day >= on:
            # signed, amended or completed when the first thresholds had passed: the nearest one is still said
            ready = [reminder for reminder in coming if reminder.due_on <= since][-1:]
        for reminder in ready:
            tell(
                "convention_warning",
                convention=known.id,
                to=bodies,
                fact=f"{then}:{reminder.threshold}",
                on=on,
            )


def _coming(known: LoadedConvention, since: date, on: date) -> Iterator[tuple[Reminder, ...]]:
    """The warnings of each last useful day met between the two days, and of the next one."""
    cursor = since + DAY
    for _ in range(MOST_TERMS):
        found = reminders(known.terms(cursor), known.events, cursor, known.departement)
        if not found:
            return
        yield found
        if found[0].useful.day >= on:
            return
        cursor = found[0].useful.day + DAY


def _note_renewals(known: LoadedConvention, on: date, at: datetime) -> bool:
    """Keep each tacit renewal on which all readings agree, on its day, with its evidence."""
    noted = {row.day for row in known.recorded if row.kind == RecordedKind.RENEWED}
    new = [
        row
        for row in known.facts(on).renewals
        if row.mode == "tacit" and row.since <= on and not row.recorded and row.since not in noted
    ]
    for row in new:
        detail = renewal_evidence(known, row.since) | {
            "article": row.article,
            "renewed_until": row.until.isoformat() if row.until else None,
        }
        Event.objects.create(
            convention=known.row,
            kind=RecordedKind.RENEWED,
            day=row.since,
            detail=detail,
            recorded_at=at,
            recorded_by=SYSTEM,
            recorded_for_id=known.row.drafted_by_id,
        )
        record(
            verb="convention.renewed",
            object_type="convention",
            object_ref=known.id,
            by=None,
            organisation=known.row.drafted_by_id,
            reason="daily round",
        )
        others = [party.organisation for party in known.signatories]
        tell("convention_renewed", convention=known.id, to=others, fact=row.since.isoformat(), on=on)
    return bool(new)
