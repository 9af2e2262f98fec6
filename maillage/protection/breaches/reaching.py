"""What a breach touched, worked out from the journal of one's own organisation: which cases were read, by whom, between two instants."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.audit.queries import Wanted, entries_of
from maillage.cases.models import Case
from maillage.conventions.lifecycle.recording import new_row, own_id
from maillage.core.refusals import Fault, check
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.protection.breaches.following import require_follower
from maillage.protection.breaches.models import Breach, BreachReach
from maillage.protection.breaches.saying import tell_journal

MOST: Final = 50_000
"""Entries of the journal that are read at most: beyond, the window is to be narrowed, and the page says so."""
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Window:
    """Between which instants one looks (the second excluded), and of which account only, if it is one."""

    since: datetime | None
    before: datetime | None
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One account that read one case in that time: when first, when last, how many entries of the journal say so."""

    reader: UUID
    first: datetime
    last: datetime
    times: int


@dataclass(slots=True)
class _Found:
    """What the journal tells, entry after entry, the latest first."""

    cases: set[UUID] = field(default_factory=set)
    readers: set[UUID] = field(default_factory=set)
    spans: dict[tuple[UUID, UUID], list[int]] = field(default_factory=dict)
    is_whole: bool = True


@transaction.atomic
def work_out(*, breach: Breach, reach_id: UUID, window: Window, by: Member, at: datetime) -> BreachReach:
    """Keep which cases had their identity read in that time, by which accounts, and under which conventions they are.

    What was pruned from the journal (six to twelve months) is not found. Raises PermissionDenied, Refused at `since`, `before`.
    """
    require_follower(by)
    if not by.may(Permission.READ_JOURNAL):
        raise PermissionDenied("Votre rôle ne permet pas de lire le journal.")
    new = own_id(reach_id, by)
    if (kept := BreachReach.objects.filter(pk=new, organisation=by.organisation).first()) is not None:
        return kept
    since, before = window.since, window.before
    check(
        [
            None if since else Fault("Dites depuis quand.", "since"),
            None if before else Fault("Dites jusqu’à quand.", "before"),
            Fault("La fin vient après le début.", "before") if since and before and since >= before else None,
        ]
    )
    assert since is not None and before is not None  # noqa: S101, PT018 - refused above
    found = _gather(by.organisation, Wanted(since, before, person=window.person, personal=True))
    known = dict(Case.objects.filter(pk__in=found.cases).values_list("pk", "convention_id"))
    with new_row():
        row = BreachReach(
            id=new,
            organisation_id=by.organisation,
            breach=breach,
            since=since,
            before=before,
            person=window.person,
            cases=sorted(known),
            readers=sorted(found.readers),
            conventions=sorted(set(known.values())),
            readings=_written(found.spans, known),
            is_whole=found.is_whole,
            recorded_at=at,
            recorded_by=by.user,
        )
        row.save(force_insert=True)
    tell_journal("reach", breach.pk, by)
    return row


def readings(reach: BreachReach, case: UUID) -> list[Reading]:
    """Who read a case of a search, whoever read it first at the head; nobody once the lists are erased."""
    found = [
        Reading(UUID(reader), datetime.fromtimestamp(first, UTC), datetime.fromtimestamp(last, UTC), times)
        for reader, first, last, times in reach.readings.get(str(case), ())
    ]
    return sorted(found, key=lambda one: (one.first, one.reader))


def _gather(organisation: UUID, wanted: Wanted) -> _Found:
    """Read the entries that are wanted, as tuples: fifty thousand of them are not made objects."""
    found = _Found()
    rows = entries_of(organisation, wanted).values_list("object_ref", "user_id", "at")
    for number, (reference, user, at) in enumerate(rows[: MOST + 1].iterator(chunk_size=2000)):
        if number == MOST:
            found.is_whole = False
            break
        cases = {UUID(one) for one in _ID.findall(reference)}
        found.cases |= cases
        if not _ID.fullmatch(user):
            continue
        reader, second = UUID(user), int(at.timestamp())
        found.readers.add(reader)
        for case in cases:
            span = found.spans.setdefault((case, reader), [second, second, 0])
            span[0], span[1], span[2] = min(span[0], second), max(span[1], second), span[2] + 1
    return found


def _written(
    spans: Mapping[tuple[UUID, UUID], list[int]], known: Collection[UUID]
) -> dict[str, list[list[str | int]]]:
    """The readings of the cases that are known, as they are kept: by case, each account with its first and last instant, and how many."""
    kept: dict[str, list[list[str | int]]] = {}
    for (case, reader), span in spans.items():
        if case in known:
            kept.setdefault(str(case), []).append([str(reader), *span])
    return kept
