"""Stating how long one's organisation keeps the files of closed cases; withdrawing what was stated. Each is a line that stays."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.audit.actions import record
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.exchange.detector import problem
from maillage.organisations.member import Member
from maillage.protection.retention.durations import duration_faults, reason_fault
from maillage.protection.retention.keeping import durations_of, signed_by
from maillage.protection.retention.models import CaseDuration
from maillage.protection.retention.policies import can_state


@transaction.atomic
def state(
    *, months: int | None, reason: str, convention: UUID | None, kind: str, by: Member, at: datetime
) -> CaseDuration:
    """Fix how long cases are kept after their closing: of one convention, of one kind, or all. Raises PermissionDenied, Refused at
    `months`, `reason`, `scope`."""
    _require(by)
    problems = duration_faults(months=months, reason=reason, convention=convention, kind=kind)
    check([*problems, _names_somebody(reason)])
    if convention and not signed_by(by).filter(pk=convention).exists():
        raise Refused("Choisissez une convention que votre organisme a signée.", "scope")
    return _keep(months, reason, convention, kind, by=by, at=at)


@transaction.atomic
def withdraw(*, convention: UUID | None, kind: str, reason: str, by: Member, at: datetime) -> CaseDuration:
    """Say that what was fixed for a scope counts no more. Raises PermissionDenied, Refused at `reason`."""
    _require(by)
    check([reason_fault(reason), _names_somebody(reason)])
    if (convention, kind) not in durations_of(by.organisation):
        raise Refused("Cette durée n’est plus fixée.", "reason")
    return _keep(None, reason, convention, kind, by=by, at=at)


def _keep(
    months: int | None, reason: str, convention: UUID | None, kind: str, *, by: Member, at: datetime
) -> CaseDuration:
    row = CaseDuration.objects.create(
        id=uuid7(), organisation_id=by.organisation, convention_id=convention, kind=kind, months=months,
        reason=reason.strip(), recorded_at=at, recorded_by=by.user,
    )  # fmt: skip
    record(
        verb="duration.state" if months else "duration.withdraw", object_type="duration", object_ref=row.pk, by=by.user,
        organisation=by.organisation,
    )  # fmt: skip
    return row


def _names_somebody(reason: str) -> Fault | None:
    """All who read the record of processing read it: a reference to a text, and nobody's number."""
    found = problem(reason.strip(), [])
    return Fault(found, "reason") if found else None


def _require(by: Member) -> None:
    if not can_state(by):
        raise PermissionDenied("Cette durée se fixe par qui veille aux données de l’organisme.")
