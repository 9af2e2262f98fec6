"""What a hand-over of many cases would move, and those that may still be undone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from maillage.audit.actions import record
from maillage.cases.following import colleagues
from maillage.cases.models import Following, Participation
from maillage.organisations.member import Member
from maillage.organisations.models import Membership
from maillage.organisations.roles import ROLES, Permission
from maillage.referrals.models import BulkHandOver
from maillage.referrals.queries import visible_to

MOST: Final = 500
"""Cases that one hand-over moves: each is an entry of the journal. What is left is handed over by a second one."""


@dataclass(frozen=True, slots=True)
class Moving:
    """What would move: the participations, those due first before, and a digest that tells whether they still are the same."""

    parts: Sequence[Participation]
    seen: str
    left: int
    """How many more she follows, beyond what one hand-over moves."""


def followings_of(member: Member, giver: UUID) -> QuerySet[Following]:
    """What somebody of the organisation follows of the referrals that are under way, in one order."""
    under_way = visible_to(member).filter(case_id=OuterRef("case_id"), closed_at__isnull=True)
    return Following.objects.filter(
        Exists(under_way), organisation=member.organisation, user_id=giver, until__isnull=True
    ).order_by("case_id")


def moving(member: Member, giver: UUID) -> Moving:
    """The dry run. It opens no identity; the references that it shows are one entry of the journal."""
    rows = list(followings_of(member, giver).values_list("id", "case_id")[: MOST + 1])
    kept = rows[:MOST]
    left = followings_of(member, giver).count() - MOST if len(rows) > MOST else 0
    parts = list(
        visible_to(member)
        .filter(case_id__in=[case for _, case in kept])
        .select_related("case__sender", "case__caisse", "case__authorisation")
        .order_by("turn", "id")
    )
    record(
        verb="read_list",
        object_type="referral",
        object_ref=",".join(str(part.case_id) for part in parts),
        by=member.user,
        organisation=member.organisation,
        reason="essai d’une remise en nombre, sans identité",
    )
    return Moving(parts, digest(following for following, _ in kept), left)


def digest(followings: Iterable[UUID]) -> str:
    """A code of the followings that a dry run showed, in their order."""
    return sha256("".join(str(one) for one in followings).encode()).hexdigest()


def takers(member: Member, giver: UUID, *, on: date) -> list[tuple[UUID, str]]:
    """To whom somebody's cases may go: whoever reads referrals here on that day, the member too, but not herself."""
    people = colleagues(member, on=on)
    if member.may(Permission.READ_REFERRALS):
        people = [*people, (member.user, member.user_name)]
    return [(user, name) for user, name in people if user != giver]


def undoable(member: Member, giver: UUID) -> QuerySet[BulkHandOver]:
    """The hand-overs of somebody's cases that may still be undone, the last first, with how many each moved."""
    rows = BulkHandOver.objects.filter(
        organisation=member.organisation, giver=giver, undone_at=None, undone_before__gt=Now()
    )
    return rows.annotate(cases=Count("handed")).order_by("-done_at")  # type: ignore[no-redef]  # declared there


def reads_referrals(member: Member, person: UUID, *, on: date) -> bool:
    """Whether somebody reads the referrals of the organisation on a day."""
    roles = [role for role, declared in ROLES.items() if Permission.READ_REFERRALS in declared.permissions]
    return Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on),
        organisation=member.organisation,
        user=person,
        since__lte=on,
        role__in=roles,
    ).exists()
