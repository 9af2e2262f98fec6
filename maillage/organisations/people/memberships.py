"""Roles given and ended by an organisation's administrators. The database asks again who acts, and keeps the last one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction

from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused, check
from maillage.notifications.actions import Draft, post
from maillage.organisations.base import Membership
from maillage.organisations.member import Member
from maillage.organisations.people.references import reference
from maillage.organisations.people.rules import end_fault, period_faults, role_fault
from maillage.organisations.roles import Permission, Role

MEMBERS = "/organisme/membres/"


@dataclass(frozen=True, slots=True)
class Given:
    """A role as a form gives it; `until` is the last day."""

    role: str
    since: date
    until: date | None = None


@transaction.atomic
def add_role(*, person: UUID, given: Given, by: Member, at: datetime) -> UUID:
    """Give a role to somebody of one's organisation. Returns the membership's id. Raises Refused at `role`, `since`, `until`."""
    _require(by)
    today = _today(by, at)
    check(
        [
            role_fault(given.role, by.organisation_kind, field="role"),
            *period_faults(given.since, given.until, today=today),
        ]
    )
    new = uuid7()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT give_membership(%s, %s, %s, %s, %s)",
                [new, person, given.role, given.since, given.until],
            )
    except IntegrityError as error:
        if "closed" in str(error):
            raise Refused(
                "L’organisme ferme : un rôle n’y dure pas après son dernier jour.", "until"
            ) from error
        raise Refused("Cette personne a déjà ce rôle pendant cette période.", "role") from error
    _tell_of_administrators(new, given.role, "given", by)
    return new


@transaction.atomic
def end_role(*, membership: UUID, last: date | None, by: Member, at: datetime) -> date:
    """End a role after its `last` day, or at once when `last` is None. Returns its last day.

    Raises Refused at `last`, or as a whole: the role has ended, or its holder is the last administrator.
    """
    _require(by)
    row = Membership.objects.filter(pk=membership, organisation=by.organisation).first()
    today = _today(by, at)
    if row is None or (row.until is not None and row.until < today):
        raise Refused("Ce rôle a déjà pris fin : la page a été rechargée.")
    if last is not None:
        check([end_fault(last, since=row.since, today=today)])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT end_membership(%s, %s, %s)", [membership, last, last is None])
            ended: date = cursor.fetchone()[0]
    except IntegrityError as error:
        if "last administrator" not in str(error):
            raise Refused("Ce rôle a pris fin entre-temps : la page a été rechargée.") from error
        raise Refused(
            "C’est le dernier rôle d’administration de l’organisme : donnez-le d’abord à quelqu’un d’autre."
        ) from error
    _tell_of_administrators(membership, row.role, f"ended:{ended}", by)
    return ended


def _tell_of_administrators(membership: UUID, role: str, fact: str, by: Member) -> None:
    """Nobody changes who administers unnoticed, herself least of all: the organisation's own mailbox is told."""
    if role != Role.ADMINISTRATOR:
        return
    post(
        [
            Draft(
                once=f"administrator:{membership}:{fact}",
                recipient=by.organisation,
                kind="administrator_changed",
                reference=reference("A", membership),
                path=MEMBERS,
            )
        ]
    )


def _require(by: Member) -> None:
    if not by.may(Permission.MANAGE_ORGANISATION):
        raise Refused("Seul·e un·e administrateur·rice donne et retire les rôles.")


def _today(by: Member, at: datetime) -> date:
    return at.astimezone(ZoneInfo(by.time_zone)).date()
