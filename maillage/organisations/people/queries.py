"""The people of an organisation, as its administrators see them: roles, what lets each act, when it last changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from maillage.organisations.base import Membership, User
from maillage.organisations.member import Member, trained_since
from maillage.organisations.people.models import Training, Undertaking
from maillage.organisations.undertaking import CURRENT


@dataclass(frozen=True, slots=True)
class Colleague:
    """Someone who works, will work or worked for the organisation."""

    user: User
    memberships: tuple[Membership, ...]
    undertaking: Undertaking | None
    trainings: tuple[Training, ...]
    on: date

    @property
    def current(self) -> tuple[Membership, ...]:
        """The roles of the day."""
        return tuple(row for row in self.memberships if runs(row, self.on))

    @property
    def coming(self) -> tuple[Membership, ...]:
        """The roles that begin later."""
        return tuple(
            row
            for row in self.memberships
            if row.since > self.on and (row.until is None or row.until >= row.since)
        )

    @property
    def has_left(self) -> bool:
        """Whether no role is left, now or later."""
        return not self.current and not self.coming

    @property
    def training(self) -> Training | None:
        """The most recent training that still counts."""
        since = trained_since(self.on)
        return next((row for row in self.trainings if since is None or row.done_on >= since), None)

    @property
    def may_act(self) -> bool:
        """Whether she may act today."""
        return bool(self.current) and self.undertaking is not None and self.training is not None


def runs(row: Membership, on: date) -> bool:
    """Whether a role is in force on a day."""
    return row.since <= on and (row.until is None or row.until >= on)


def colleagues(member: Member, *, on: date) -> tuple[Colleague, ...]:
    """Everybody of the organisation, by name, those who have left after the others. Three queries."""
    rows = (
        Membership.objects.filter(organisation=member.organisation)
        .select_related("user")
        .order_by("-since", "role")
    )
    found = _gathered(member, rows, on)
    return tuple(
        sorted(found, key=lambda one: (one.has_left, one.user.full_name.casefold(), str(one.user.id)))
    )


def colleague(member: Member, person: UUID, *, on: date) -> Colleague | None:
    """One of them; None for somebody of elsewhere. Three queries."""
    rows = (
        Membership.objects.filter(organisation=member.organisation, user=person)
        .select_related("user")
        .order_by("-since", "role")
    )
    return next(iter(_gathered(member, rows, on)), None)


def untrained(member: Member, *, on: date) -> list[User]:
    """Who has a role today and no training that counts, by name. One query."""
    since = trained_since(on)
    trained = Training.objects.filter(user=OuterRef("pk"), organisation=member.organisation, done_on__lte=on)
    roles = Membership.objects.filter(
        Q(until=None) | Q(until__gte=on), user=OuterRef("pk"), organisation=member.organisation, since__lte=on
    )
    counted = trained if since is None else trained.filter(done_on__gte=since)
    return list(User.objects.filter(Exists(roles), ~Exists(counted)).order_by("full_name", "id"))


def _gathered(member: Member, rows: Iterable[Membership], on: date) -> list[Colleague]:
    by_user: dict[UUID, list[Membership]] = {}
    users: dict[UUID, User] = {}
    for row in rows:
        by_user.setdefault(row.user_id, []).append(row)
        users[row.user_id] = row.user
    theirs = Q(user__in=users, organisation=member.organisation)
    signed = {row.user_id: row for row in Undertaking.objects.filter(theirs, version=CURRENT)}
    trained: dict[UUID, list[Training]] = {}
    for done in Training.objects.filter(theirs).order_by("-done_on", "-id"):
        trained.setdefault(done.user_id, []).append(done)
    return [
        Colleague(users[key], tuple(known), signed.get(key), tuple(trained.get(key, ())), on)
        for key, known in by_user.items()
    ]
