"""Granting and revoking an access, logging a consultation. The database asks again who acts, and whether the access runs."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from maillage.audit.actions import record
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.base import Membership
from maillage.organisations.cdr.models import CdrAccess, CdrConsultation
from maillage.organisations.cdr.rules import (
    REASONS,
    TOOLS,
    consultation_faults,
    has_register,
    revocation_faults,
)
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission


@dataclass(frozen=True, slots=True)
class Consultation:
    """A consultation as a form gives it; `reference` is the hospital's own, without a name."""

    access: UUID
    at: datetime
    reason: str
    reference: str


def accesses_of(member: Member) -> QuerySet[CdrAccess]:
    """The whole register of the organisation, what runs first."""
    return CdrAccess.objects.filter(organisation=member.organisation).order_by("-since", "-id")


def own_accesses(member: Member, *, on: date) -> QuerySet[CdrAccess]:
    """Those under which she may log a consultation today."""
    return accesses_of(member).filter(user=member.user, since__lte=on, revoked_on=None)


def consultations_of(member: Member) -> QuerySet[CdrConsultation]:
    """Every consultation of the organisation, the most recent first."""
    return CdrConsultation.objects.filter(organisation=member.organisation).order_by("-at", "-id")


@transaction.atomic
def grant(*, person: UUID, tool: str, since: date, by: Member, at: datetime) -> CdrAccess:
    """Enter somebody in the register. Raises Refused at `person`, `tool`, `since`, or as a whole."""
    _require(by)
    today = _today(by, at)
    works_here = Membership.objects.filter(organisation=by.organisation, user=person, since__lte=today)
    check(
        [
            None if tool in TOOLS else Fault("Choisissez l’outil.", "tool"),
            Fault("Inscrivez l’accès le jour où il est ouvert, ou après.", "since")
            if since > today
            else None,
            None
            if any(row.until is None or row.until >= today for row in works_here)
            else Fault("Choisissez une personne qui travaille aujourd’hui dans votre organisme.", "person"),
        ]
    )
    if accesses_of(by).filter(user=person, tool=tool, revoked_on=None).exists():
        raise Refused("Cette personne a déjà cet accès.", "person")
    row = CdrAccess.objects.create(
        organisation_id=by.organisation, user_id=person, tool=tool, since=since, granted_by=by.user
    )
    _journal("cdr.grant", row.pk, by)
    return row


@transaction.atomic
def revoke(*, access: UUID, on: date, reason: str, by: Member, at: datetime) -> None:
    """End an access, with its reason. Raises Refused at `on`, `reason`, or as a whole when it was done already."""
    _require(by)
    row = accesses_of(by).filter(pk=access).first()
    if row is None:
        raise Refused("Cet accès n’est pas dans votre registre.")
    check(revocation_faults(on=on, since=row.since, today=_today(by, at), reason=reason))
    changed = CdrAccess.objects.filter(pk=access, revoked_on=None).update(
        revoked_on=on, revoked_by=by.user, reason=reason.strip()
    )
    if not changed:
        raise Refused("Cet accès a déjà été retiré : la page a été rechargée.")
    _journal("cdr.revoke", row.pk, by)


@transaction.atomic
def log(*, consultation: Consultation, by: Member, at: datetime) -> CdrConsultation:
    """Log one's own consultation, under an access in force. Raises Refused at `access`, `day`, `reason`, `reference`."""
    check(
        [
            *consultation_faults(at=consultation.at, now=at, reference=consultation.reference),
            None if consultation.reason in REASONS else Fault("Choisissez le motif.", "reason"),
        ]
    )
    row = own_accesses(by, on=_today(by, consultation.at)).filter(pk=consultation.access).first()
    if row is None:
        raise Refused("Vous n’aviez pas cet accès ce jour-là.", "access")
    made = CdrConsultation.objects.create(
        organisation_id=by.organisation,
        cdr_access=row,
        at=consultation.at,
        reason=consultation.reason,
        reference=consultation.reference,
    )
    _journal("cdr.consult", made.pk, by)
    return made


def _require(by: Member) -> None:
    if not by.may(Permission.MANAGE_ORGANISATION):
        raise Refused("Seul·e un·e administrateur·rice tient le registre.")
    if not has_register(by.organisation_kind):
        raise Refused("Ce registre est celui des établissements et centres de santé.")


def _today(by: Member, at: datetime) -> date:
    return at.astimezone(ZoneInfo(by.time_zone)).date()


def _journal(verb: str, reference: UUID, by: Member) -> None:
    record(verb=verb, object_type="cdr", object_ref=reference, by=by.user, organisation=by.organisation)
