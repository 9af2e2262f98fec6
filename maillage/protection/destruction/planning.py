"""Writing down what becomes of each party's data when a convention has ended; setting the day that its text leaves open."""

import logging
from datetime import date, datetime
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.recording import day_of
from maillage.core.identifiers import uuid7
from maillage.core.moves import move
from maillage.core.refusals import Fault, Refused, check
from maillage.core.row_security import acting
from maillage.core.states import find
from maillage.organisations.member import Member
from maillage.protection.breaches.saying import text_faults
from maillage.protection.destruction.models import Destruction
from maillage.protection.destruction.notifications import tell
from maillage.protection.destruction.policies import can_set
from maillage.protection.destruction.queries import absent
from maillage.protection.destruction.rules import day_faults, fate, reason_problem
from maillage.protection.destruction.states import TRANSITIONS, State

logger = logging.getLogger(__name__)
TAKEN: Final = (
    "Quelqu’un a fixé ce jour depuis que vous avez ouvert cette page : relisez-le, puis recommencez."
)


def plan(at: datetime) -> int:
    """The worker's: the fate of each party's data, for each convention that ended; how many conventions. Twice, it does nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT convention, drafted_by FROM protection_to_plan()")
        waiting = cursor.fetchall()
    done = 0
    for convention, organisation in waiting:
        try:
            with transaction.atomic(), acting(organisation=organisation):
                _plan_one(Convention.objects.get(pk=convention), at)
        except Exception as error:  # noqa: BLE001 - one convention must not keep the others from their days
            logger.error("Planning of convention %s failed: %s", convention, type(error).__name__)  # noqa: TRY400 - a traceback may quote values
        else:
            done += 1
    return done


def _plan_one(row: Convention, at: datetime) -> None:
    known, on = load(row), day_of(row, at)
    ended_on = _ended_on(row, on)
    text = known.readable(ended_on)
    for party in known.signatories:
        found = fate(text, party.key, ended_on=ended_on, departement=known.departement)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT protection_plan(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [
                    uuid7(), row.pk, party.organisation, found.state.value, found.article, found.what, found.why, ended_on, found.due_on,
                    found.earliest_on,
                ],
            )  # fmt: skip
        if found.state is not State.KEPT:
            tell("destruction_planned", row.pk, [party.organisation], fact="planned")


def _ended_on(row: Convention, on: date) -> date:
    """The first day no longer in force, where the caisse is: that of the range that closed its flows."""
    upper = row.in_force.upper if row.in_force is not None else None
    return day_of(row, upper) if upper is not None else on


@transaction.atomic
def set_day(*, row: Destruction, due_on: date, reason: str, by: Member, at: datetime) -> Destruction:
    """Set the day on which data are destroyed, or move one that has not come: never before the notice has run.

    One's own; or those of a party that has nobody here any more, whose box is told.
    `row` is as she read it: of two who set a day, the second is told. Raises PermissionDenied, Refused at `due_on`, `reason`.
    """
    _require(by, row)
    read, row = row, _locked(row)
    if row.state not in find(TRANSITIONS, "set").sources:
        raise Refused("La destruction de ces données a commencé : son jour ne change plus.")
    _require(by, row)
    if (row.set_at, row.due_on) != (read.set_at, read.due_on):
        raise Refused(TAKEN)
    reason = reason.strip()
    problem = reason_problem(reason)
    check(
        [
            *day_faults(due_on, on=day_of(row.convention, at), earliest_on=row.earliest_on),
            *(
                [Fault(problem, "reason")]
                if problem
                else text_faults({"reason": reason}, by=by, conventions=[row.convention_id])
            ),
        ]
    )
    move(row, TRANSITIONS, "set", due_on=due_on, reason=reason, set_at=at, set_by=by.user)
    if row.organisation_id != by.organisation:
        tell("destruction_planned", row.convention_id, [row.organisation_id], fact=f"set {at.isoformat()}")
    record(
        verb="destruction.set", object_type="destruction", object_ref=row.pk, by=by.user, organisation=by.organisation
    )  # fmt: skip
    return row


def _require(by: Member, row: Destruction) -> None:
    """Asked before the row is locked and after: row security lets nobody else lock it."""
    if not can_set(by, row, is_absent=row.organisation_id in absent([row])):
        raise PermissionDenied("Ce jour se fixe par qui veille à ces données.")


def _locked(row: Destruction) -> Destruction:
    return Destruction.objects.select_for_update(of=("self",)).select_related("convention").get(pk=row.pk)
