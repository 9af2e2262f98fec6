"""An assessment under the local convention of the Croix-Rouge, which its caisse leads and the Croix-Rouge helps."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.protection.assessments.asking import Answered, answer, ask
from maillage.protection.assessments.models import Assessment, AssessmentContribution
from maillage.protection.assessments.queries import kind_of_flow, visible_to
from maillage.protection.assessments.rules import FearedEvent, Kind, Scores, latest_review
from maillage.protection.assessments.saying import stamp
from maillage.protection.assessments.validating import validate
from maillage.protection.assessments.writing import Feared, open_version, write_necessity, write_risk
from tests.conventions.people import body, member
from tests.days import today
from tests.documents.builders import pdf

CPAM_DPO, CPAM_ADMIN, CROIX_ROUGE_ADMIN = (
    "dpo@cpam.example.org",
    "admin@cpam.example.org",
    "admin@croix-rouge.example.org",
)
CARSAT_ADMIN = "admin@carsat.example.org"
REGIME = "application_locale"
NEEDED = "Sans ces données, la caisse ne peut pas joindre la personne ; rien de plus n’est demandé."


def feared(**changes: Any) -> Feared:
    """One event, grave and likely before the measures, little of both after them."""
    said: dict[str, Any] = {
        "sources": "Un compte laissé ouvert.",
        "impacts": "Une situation de santé connue d’un tiers.",
        "measures": "Second facteur, sessions courtes.",
        "scores": Scores(3, 3, 2, 1),
    }
    return Feared(**(said | changes))


def opened(convention: UUID, *, by: str = CPAM_ADMIN, reason: str = "", regime: str = REGIME) -> Assessment:
    """The next version of the caisse, opened by its administrator."""
    with member(by, now()) as someone:
        kind = kind_of_flow(someone, convention, regime, now())
        assert kind is not None
        return open_version(assessment_id=uuid7(), kind=kind, lead_reason=reason, by=someone, at=now())


def written(row: Assessment, *, by: str = CPAM_ADMIN) -> Assessment:
    """Its necessity and its three risks."""
    with member(by, now()) as someone:
        row = visible_to(someone).get(pk=row.pk)
        row = write_necessity(
            assessment=row, necessity=NEEDED, seen=stamp(row.written_at), by=someone, at=now()
        )
        known = {one.event: one for one in row.risks.order_by("id")}
        for event in FearedEvent:
            seen = stamp(known[event].written_at) if event in known else ""
            write_risk(assessment=row, event=event, said=feared(), seen=seen, by=someone, at=now())
    return row


def asked(row: Assessment, kind: Kind, whom: str, *, by: str = CPAM_ADMIN) -> AssessmentContribution:
    """One contribution asked of a body, in a fortnight."""
    with member(by, now()) as someone:
        return ask(
            assessment=row,
            known=loaded(row),
            contribution_id=uuid7(),
            whom=f"{kind}:{body(whom).id}",
            question="Qui a accès aux données chez vous, et comment ?",
            due_on=today() + timedelta(days=15),
            by=someone,
            at=now(),
        )


def answered(
    row: AssessmentContribution, *, by: str, stance: str = "", file: bool = False
) -> AssessmentContribution:
    """What is asked, answered in a few words."""
    with member(by, now()) as someone:
        return answer(
            contribution=row,
            said=Answered("Deux personnes formées, poste verrouillé.", stance),
            file=ContentFile(pdf(), name="mesures.pdf") if file else None,
            by=someone,
            at=now(),
        )


def whole(convention: UUID) -> Assessment:
    """A draft that lacks nothing: its own delegate was asked and gave an opinion."""
    row = written(opened(convention))
    answered(asked(row, Kind.OPINION, "CPAM 42"), by=CPAM_DPO, stance="favourable")
    return row


def validated(row: Assessment, *, by: str = CPAM_ADMIN, decision: str = "with_measures") -> Assessment:
    """Validated by the administrator of the caisse, for as long as one may."""
    with member(by, now()) as someone:
        return validate(
            assessment=row,
            known=loaded(row),
            decision=decision,
            review_on=latest_review(today()),
            by=someone,
            at=now(),
        )


def loaded(row: Assessment) -> Any:
    """The convention of an assessment, as whoever acts reads it."""
    return load(Convention.objects.get(pk=row.convention_id))


def seen(address: str, row: Assessment) -> list[Assessment]:
    """What somebody finds of an assessment."""
    with member(address, now()) as someone:
        return list(visible_to(someone).filter(pk=row.pk))
