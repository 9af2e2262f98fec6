"""The member: someone acting for an organisation, with what her roles allow. Every policy takes one."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import connections

from maillage.core.calendar import Period, subtract
from maillage.core.row_security.context import Context, remember
from maillage.organisations.roles import Permission, permissions_of
from maillage.organisations.undertaking import CURRENT


@dataclass(frozen=True)
class Employer:
    """An organisation that someone works for, as the switcher shows it, and what she has there of what lets her act."""

    id: UUID
    name: str
    kind: str
    roles: frozenset[str]
    signed: bool = True
    trained: bool = True

    @property
    def may_act(self) -> bool:
        """Whether the undertaking of the day is signed and a training dated."""
        return self.signed and self.trained


@dataclass(frozen=True)
class Member:
    """Who acts, for whom, and with which permissions. `in_her_name`: she ends what a person objects to, and follows none of it."""

    user: UUID
    user_name: str
    organisation: UUID
    organisation_name: str
    organisation_kind: str
    roles: frozenset[str]
    employers: tuple[Employer, ...] = ()
    departement: str = ""
    time_zone: str = "Europe/Paris"
    in_her_name: bool = False

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that her roles allow in this organisation."""
        return permissions_of(self.roles)

    def may(self, permission: Permission) -> bool:
        """Whether one of her roles allows it."""
        return permission in self.permissions


@dataclass(frozen=True)
class Arrival:
    """Someone who signed in: as whom she acts (None when nothing lets her act yet), and where she has a role today."""

    member: Member | None
    employers: tuple[Employer, ...]

    @property
    def waits(self) -> bool:
        """Whether she has a role somewhere, and nowhere yet what lets her act."""
        return self.member is None and bool(self.employers)


def enter(
    *, user: UUID, user_name: str, wanted: UUID | None, on: date, using: str = "default"
) -> Member | None:
    """As `arrive`, for those who only ask as whom she acts. None when she works nowhere, or may not act yet."""
    return arrive(user=user, user_name=user_name, wanted=wanted, on=on, using=using).member


def arrive(*, user: UUID, user_name: str, wanted: UUID | None, on: date, using: str = "default") -> Arrival:
    """Set the context of this transaction for someone and the organisation that she wants (else her first).

    One query: `organisations_enter` sets both settings and returns the memberships of the day. It leaves the context without
    an organisation as long as the undertaking is not signed or the training not dated (row H4).
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT * FROM organisations_enter(%s, %s, %s, %s, %s)",
            [user, wanted, on, CURRENT, trained_since(on)],
        )
        rows = cursor.fetchall()
    roles: dict[UUID, set[str]] = {}
    described: dict[UUID, tuple[str, str, str, str, bool, bool]] = {}
    for organisation, name, kind, departement, time_zone, role, _chosen, signed, trained in rows:
        roles.setdefault(organisation, set()).add(role)
        described[organisation] = (name, kind, departement, time_zone, signed, trained)
    employers = tuple(
        Employer(key, known[0], known[1], frozenset(roles[key]), known[4], known[5])
        for key, known in described.items()
    )
    chosen = next((row[0] for row in rows if row[6]), None)
    remember(Context(user, chosen), using)
    if chosen is None:
        return Arrival(None, employers)
    name, kind, departement, time_zone = described[chosen][:4]
    member = Member(
        user, user_name, chosen, name, kind, frozenset(roles[chosen]), employers, departement, time_zone
    )
    return Arrival(member, employers)


def trained_since(on: date) -> date | None:
    """The first day of a training that still counts, where the settings say how long one counts; None where it lasts."""
    months = settings.TRAINING_VALID_MONTHS
    return subtract(on, Period(months=months)) if months is not None else None
