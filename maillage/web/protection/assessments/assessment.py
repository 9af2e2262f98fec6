"""One version of an assessment on one page: what comes next, what the text says, the risks, what was asked, the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.core.french import typeset
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.privacy.measures import MEASURES
from maillage.protection.assessments.models import Assessment, AssessmentContribution, AssessmentRisk
from maillage.protection.assessments.notifications import reference
from maillage.protection.assessments.policies import can_answer, can_withdraw, can_write, waits
from maillage.protection.assessments.queries import (
    Changes,
    changes_of,
    contributions_of,
    description_of,
    missing_in,
    other_versions,
    risks_of,
    scores_of,
)
from maillage.protection.assessments.rules import Decision, FearedEvent, Kind, Level, Stance, level
from maillage.protection.assessments.states import WORDS, State
from maillage.protection.assessments.validating import may_validate
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import DueBadge, Fact, due_badge
from maillage.web.presentation.dates import long_date, long_instant
from maillage.web.presentation.tones import Tone
from maillage.web.protection.assessments.opening import above, reached
from maillage.web.protection.assessments.words import (
    LEVEL_TONES,
    TONES,
    changed_words,
    due_why,
    graded,
    review_why,
)
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page


@dataclass(frozen=True, slots=True)
class RiskLine:
    """One feared event, as it is drawn."""

    title: str
    facts: Sequence[Fact]
    level: str = ""
    tone: Tone = Tone.NEUTRAL
    url: str = ""


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One contribution, as it is drawn."""

    title: str
    who: str
    badge: DueBadge | None
    said: Sequence[str]
    url: str
    words: str = ""
    letter_url: str = ""
    withdraw_url: str = ""


@page(permission=Permission.PROTECT_DATA)
def assessment(request: MemberRequest, impact_assessment: UUID) -> HttpResponse:
    """Everything of one version that its reader may read."""
    row, known = reached(request, impact_assessment)
    member = acting_member(request)
    on = request.instant.astimezone(zone_of(member)).date()
    writes, leads = can_write(member, row), row.organisation_id == member.organisation
    lacking = missing_in(row) if writes else ()
    changes = changes_of(row, known, request.instant) if row.state == State.VALIDATED else None
    found = risks_of(row)
    context = {
        "row": row,
        "title": f"Analyse d’impact {reference(row.pk)}, version {row.number}",
        "lead": f"{known.row.title} : {row.scope}",
        "breadcrumb": above(),
        "state": WORDS[State(row.state)],
        "tone": TONES[row.state],
        "writes": writes,
        "leads": leads,
        "next": _next(row, lacking, member, changes=changes, on=on),
        "lacking": lacking,
        "may_validate": writes and not lacking and may_validate(row, member),
        "renews": leads and row.state == State.VALIDATED,
        "renew_url": reverse("protection:assessment_open", args=[row.convention_id, row.regime]),
        "review": due_badge(row.review_on, on, review_why(row)) if row.review_on and row.state == State.VALIDATED else None,
        "facts": _facts(row),
        "sections": description_of(row, known, request.instant),
        "versions": [
            (f"Version {one.number} ({WORDS[State(one.state)].lower()})", reverse("protection:assessment", args=[one.pk]))
            for one in other_versions(row)
        ],
        "measures": [typeset(one.words) for one in MEASURES],
        "risks": [_risk(event, found.get(event.value), row, writes=writes) for event in FearedEvent],
        "contributions": [_asked(one, member, on) for one in contributions_of(row)],
    }  # fmt: skip
    return render(request, "protection/assessment.html", context)


def _next(
    row: Assessment, lacking: Sequence[str], member: Member, *, changes: Changes | None, on: date
) -> str:
    if row.state == State.REPLACED:
        return "Une version plus récente a pris sa place."
    if row.state == State.VALIDATED:
        return _next_of_validated(row, changes=changes, on=on)
    if row.organisation_id != member.organisation:
        return f"{row.organisation.name} prépare cette analyse et demande l’avis de votre délégué."
    if lacking:
        return "Il manque, avant de valider :"
    if not may_validate(row, member):
        return "Tout y est. Vous avez donné l’avis du délégué : une autre personne de votre organisme valide."
    return "Tout y est : cette version peut être validée."


def _next_of_validated(row: Assessment, *, changes: Changes | None, on: date) -> str:
    if changes is not None:
        return f"{changed_words(row, changes)} Ouvrez une nouvelle version : elle reprend celle-ci."
    if row.review_on is not None and on >= row.review_on:
        return "Le jour de la révision est venu : ouvrez une nouvelle version, elle reprend celle-ci."
    return "Cette version est validée et ne change plus. Revoyez-la avant sa date, ou dès que les risques changent."


def _facts(row: Assessment) -> list[Fact]:
    facts = [Fact("Menée par", row.organisation.name, row.lead_reason)]
    facts.append(Fact("Ouverte le", long_instant(row.recorded_at)))
    if row.validated_at and row.review_on:
        facts.append(Fact("Validée le", long_instant(row.validated_at)))
        facts.append(Fact("Décision", typeset(Decision.of(row.decision).label)))
        facts.append(Fact("À revoir le", long_date(row.review_on)))
        facts.append(
            Fact("Empreinte de la description", row.digest[:16], "Elle dit si le texte est encore le même.")
        )
    return facts


def _risk(event: FearedEvent, found: AssessmentRisk | None, row: Assessment, *, writes: bool) -> RiskLine:
    url = reverse("protection:assessment_risk", args=[row.pk, event.value]) if writes else ""
    if found is None:
        return RiskLine(typeset(event.label), (), url=url)
    scores = scores_of(found)
    left = level(scores.residual_severity, scores.residual_likelihood)
    before = level(scores.severity, scores.likelihood)
    facts = [
        Fact("Sources", found.sources),
        Fact("Impacts", found.impacts),
        Fact(
            "Avant les mesures",
            f"Gravité {graded(scores.severity)}, vraisemblance {graded(scores.likelihood)} : niveau {graded(before)}",
        ),
        Fact("Mesures", found.measures),
        Fact(
            "Après les mesures",
            f"Gravité {graded(scores.residual_severity)}, vraisemblance {graded(scores.residual_likelihood)} : niveau {graded(left)}",
        ),
    ]
    return RiskLine(
        typeset(event.label), facts, f"Risque restant : {Level(left).label}", LEVEL_TONES[left], url
    )


def _asked(one: AssessmentContribution, member: Member, on: date) -> AskedLine:
    said = [f"Demandé le {long_instant(one.recorded_at)}."]
    if one.answered_at:
        said.append(f"Répondu le {long_instant(one.answered_at)}.")
    elif one.withdrawn_at:
        said.append(f"N’est plus attendu depuis le {long_instant(one.withdrawn_at)}.")
    elif not one.is_here:
        said.append("Personne n’y veille aux données sur Maillage : écrivez-lui, puis notez sa réponse.")
    if one.is_reported:
        said.append("Noté par quelqu’un d’autre que le délégué, d’après son avis.")
    leads = one.leader_id == member.organisation
    return AskedLine(
        title=typeset(Kind.of(one.kind).label),
        who=one.organisation.name,
        badge=due_badge(one.due_on, on, due_why(one)) if waits(one) else None,
        said=said,
        url=reverse("protection:assessment_contribution", args=[one.pk]),
        words=". ".join(filter(None, (Stance.of(one.stance).label if one.stance else "", one.words))),
        letter_url=reverse("protection:assessment_letter", args=[one.pk])
        if leads and not one.is_here and can_answer(member, one)
        else "",
        withdraw_url=reverse("protection:assessment_withdraw", args=[one.pk])
        if can_withdraw(member, one)
        else "",
    )
