"""Following a case inside one's organisation, handing it to a colleague, or consulting it without following it.

Every member whose role reads referrals sees that a case exists, its service, its state and its dates; its identity opens to
those who follow it, and to whoever gives a reason for consulting it, until the end of the day.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now

from maillage.audit.actions import record
from maillage.cases.models import Alert, Case, Following, Freeze, Participation
from maillage.cases.notifications import tell_watchers
from maillage.cases.queries import visible_to
from maillage.cases.rules import Reason, end_of_day, motive_problem
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.statements import insert
from maillage.organisations.member import Member
from maillage.organisations.models import Membership, User
from maillage.organisations.roles import ROLES, Permission

_READERS = [
    role.value for role, declared in ROLES.items() if Permission.READ_REFERRALS in declared.permissions
]


@dataclass(frozen=True, slots=True)
class Follower:
    """Someone who follows a case in the member's organisation."""

    user: UUID
    name: str
    since: datetime


def can_follow(member: Member, case: Case) -> bool:
    """Whoever sends referrals, for those that her organisation sent; whoever works them, for those that it received or forwarded."""
    if case.sender_id == member.organisation and member.may(Permission.SEND_REFERRALS):
        return True
    return member.organisation in (case.caisse_id, case.sender_id) and member.may(Permission.WORK_REFERRALS)


def running(member: Member) -> QuerySet[Following]:
    """What runs now in the member's organisation: followings, and consultations of today."""
    return Following.objects.filter(
        Q(until__isnull=True) | Q(until__gt=Now()), organisation=member.organisation
    )


def with_reason(member: Member, rows: QuerySet[Participation]) -> QuerySet[Participation]:
    """The participations with `opened_as`, why this member may open the identity of each; None where she may not.

    A following comes before a consultation. One index lookup for each row shown; another for `frozen_since`.
    """
    mine = running(member).filter(user_id=member.user, case_id=OuterRef("case_id"))
    reason = Subquery(mine.order_by(F("until").desc(nulls_first=True)).values("reason")[:1])
    frozen = Freeze.objects.filter(case_id=OuterRef("case_id"), lifted_at=None).order_by("since")
    since = Subquery(frozen.values("since")[:1])
    return rows.annotate(opened_as=reason, frozen_since=since)  # type: ignore[no-redef]  # declared there for whoever reads it


def followers(member: Member, case: UUID) -> list[Follower]:
    """Who follows a case in the member's organisation, the first one first."""
    rows = running(member).filter(case_id=case, until__isnull=True).order_by("since", "id")
    since = dict(rows.values_list("user_id", "since"))
    names = dict(User.objects.filter(id__in=since).values_list("id", "full_name"))
    return [Follower(user, names.get(user, ""), instant) for user, instant in since.items()]


def colleagues(member: Member, *, on: date) -> list[tuple[UUID, str]]:
    """Those of the member's organisation who read referrals on this day, without herself, by name."""
    rows = (
        Membership.objects.filter(
            Q(until__isnull=True) | Q(until__gte=on),
            organisation=member.organisation,
            since__lte=on,
            role__in=_READERS,
            user__is_active=True,
        )
        .exclude(user=member.user)
        .order_by("user__full_name", "user_id")
    )
    return list(dict.fromkeys(rows.values_list("user_id", "user__full_name")))


def begin_following(*, case: UUID, reason: Reason, by: Member, at: datetime) -> None:
    """What follows from an act: whoever sends or works a case follows it. Nothing when she does already, nor for whoever only ends
    it in the person's name: its identity does not open to her by that."""
    if by.in_her_name:
        return
    _begin(case, by.user, reason, by, at)


@transaction.atomic
def follow(*, case: Case, by: Member, at: datetime) -> None:
    """Take a case on. Raises PermissionDenied for a role that neither sends nor works it."""
    if not can_follow(by, case):
        raise PermissionDenied("Votre rôle ne permet pas de suivre ce dossier.")
    if _follow(case.id, by.user, Reason.TAKEN, by, at):
        _record("follow", case.id, by)


@transaction.atomic
def unfollow(*, case: Case, by: Member, at: datetime) -> bool:
    """Stop following; what she consulted today stays open until tonight. False when she did not follow it."""
    ended = running(by).filter(case_id=case.id, user_id=by.user, until__isnull=True).update(until=at)
    if ended:
        _record("unfollow", case.id, by)
    return bool(ended)


@transaction.atomic
def hand_over(*, case: Case, to: UUID, by: Member, at: datetime) -> None:
    """Hand a case that one follows to a colleague: she follows it from now on, the giver no longer does.

    Raises PermissionDenied to whoever does not follow it, Refused at `to` for somebody who does not read referrals here.
    """
    on = at.astimezone(ZoneInfo(by.time_zone)).date()
    if to not in {user for user, _ in colleagues(by, on=on)}:
        raise Refused("Choisissez un ou une collègue de la liste.", "to")
    if not running(by).filter(case_id=case.id, user_id=by.user, until__isnull=True).update(until=at):
        raise PermissionDenied("Vous ne suivez pas ce dossier.")
    _follow(case.id, to, Reason.HANDED, by, at)
    record(
        verb="hand_over",
        object_type="referral",
        object_ref=case.id,
        by=by.user,
        organisation=by.organisation,
        reason=f"à {to}",
    )


@transaction.atomic
def consult(*, case: UUID, motive: str, by: Member, at: datetime) -> None:
    """Open the identity of a case that one does not follow, until the end of the day, for a reason that is kept and told.

    The administrators and the data protection officer are told at once. Raises Refused at `motive`; or
    Participation.DoesNotExist where the organisation takes no part.
    """
    problem = motive_problem(motive)
    if problem:
        raise Refused(problem, "motive")
    visible_to(by).get(case_id=case)
    zone = ZoneInfo(by.time_zone)
    if running(by).filter(case_id=case, user_id=by.user).exists():
        return
    Following.objects.create(
        organisation_id=by.organisation,
        case_id=case,
        user_id=by.user,
        reason=Reason.CONSULTED,
        since=at,
        until=end_of_day(at, zone),
    )
    alert = Alert(
        organisation_id=by.organisation,
        kind="consultation",
        user_id=by.user,
        day=at.astimezone(zone).date(),
        case_id=case,
        raised_at=at,
    )
    record(
        verb="consult",
        object_type="referral",
        object_ref=case,
        by=by.user,
        organisation=by.organisation,
        reason=motive.strip(),
    )
    Alert.objects.bulk_create([alert], ignore_conflicts=True)
    tell_watchers(alert.id, organisation=by.organisation)


def _follow(case: UUID, user: UUID, reason: Reason, by: Member, at: datetime) -> bool:
    if running(by).filter(case_id=case, user_id=user, until__isnull=True).exists():
        return False
    _begin(case, user, reason, by, at)
    return True


def _begin(case: UUID, user: UUID, reason: Reason, by: Member, at: datetime) -> None:
    row = Following(
        id=uuid7(),
        organisation_id=by.organisation,
        case_id=case,
        user_id=user,
        reason=reason,
        since=at,
        given_by=by.user if reason is Reason.HANDED else None,
    )
    insert(row, unless_there=True)  # one row a person: the database says it


def _record(verb: str, case: UUID, by: Member) -> None:
    record(verb=verb, object_type="referral", object_ref=case, by=by.user, organisation=by.organisation)
