"""What may be asked about people: whom to invite, which role where, from when to when. Pure."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import Final

from maillage.core.refusals import Fault
from maillage.organisations.roles import ROLES, Role, suits

LONGEST_NAME: Final = 150
LONGEST_ADDRESS: Final = 254
INVITATION_LASTS: Final = timedelta(days=14)


def role_fault(role: str, kind: str, *, field: str) -> Fault | None:
    """A role that does not exist, or that a body of this kind does not give."""
    if role not in ROLES:
        return Fault("Choisissez un rôle de la liste.", field)
    if not suits(role, kind):
        known = ROLES[Role(role)]
        return Fault(f"« {known.label} » ne se donne pas ici : ce rôle va à {known.where}.", field)
    return None


def period_faults(since: date, until: date | None, *, today: date) -> Iterator[Fault]:
    """A period that begins in the past, or ends before it begins. `until` is the last day, included."""
    if since < today:
        yield Fault("Un rôle se donne à partir d’aujourd’hui, pas dans le passé.", "since")
    if until is not None and until < since:
        yield Fault("La fin ne peut pas précéder le début.", "until")


def invitation_faults(
    *,
    full_name: str,
    roles: Collection[str],
    kind: str,
    since: date,
    until: date | None,
    today: date,
) -> Iterator[Fault]:
    """Everything wrong with an invitation but its address, which Django judges."""
    if not 0 < len(full_name.strip()) <= LONGEST_NAME:
        yield Fault(f"Donnez le nom de la personne, en {LONGEST_NAME} caractères au plus.", "full_name")
    if not roles:
        yield Fault("Choisissez au moins un rôle.", "roles")
    yield from (fault for role in roles if (fault := role_fault(role, kind, field="roles")) is not None)
    yield from period_faults(since, until, today=today)


def end_fault(last: date, *, since: date, today: date) -> Fault | None:
    """A last day that is past, or before the role begins."""
    if last < today:
        return Fault(
            "Choisissez un dernier jour à venir ; pour retirer le rôle aussitôt, cochez « tout de suite ».",
            "last",
        )
    if last < since:
        return Fault("La fin ne peut pas précéder le début.", "last")
    return None
