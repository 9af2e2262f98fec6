"""Validating a version: the description of the day is kept as it is, the former version is replaced (GDPR art. 35.11, 36)."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of
from maillage.core.moves import move
from maillage.core.refusals import Fault, check
from maillage.organisations.member import Member
from maillage.protection.assessments.describing import canonical, digest_of
from maillage.protection.assessments.models import Assessment
from maillage.protection.assessments.queries import (
    clauses_of_the_day,
    contributions_of,
    description_of_the_day,
    missing_in,
    risks_of,
    scores_of,
)
from maillage.protection.assessments.rules import Kind, decision_fault, review_fault
from maillage.protection.assessments.saying import tell_journal
from maillage.protection.assessments.states import TRANSITIONS, State
from maillage.protection.assessments.writing import locked


@transaction.atomic
def validate(
    *,
    assessment: Assessment,
    known: LoadedConvention,
    decision: str,
    review_on: date | None,
    by: Member,
    at: datetime,
) -> Assessment:
    """Validate a whole version, with what is decided and when it is reviewed; it never changes afterwards.

    Raises PermissionDenied, TransitionRefused, Refused at `decision`, `review_on` or as a whole for what is missing.
    """
    row = locked(assessment, by)
    if not may_validate(row, by):
        raise PermissionDenied(
            "Qui a donné l’avis du délégué ne valide pas : l’avis et la décision reviennent à deux personnes."
        )
    lacking = missing_in(row)
    sections = description_of_the_day(known, row.regime, at)
    check(
        [
            Fault(f"Il manque à l’analyse : {' ; '.join(lacking)}.") if lacking else None,
            None if sections else Fault("Le texte d’aujourd’hui ne contient plus cette sorte d’échanges."),
            decision_fault(decision, map(scores_of, risks_of(row).values())),
            review_fault(review_on, day_of(known.row, at)),
        ]
    )
    former = Assessment.objects.filter(
        organisation=by.organisation, convention=row.convention_id, regime=row.regime, state=State.VALIDATED
    )
    for one in former.order_by("number"):
        move(one, TRANSITIONS, "replace")
    kept = canonical(sections)
    move(
        row,
        TRANSITIONS,
        "validate",
        decision=decision,
        review_on=review_on,
        description=kept,
        digest=digest_of(kept),
        text_digest=clauses_of_the_day(known, row.regime, at),
        validated_at=at,
        validated_by=by.user,
    )
    tell_journal("validate", row.pk, by)
    return row


def may_validate(row: Assessment, by: Member) -> bool:
    """Whoever gave the opinion as a delegate advises, and does not decide (GDPR art. 38.6)."""
    return not any(
        one.kind == Kind.OPINION
        and one.organisation_id == row.organisation_id
        and one.answered_by == by.user
        and not one.is_reported
        for one in contributions_of(row)
    )
