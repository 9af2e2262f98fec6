"""Ways that one tells a person, and that she takes herself: the telephone, a desk, a service of which she hears.

What is kept is a count (S0 art. 5: nothing nominative reaches the CAF): no clock, no outcome, and no place where anything
about her could be written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count

from maillage.audit.actions import record
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load, visible_to
from maillage.conventions.terms import Terms
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals.models import Advice
from maillage.referrals.proposing import prepared
from maillage.referrals.routing.router import Route, Way
from maillage.referrals.routing.situation import situation_of

TOLD = frozenset({Way.PHONE, Way.PERSON, Way.INFORMATION})
"""Ways that the person takes herself, or by telephone: nothing is sent here."""


@dataclass(frozen=True, slots=True)
class Told:
    """A way that may be told, and the convention that gives it."""

    convention: Convention
    route: Route


def can_advise(member: Member) -> bool:
    """Whoever reads the convention: the partner tells of the caisse's services, the caisse of the partner's."""
    return member.may(Permission.READ_CONVENTIONS)


def told(member: Member, convention: UUID, key: str, *, at: datetime, own: bool = False) -> Told:
    """A way that the member's organisation may tell under a convention of which it is a party; with `own`, also to what it renders itself.

    Raises Convention.DoesNotExist where it is none, or where the text has no such way for it.
    """
    row = visible_to(member).get(id=convention)
    known = load(row)
    if known.mine is None or not known.mine.signs:
        raise Convention.DoesNotExist
    on = at.astimezone(known.zone).date()
    for route in ways_to_tell(known.terms(on), party="" if own else known.mine.key, on=on):
        if route.key == key:
            return Told(row, route)
    raise Convention.DoesNotExist


def ways_to_tell(terms: Terms, *, party: str, on: date) -> list[Route]:
    """The ways of a text that one of its parties may tell a person, and that she takes herself; not those to itself."""
    found = prepared(terms).routing.routes(situation_of({}, on=on))
    return [
        route
        for route in found
        if route.way in TOLD and not route.obstacles and party not in route.service.debtors
    ]


@transaction.atomic
def count_advice(*, token: UUID, convention: UUID, key: str, by: Member, at: datetime) -> bool:
    """Count that a person was told of a way; the same token twice counts once. False when it was counted already.

    Raises Refused when the convention is not in force, Convention.DoesNotExist for what is not told here.
    """
    if not can_advise(by):
        raise PermissionDenied("Votre rôle ne permet pas de conseiller une personne.")
    found = told(by, convention, key, at=at)
    if found.convention.state != "in_force":
        raise Refused("Cette convention n’est pas en vigueur : rien n’est compté sous elle.")
    made = Advice(
        id=token,
        organisation_id=by.organisation,
        convention_id=convention,
        route=key,
        given_at=at,
        given_by=by.user,
    )
    if Advice.objects.filter(id=token).exists():
        return False
    Advice.objects.bulk_create([made], ignore_conflicts=True)
    record(
        verb="advise",
        object_type="convention",
        object_ref=convention,
        by=by.user,
        organisation=by.organisation,
        reason=key,
    )
    return True


def advice_counts(convention: UUID, member: Member) -> Mapping[str, int]:
    """How many times the member's own organisation told each way of a convention."""
    rows = Advice.objects.filter(organisation=member.organisation, convention_id=convention)
    return dict(rows.values_list("route").annotate(times=Count("id")).order_by("route"))
