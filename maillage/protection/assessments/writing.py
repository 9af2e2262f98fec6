"""Opening a version of an impact assessment and writing in it (GDPR art. 35.7; S2 and S4 annexe 1-9)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.conventions.lifecycle.recording import new_row, own_id
from maillage.core.identifiers import uuid7
from maillage.core.refusals import check
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.protection.assessments.models import Assessment, AssessmentRisk
from maillage.protection.assessments.queries import KindOfFlow
from maillage.protection.assessments.rules import SHORT, FearedEvent, Scores, score_faults
from maillage.protection.assessments.saying import Overtaken, stamp, tell_journal, text_faults
from maillage.protection.assessments.states import State
from maillage.protection.policies import can_follow


@dataclass(frozen=True, slots=True)
class Feared:
    """What is said of one feared event."""

    sources: str
    impacts: str
    measures: str
    scores: Scores


@transaction.atomic
def open_version(
    *, assessment_id: UUID, kind: KindOfFlow, lead_reason: str, by: Member, at: datetime
) -> Assessment:
    """Open the next version for one's organisation: a copy of the validated one where there is one.

    Where the text names nobody, `lead_reason` says why one's organisation leads. Raises PermissionDenied, Refused at `lead_reason`.
    """
    if not can_follow(by):
        raise PermissionDenied("Votre rôle ne permet pas de mener une analyse d’impact.")
    if not kind.is_mine:
        raise PermissionDenied("Le texte désigne une autre partie pour mener cette analyse.")
    new = own_id(assessment_id, by)
    if (kept := Assessment.objects.filter(pk=new, organisation=by.organisation).first()) is not None:
        return kept
    if kind.draft is not None:
        raise TransitionRefused
    reason = "" if kind.leaders.led_by else lead_reason
    needed = () if kind.leaders.led_by else ("lead_reason",)
    check(text_faults({"lead_reason": reason}, needed=needed, longest=SHORT))
    own = Assessment.objects.filter(
        organisation=by.organisation, convention=kind.known.id, regime=kind.regime.key
    )
    last = own.order_by("-number").first()
    with new_row():
        row = Assessment(
            id=new,
            organisation_id=by.organisation,
            convention_id=kind.known.id,
            regime=kind.regime.key,
            scope=kind.regime.scope,
            number=last.number + 1 if last else 1,
            lead_reason=reason.strip(),
            necessity=kind.valid.necessity if kind.valid else "",
            written_at=at if kind.valid else None,
            recorded_at=at,
            recorded_by=by.user,
        )
        row.save(force_insert=True)
    if kind.valid is not None:
        _copy_risks(kind.valid, row, at)
    tell_journal("open", row.pk, by)
    return row


@transaction.atomic
def write_necessity(
    *, assessment: Assessment, necessity: str, seen: str, by: Member, at: datetime
) -> Assessment:
    """Say why the processing is needed and proportionate. `seen` is the stamp of the text that the writer read.

    Raises PermissionDenied, TransitionRefused, Refused at `necessity`.
    """
    row = locked(assessment, by)
    check(text_faults({"necessity": necessity}, needed=("necessity",)))
    if seen != stamp(row.written_at):
        raise Overtaken
    row.necessity, row.written_at = necessity.strip(), at
    row.save(update_fields=["necessity", "written_at"])
    tell_journal("write", row.pk, by)
    return row


@transaction.atomic
def write_risk(
    *, assessment: Assessment, event: FearedEvent, said: Feared, seen: str, by: Member, at: datetime
) -> AssessmentRisk:
    """Describe one feared event, or describe it again. Raises as `write_necessity`, at the fields of `Feared` and of `Scores`."""
    row = locked(assessment, by)
    texts = {"sources": said.sources, "impacts": said.impacts, "measures": said.measures}
    check([*text_faults(texts, needed=tuple(texts)), *score_faults(said.scores)])
    risk = AssessmentRisk.objects.filter(assessment=row, event=event).first()
    if seen != stamp(risk.written_at if risk else None):
        raise Overtaken
    is_new = risk is None
    risk = risk or AssessmentRisk(id=uuid7(), assessment=row, event=event.value)
    for name, value in {
        **{field: text.strip() for field, text in texts.items()},
        **asdict(said.scores),
    }.items():
        setattr(risk, name, value)
    risk.written_at = at
    risk.save(force_insert=is_new)
    tell_journal("risk", row.pk, by)
    return risk


def locked(assessment: Assessment, by: Member) -> Assessment:
    """The version as it is now, locked, for whoever writes in it. Raises PermissionDenied, TransitionRefused once it is validated."""
    if not can_follow(by) or assessment.organisation_id != by.organisation:
        raise PermissionDenied(
            "Cette analyse est menée par un autre organisme, ou votre rôle ne permet pas d’y écrire."
        )
    row = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if row.state != State.DRAFT:
        raise TransitionRefused
    return row


def _copy_risks(source: Assessment, target: Assessment, at: datetime) -> None:
    for one in AssessmentRisk.objects.filter(assessment=source).order_by("id"):
        one.pk, one.assessment, one.written_at = uuid7(), target, at
        one.save(force_insert=True)
