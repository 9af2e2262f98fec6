"""Keeping provisions: a triangle and its corrections, then what was paid in the end (S1 sheet 14)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from maillage.audit.actions import record
from maillage.conventions.commitments.opening import open_signed
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.recording import day_of, new_row, not_in_the_future, own_id
from maillage.core.refusals import Fault, Refused, check
from maillage.core.states import TOO_LATE
from maillage.organisations.member import Member
from maillage.steering.provision.models import ProvisionActual, ProvisionTriangle
from maillage.steering.provision.queries import Provision, provision
from maillage.steering.provision.rules import LARGEST, Cells, Component, faults

_AGAIN = "Un premier est déjà connu : dites pourquoi il change, l’ancien reste lisible."


@dataclass(frozen=True, slots=True)
class GivenTriangle:
    """What a form says: summed payments in cents, a row for each year of care from `first`. `seen` is the one shown with the form."""

    triangle_id: UUID
    component: Component
    first: int
    rows: Cells
    source: str
    reason: str = ""
    seen: UUID | None = None


@dataclass(frozen=True, slots=True)
class GivenActual:
    """What a form says of what was paid in the end, in cents. `seen` is the one shown with the form."""

    actual_id: UUID
    cents: int
    known_on: date
    source: str
    reason: str = ""
    seen: UUID | None = None


@transaction.atomic
def draw_triangle(
    *, convention: Convention, given: GivenTriangle, by: Member, at: datetime
) -> ProvisionTriangle:
    """Give the payments from which a provision is estimated; a second triangle of a year and component takes the first one's place.

    Raises Refused at `cells` with each thing that is wrong, at `source`, `reason`; as a whole when another came meanwhile.
    """
    known = open_signed(convention, by)
    new = own_id(given.triangle_id, by)
    kept = ProvisionTriangle.objects.filter(pk=new, convention=known.row).first()
    if kept is not None:
        return kept
    check([Fault(told, "cells") for told in faults(given.first, given.rows)])
    year = given.first + len(given.rows) - 1
    former = provision(known, year, given.component)
    newest = former.newest.id if former else None
    if given.seen is not None and given.seen != newest:
        raise Refused(TOO_LATE)
    ahead = year > day_of(known.row, at).year
    check(
        [
            Fault("Cet exercice n’a pas commencé.", "cells") if ahead else None,
            *_told(given.source, given.reason, again=newest is not None),
        ]
    )
    size = len(given.rows)
    with new_row():
        row = ProvisionTriangle.objects.create(
            id=new,
            convention=known.row,
            component=given.component,
            year=year,
            first_year=given.first,
            cells=[list(line[: size - place]) for place, line in enumerate(given.rows)],
            source=given.source.strip(),
            replaces_id=newest,
            reason=given.reason.strip() if newest else "",
            **_signed(by, at),
        )
    _note("provision.corrected" if newest else "provision.drawn", row.pk, by)
    return row


@transaction.atomic
def tell_actual(
    *, convention: Convention, year: int, component: Component, given: GivenActual, by: Member, at: datetime
) -> ProvisionActual:
    """Say what was paid in the end. Raises Refused at `known_on`, `amount`, `source`, `reason`; as a whole when another came meanwhile."""
    known = open_signed(convention, by)
    new = own_id(given.actual_id, by)
    kept = ProvisionActual.objects.filter(pk=new, convention=known.row).first()
    if kept is not None:
        return kept
    of = _estimated(known, year, component)
    newest = of.actual.id if of.actual else None
    if given.seen is not None and given.seen != newest:
        raise Refused(TOO_LATE)
    early = f"L’exercice {year} n’était pas clos."
    check(
        [
            not_in_the_future(given.known_on, day_of(known.row, at), "known_on"),
            Fault(early, "known_on") if given.known_on.year <= year else None,
            Fault("Ce montant est trop grand : vérifiez-le.", "amount")
            if abs(given.cents) > LARGEST
            else None,
            *_told(given.source, given.reason, again=newest is not None),
        ]
    )
    with new_row():
        row = ProvisionActual.objects.create(
            id=new,
            convention=known.row,
            component=component,
            year=year,
            cents=given.cents,
            known_on=given.known_on,
            source=given.source.strip(),
            replaces_id=newest,
            reason=given.reason.strip() if newest else "",
            **_signed(by, at),
        )
    _note("provision.actual_told", row.pk, by)
    return row


def _estimated(known: LoadedConvention, year: int, component: Component) -> Provision:
    found = provision(known, year, component)
    if found is None:
        raise Refused("Cette provision n’existe pas.")
    return found


def _told(source: str, reason: str, *, again: bool) -> list[Fault | None]:
    return [
        Fault("Dites d’où vient ce chiffre.", "source") if not source.strip() else None,
        Fault("200 caractères au plus.", "source") if len(source) > 200 else None,
        Fault(_AGAIN, "reason") if again and not reason.strip() else None,
        Fault("400 caractères au plus.", "reason") if len(reason) > 400 else None,
    ]


def _signed(by: Member, at: datetime) -> dict[str, object]:
    return {"recorded_at": at, "recorded_by": by.user, "recorded_for_id": by.organisation}


def _note(verb: str, which: UUID, by: Member) -> None:
    record(verb=verb, object_type="provision", object_ref=which, by=by.user, organisation=by.organisation)
