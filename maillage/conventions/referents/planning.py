"""What is planned of a tenure and has not come yet: an end moved or given up, a hand-over shortened, an arrival cancelled.

What was planned is not rewritten silently: each change is a fact of the convention's history that says both days, told to the others.
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.recording import day_of, keep
from maillage.conventions.referents.actions import begun_with, journal, opened, own, own_end, tell_others
from maillage.conventions.referents.models import Referent
from maillage.conventions.referents.rules import (
    Following,
    Held,
    change_problem,
    given_up_problem,
    moved_arrival_problem,
    moved_end_problem,
)
from maillage.core.calendar import DAY
from maillage.core.french import date_in_words
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member


@transaction.atomic
def move_end(
    *, convention: Convention, referent: UUID, until: date | None, by: Member, at: datetime
) -> Referent:
    """Move the planned end of a tenure, or of its hand-over; None gives the end up. Raises `Refused` at `until`."""
    known = opened(convention, by)
    row = own(known, referent)
    if row.until is not None and row.until == until:
        return row
    problem = moved_end_problem(
        Held(row.since, row.until),
        until,
        on=day_of(known.row, at),
        begun_with=begun_with(row),
        after=_after(row),
    )
    check([Fault(problem.words, problem.field) if problem else None])
    assert row.until is not None  # noqa: S101 - checked just above
    now_on = f"désormais le {date_in_words(until)}" if until else "sans fin prévue désormais"
    _note(
        known,
        row,
        f"{row.function} : fin prévue le {date_in_words(row.until)}, {now_on}",
        until,
        by=by,
        at=at,
    )
    Referent.objects.filter(pk=row.pk).update(until=until)
    journal("convention.referent_replanned", row, by)
    row.until = until
    return row


@transaction.atomic
def move_arrival(
    *, convention: Convention, referent: UUID, since: date, by: Member, at: datetime
) -> Referent:
    """Move the first day of a tenure that has not begun. Whoever she succeeds stays until the day before, or until the end of
    their hand-over, which does not move. Raises `Refused` at `since`.
    """
    known = opened(convention, by)
    row = own(known, referent)
    if row.since == since and not row.is_given_up:
        return row
    succeeded = Referent.objects.filter(succeeds=row).exists()
    problem = moved_arrival_problem(
        Held(row.since, row.until), since, on=day_of(known.row, at), is_succeeded=succeeded
    )
    former = row.succeeds
    relay = former.until if former and former.until and former.until >= row.since else None
    if former is not None and problem is None:
        planned = _latest(own_end(row), relay)  # she leaves that day at the latest, whoever comes
        problem = change_problem(Held(former.since, planned), since, relay, begun_with=begun_with(former))
    check([Fault(problem.words, "since") if problem else None])
    words = (
        f"{row.function} : arrivée prévue le {date_in_words(row.since)}, désormais le {date_in_words(since)}"
    )
    _note(known, row, words, row.until, by=by, at=at)
    mine = Referent.objects.filter(pk=row.pk)
    theirs = Referent.objects.filter(pk=former.pk) if former and relay is None else Referent.objects.none()
    for rows, change in sorted(  # no instant without a referent, which PostgreSQL looks at row by row
        ((mine, {"since": since}), (theirs, {"until": since - DAY})),
        key=lambda one: "since" in one[1],
        reverse=since < row.since,
    ):
        rows.update(**change)
    journal("convention.referent_replanned", row, by)
    row.since = since
    return row


@transaction.atomic
def give_up(*, convention: Convention, referent: UUID, by: Member, at: datetime) -> Referent:
    """Cancel a tenure that has not begun: whoever she was to succeed stays, until the end that was planned before, if one was.

    Raises `Refused` as a whole.
    """
    known = opened(convention, by)
    row = own(known, referent)
    succeeded = Referent.objects.filter(succeeds=row).exists()
    problem = given_up_problem(Held(row.since, row.until), on=day_of(known.row, at), is_succeeded=succeeded)
    if problem:
        raise Refused(problem)
    former, stays_until = row.succeeds, end_when_given_up(row)
    stays = (
        f" ; {former.function} reste jusqu’au {date_in_words(stays_until)}" if former and stays_until else ""
    )
    _note(
        known,
        row,
        f"{row.function} : arrivée prévue le {date_in_words(row.since)}, annulée{stays}",
        None,
        by=by,
        at=at,
    )
    Referent.objects.filter(pk=row.pk).update(until=row.since - DAY, succeeds=None)
    if former is not None:
        Referent.objects.filter(pk=former.pk).update(until=stays_until)
    journal("convention.referent_given_up", row, by)
    row.refresh_from_db()
    return row


def end_when_given_up(row: Referent) -> date | None:
    """Until when whoever she was to succeed stays, were her arrival cancelled: the end that was planned before.

    A hand-over lengthened past that end since is the last word on it.
    """
    planned = own_end(row)
    return _latest(planned, begun_with(row)) if planned else None


def _latest(*days: date | None) -> date | None:
    """The last of those that are known; None when the first is not."""
    return max(day for day in days if day) if days[0] else None


def _after(row: Referent) -> Following | None:
    """Who succeeds her, and who is already named after that one."""
    successor = Referent.objects.filter(succeeds=row).first()
    if successor is None:
        return None
    following = Referent.objects.filter(succeeds=successor).values_list("since", flat=True).first()
    return Following(Held(successor.since, successor.until), following)


def _note(
    known: LoadedConvention, row: Referent, words: str, until: date | None, *, by: Member, at: datetime
) -> None:
    on = day_of(known.row, at)
    fact = keep(
        convention=known.row,
        kind=RecordedKind.REFERENT_CHANGED,
        day=on,
        by=by,
        at=at,
        party_key=row.party_key,
        detail={
            "referent": str(row.pk),
            "former": str(row.succeeds_id) if row.succeeds_id else None,
            "planned_since": row.since.isoformat(),
            "planned_until": row.until.isoformat() if row.until else None,
            "until": until.isoformat() if until else None,
            "note": words,
        },
    )
    tell_others(known, fact.id, by, at)
