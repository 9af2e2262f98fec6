"""What a breach touched, worked out from the journal of one's own organisation: which cases were read, by whom, between two instants."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.audit.queries import Wanted, first_entries
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
    asked = Wanted(since, before, person=window.person, personal=True)
    cases: set[UUID] = set()
    readers: set[UUID] = set()
    read = 0
    for entry in first_entries(by.organisation, asked, most=MOST + 1):
        read += 1
        cases |= {UUID(found) for found in _ID.findall(entry.object_ref)}
        if _ID.fullmatch(entry.user_id):
            readers.add(UUID(entry.user_id))
    known = dict(Case.objects.filter(pk__in=cases).values_list("pk", "convention_id"))
    with new_row():
        row = BreachReach(
            id=new,
            organisation_id=by.organisation,
            breach=breach,
            since=since,
            before=before,
            person=window.person,
            cases=sorted(known),
            readers=sorted(readers),
            conventions=sorted(set(known.values())),
            is_whole=read <= MOST,
            recorded_at=at,
            recorded_by=by.user,
        )
        row.save(force_insert=True)
    tell_journal("reach", breach.pk, by)
    return row
