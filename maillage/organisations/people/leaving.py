"""Absences and departures: who replaces whom, and all of somebody's roles ended together."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import DateField, Func, QuerySet, Value
from django.db.models.expressions import Combinable

from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.base import Membership
from maillage.organisations.member import Member
from maillage.organisations.people.memberships import end_role
from maillage.organisations.people.models import Absence
from maillage.organisations.roles import Permission, Role


@dataclass(frozen=True, slots=True)
class Away:
    """An absence as a form gives it; `until` is its last day."""

    since: date
    until: date
    replaced_by: UUID


def replaced_by(member: Member, *, on: date | None = None) -> QuerySet[Absence]:
    """The absences of a day during which she replaces somebody, today if it is left out, the first to end first."""
    if on is None:
        return replaced_today(member.organisation, member.user).order_by("until", "id")
    return _replaced(member.organisation, member.user, Value(on)).order_by("until", "id")


def replaced_today(organisation: UUID, person: UUID) -> QuerySet[Absence]:
    """The absences of today during which somebody replaces somebody else; the database counts days where they work."""
    today = Func(Value(organisation), function="organisations_today", output_field=DateField())
    return _replaced(organisation, person, today)


def _replaced(organisation: UUID, person: UUID, day: Combinable) -> QuerySet[Absence]:
    return Absence.objects.filter(
        organisation=organisation, replaced_by=person, cancelled_at=None, since__lte=day, until__gte=day
    )


def absences_of(member: Member, person: UUID, *, on: date) -> QuerySet[Absence]:
    """Somebody's absences that have not ended."""
    return Absence.objects.filter(
        organisation=member.organisation, user=person, cancelled_at=None, until__gte=on
    ).order_by("since", "id")


@transaction.atomic
def record_absence(*, person: UUID, away: Away, by: Member, at: datetime) -> UUID:
    """Record one's own absence, or as an administrator somebody's. Returns its id.

    Raises Refused at `since`, `until`, `replaced_by`, or as a whole without the permission.
    """
    if person != by.user and not by.may(Permission.MANAGE_ORGANISATION):
        raise Refused("Seul·e un·e administrateur·rice enregistre l’absence d’une autre personne.")
    today = _today(by, at)
    check(
        [
            Fault("Choisissez un dernier jour à venir.", "until") if away.until < today else None,
            Fault("Le retour ne peut pas précéder le départ.", "until") if away.until < away.since else None,
            Fault("Choisissez une autre personne.", "replaced_by") if away.replaced_by == person else None,
        ]
    )
    if not _works_here(away.replaced_by, by, today):
        raise Refused(
            "Choisissez une personne qui travaille aujourd’hui dans votre organisme.", "replaced_by"
        )
    if not _works_here(person, by, today):
        raise Refused("Cette personne ne travaille pas aujourd’hui dans votre organisme.")
    if absences_of(by, person, on=today).filter(since__lte=away.until, until__gte=away.since).exists():
        raise Refused("Une absence est déjà enregistrée pour ces jours.", "since")
    new = uuid7()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_absence(%s, %s, %s, %s, %s)",
            [new, person, away.replaced_by, away.since, away.until],
        )
    return new


@transaction.atomic
def cancel_absence(*, absence: UUID, by: Member) -> None:
    """End an absence now: nobody replaces her any more. Raises Refused when that was done already."""
    row = Absence.objects.filter(pk=absence, organisation=by.organisation).first()
    if row is None or (row.user_id != by.user and not by.may(Permission.MANAGE_ORGANISATION)):
        raise Refused("Cette absence n’est pas la vôtre.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cancel_absence(%s)", [absence])
        if not cursor.fetchone()[0]:
            raise Refused("Cette absence est déjà terminée : la page a été rechargée.")


@transaction.atomic
def leave(*, person: UUID, last: date | None, by: Member, at: datetime) -> int:
    """End all the roles that somebody has here, after a last day or at once (None). Returns how many.

    All or none. Raises Refused as `end_role`: the last administrator stays; a role that begins after the last day is withdrawn.
    """
    today = _today(by, at)
    running = [
        row
        for row in Membership.objects.filter(organisation=by.organisation, user=person)
        if row.until is None or row.until >= max(today, row.since)
    ]
    if not running:
        raise Refused("Cette personne n’a plus de rôle dans votre organisme.")
    # Her own role of administrator last: without it she would end nothing more.
    running.sort(key=lambda row: (row.role == Role.ADMINISTRATOR, row.id))
    for row in running:
        ends_before = last is not None and row.until is not None and row.until <= last
        if not ends_before:
            withdrawn = last is not None and row.since > last
            end_role(membership=row.id, last=None if withdrawn else last, by=by, at=at)
    return len(running)


def _works_here(person: UUID, by: Member, on: date) -> bool:
    rows = Membership.objects.filter(organisation=by.organisation, user=person, since__lte=on)
    return any(row.until is None or row.until >= on for row in rows)


def _today(by: Member, at: datetime) -> date:
    return at.astimezone(ZoneInfo(by.time_zone)).date()
