"""Saying why a caisse has no local convention under a framework: one row each time, none is changed (row A8)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from maillage.audit.actions import record
from maillage.conventions.deployment.models import DeploymentReason
from maillage.conventions.deployment.policies import can_note
from maillage.conventions.deployment.queries import Deployment, own_deployments
from maillage.conventions.lifecycle.recording import new_row, not_in_the_future, own_id, require
from maillage.core.refusals import Fault, Refused, check
from maillage.exchange import detector
from maillage.organisations.member import Member

COMMENT_LETTERS: Final = 300


@dataclass(frozen=True, slots=True)
class Reason:
    """What a form says: `reason_id` was made when it was shown; `day` is the day that the reason is true of."""

    reason_id: UUID
    key: str
    day: date
    comment: str = ""


@transaction.atomic
def note_reason(*, framework: UUID, reason: Reason, by: Member, at: datetime) -> DeploymentReason:
    """Note why the caisse has none under this framework, or note another reason: the newest counts, all stay readable.

    Raises PermissionDenied; `Refused` as a whole where the framework is not above the caisse or a convention is signed, else at
    `key`, `day` or `comment`.
    """
    require(can_note(by))
    kept = DeploymentReason.objects.filter(
        pk=own_id(reason.reason_id, by), framework=framework, organisation=by.organisation
    ).first()
    if kept is not None:
        return kept
    on = at.astimezone(ZoneInfo(by.time_zone)).date()
    known = _above(framework, on)
    label = next((one.label for one in known.reasons if one.key == reason.key), "")
    comment = reason.comment.strip()
    named = detector.problem(comment)
    check(
        [
            None if label else Fault("Choisissez un motif de la liste.", "key"),
            not_in_the_future(reason.day, on, "day"),
            Fault(f"{COMMENT_LETTERS} caractères au plus.", "comment")
            if len(comment) > COMMENT_LETTERS
            else None,
            Fault(named, "comment") if named else None,
        ]
    )
    with new_row():
        row = DeploymentReason.objects.create(
            id=own_id(reason.reason_id, by),
            framework_id=framework,
            organisation_id=by.organisation,
            reason=reason.key,
            label=label,
            day=reason.day,
            comment=comment,
            recorded_at=at,
            recorded_by=by.user,
        )
    record(
        verb="convention.deployment_noted",
        object_type="convention",
        object_ref=framework,
        by=by.user,
        organisation=by.organisation,
    )
    return row


def _above(framework: UUID, on: date) -> Deployment:
    known = next((one for one in own_deployments(on=on) if one.framework == framework), None)
    if known is None:
        raise Refused("Ce texte n’est pas un cadre que votre caisse peut appliquer.")
    if known.lines[0].concluded:
        raise Refused("Votre caisse a une convention signée sous ce cadre : il n’y a pas de motif à noter.")
    return known
