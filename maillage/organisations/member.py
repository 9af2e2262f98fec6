"""The member: someone acting for an organisation, with what her roles allow. Every policy takes one."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connections

from maillage.core.row_security.context import Context, remember
from maillage.organisations.roles import Permission, permissions_of


@dataclass(frozen=True)
class Employer:
    """An organisation that someone works for, as the switcher shows it."""

    id: UUID
    name: str
    kind: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Member:
    """Who acts, for whom, and with which permissions."""

    user: UUID
    user_name: str
    organisation: UUID
    organisation_name: str
    organisation_kind: str
    roles: frozenset[str]
    employers: tuple[Employer, ...] = ()
    departement: str = ""
    time_zone: str = "Europe/Paris"

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that her roles allow in this organisation."""
        return permissions_of(self.roles)

    def may(self, permission: Permission) -> bool:
        """Whether one of her roles allows it."""
        return permission in self.permissions


def enter(
    *, user: UUID, user_name: str, wanted: UUID | None, on: date, using: str = "default"
) -> Member | None:
    """Set the context of this transaction for someone and the organisation that she wants (else her first).

    One query: `organisations_enter` sets both settings and returns the memberships of the day. None when she works nowhere.
    """
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT * FROM organisations_enter(%s, %s, %s)", [user, wanted, on])
        rows = cursor.fetchall()
    if not rows:
        remember(Context(user, None), using)
        return None
    roles: dict[UUID, set[str]] = {}
    described: dict[UUID, tuple[str, str, str, str]] = {}
    for organisation, name, kind, departement, time_zone, role, _chosen in rows:
        roles.setdefault(organisation, set()).add(role)
        described[organisation] = (name, kind, departement, time_zone)
    chosen = next(row[0] for row in rows if row[6])
    remember(Context(user, chosen), using)
    employers = tuple(
        Employer(key, described[key][0], described[key][1], frozenset(roles[key])) for key in described
    )
    name, kind, departement, time_zone = described[chosen]
    return Member(
        user, user_name, chosen, name, kind, frozenset(roles[chosen]), employers, departement, time_zone
    )
