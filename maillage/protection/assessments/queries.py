"""Impact assessments as their readers have them: the kinds of flow of one's conventions, a file, what is asked and answered."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db.models import QuerySet

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load, load_all
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.terms.protection import ProtectionRegime
from maillage.organisations.member import Member
from maillage.protection.assessments.describing import (
    Leaders,
    Section,
    assessed,
    assessed_by,
    clauses_digest,
    describe,
    differing,
    leaders,
    read,
    regime_named,
)
from maillage.protection.assessments.models import Assessment, AssessmentContribution, AssessmentRisk
from maillage.protection.assessments.rules import (
    Asked,
    FearedEvent,
    Scores,
    Status,
    is_reminded,
    missing,
    status,
)
from maillage.protection.assessments.states import State
from maillage.protection.breaches.reporting import reportable
from maillage.protection.firsts import Firsts, firsts
from maillage.protection.policies import can_follow

_MOST = 200


@dataclass(frozen=True, slots=True)
class KindOfFlow:
    """One kind of flow of one's convention, and one's own versions of its assessment."""

    known: LoadedConvention
    regime: ProtectionRegime
    leaders: Leaders
    draft: Assessment | None
    valid: Assessment | None
    status: Status
    has_changed: bool

    @property
    def newest(self) -> Assessment | None:
        """The version in preparation, else the validated one."""
        return self.draft or self.valid

    @property
    def is_mine(self) -> bool:
        """Whether one's organisation may lead: the text names it, or names nobody."""
        named = self.leaders.led_by
        return not named or (self.known.mine is not None and self.known.mine.key in named)


@dataclass(frozen=True, slots=True)
class Changes:
    """The points of a validated version of which the text says something else; `is_gone`: it holds that kind of flow no more."""

    points: tuple[str, ...]
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """A validated version to be reviewed: what has changed, None where its date alone comes; the next one, in preparation."""

    row: Assessment
    changes: Changes | None
    draft: Assessment | None = None


def visible_to(member: Member) -> QuerySet[Assessment]:
    """One's organisation's own, and those on which its delegate is asked; for whoever watches over its data."""
    rows = Assessment.objects.select_related("convention", "organisation").order_by(
        "convention_id", "regime", "-number"
    )
    return rows if can_follow(member) else rows.none()


def asked_visible_to(member: Member) -> QuerySet[AssessmentContribution]:
    """What one's organisation asked or is asked."""
    rows = AssessmentContribution.objects.select_related("leader", "organisation")
    return rows.order_by("due_on", "id") if can_follow(member) else rows.none()


def kinds_of_flow(member: Member, at: datetime) -> list[KindOfFlow]:
    """Each kind of flow of the conventions of one's organisation that run, in the order of their titles."""
    if not can_follow(member):
        return []
    versions: dict[tuple[UUID, str], dict[str, Assessment]] = defaultdict(dict)
    own = Assessment.objects.filter(organisation=member.organisation).exclude(state=State.REPLACED)
    for row in own.order_by("id"):
        versions[row.convention_id, row.regime][row.state] = row
    return [
        _kind(known, regime, versions[known.id, regime.key], day_of(known.row, at))
        for known in reportable(member)
        if known.row.state == "in_force"
        if known.mine is not None
        for regime in assessed_by(known.readable(day_of(known.row, at)), known.mine.key)
    ]


def kind_of_flow(member: Member, convention: UUID, regime: str, at: datetime) -> KindOfFlow | None:
    """One of them; None where there is none such."""
    row = Convention.objects.filter(pk=convention, state="in_force").first()
    known = load(row) if row is not None else None
    if known is None or known.mine is None or not known.mine.signs:
        return None
    on = day_of(known.row, at)
    terms = known.readable(on)
    clause = next((one for one in assessed(terms) if one.key == regime), None)
    if clause is None or not (leaders(clause).led_by or clause in assessed_by(terms, known.mine.key)):
        return None  # where the text names nobody, whoever has no part in the data has nothing to assess
    own = Assessment.objects.filter(organisation=member.organisation, convention=convention, regime=regime)
    return _kind(known, clause, {one.state: one for one in own.exclude(state=State.REPLACED)}, on)


def _kind(
    known: LoadedConvention, regime: ProtectionRegime, versions: dict[str, Assessment], on: date
) -> KindOfFlow:
    draft, valid = versions.get(State.DRAFT), versions.get(State.VALIDATED)
    changed = valid is not None and valid.text_digest != clauses_digest(known.readable(on), regime)
    where = status(
        has_draft=draft is not None, review_on=valid.review_on if valid else None, has_changed=changed, on=on
    )
    return KindOfFlow(known, regime, leaders(regime), draft, valid, where, changed)


def description_of_the_day(known: LoadedConvention, regime: str, at: datetime) -> tuple[Section, ...]:
    """What the text of the day says; nothing where it holds that kind of flow no more."""
    on = day_of(known.row, at)
    found = regime_named(known.readable(on), regime)
    return _described(known, found, on) if found is not None else ()


def description_of(row: Assessment, known: LoadedConvention, at: datetime) -> tuple[Section, ...]:
    """That of the text of the day while it is a draft, then the one that was kept."""
    return read(row.description) if row.description else description_of_the_day(known, row.regime, at)


def clauses_of_the_day(known: LoadedConvention, regime: str, at: datetime) -> str:
    """The digest of the clauses of the day; empty where the text holds that kind of flow no more."""
    terms = known.readable(day_of(known.row, at))
    found = regime_named(terms, regime)
    return clauses_digest(terms, found) if found is not None else ""


def has_changed(row: Assessment, known: LoadedConvention, at: datetime) -> bool:
    """Whether the text says something else than what was validated."""
    return bool(row.text_digest) and row.text_digest != clauses_of_the_day(known, row.regime, at)


def _described(known: LoadedConvention, regime: ProtectionRegime, on: date) -> tuple[Section, ...]:
    bodies = {party.key: party.name for party in known.signatories}
    return describe(known.readable(on), regime, bodies)


def other_versions(row: Assessment) -> list[Assessment]:
    """The other versions of the same kind of flow that one reads, the newest first."""
    rows = Assessment.objects.filter(
        organisation=row.organisation_id, convention=row.convention_id, regime=row.regime
    )
    return list(rows.exclude(pk=row.pk).order_by("-number")[:_MOST])


def risks_of(row: Assessment) -> dict[str, AssessmentRisk]:
    """The risks that are described, by event, in the order of the method."""
    found = {one.event: one for one in AssessmentRisk.objects.filter(assessment=row).order_by("id")}
    return {one.value: found[one.value] for one in FearedEvent if one.value in found}


def scores_of(risk: AssessmentRisk) -> Scores:
    """What the rules read of a risk."""
    return Scores(risk.severity, risk.likelihood, risk.residual_severity, risk.residual_likelihood)


def contributions_of(row: Assessment) -> list[AssessmentContribution]:
    """What was asked for it, as far as one reads it, the oldest first."""
    rows = AssessmentContribution.objects.filter(assessment=row).select_related("organisation", "leader")
    return list(rows.order_by("recorded_at", "id"))


def missing_in(row: Assessment) -> tuple[str, ...]:
    """What the leader's version lacks before it can be validated."""
    asked = [
        Asked(
            one.kind,
            one.organisation_id == one.leader_id,
            one.answered_at is not None,
            one.withdrawn_at is not None,
        )
        for one in contributions_of(row)
    ]
    return missing(necessity=row.necessity, events=set(risks_of(row)), asked=asked)


def to_answer(member: Member) -> Firsts[AssessmentContribution]:
    """What one's organisation is asked and has not answered, the first due first."""
    rows = asked_visible_to(member).filter(
        organisation=member.organisation, answered_at=None, withdrawn_at=None
    )
    return firsts(rows)


def awaited(member: Member) -> Firsts[AssessmentContribution]:
    """What one's organisation asked of others and waits for, the first due first."""
    rows = asked_visible_to(member).filter(leader=member.organisation, answered_at=None, withdrawn_at=None)
    return firsts(rows.exclude(organisation=member.organisation))


def changes_of(row: Assessment, known: LoadedConvention, at: datetime) -> Changes | None:
    """Of what the text says something else than what was validated; None where it says the same."""
    if not has_changed(row, known, at):
        return None
    now = description_of_the_day(known, row.regime, at)
    return Changes(differing(read(row.description), now), is_gone=not now)


def to_review(member: Member, on: date) -> Firsts[Review]:
    """One's organisation's validated versions to be reviewed: their text has changed, until the next one is validated; or soon due.

    What is soon due waits for nobody once the next version is in preparation.
    """
    if not can_follow(member):
        return Firsts()
    own = Assessment.objects.filter(organisation=member.organisation)
    rows = firsts(own.filter(state=State.VALIDATED).order_by("review_on", "id"))
    if not rows:
        return Firsts()
    texts = {row.convention_id for row in rows}
    begun = own.filter(state=State.DRAFT, convention__in=texts).order_by("id")
    drafts = {(one.convention_id, one.regime): one for one in begun}
    wanted = Convention.objects.filter(pk__in=texts).order_by("id")
    found = {known.id: known for known in load_all(wanted)}
    due = []
    for row in rows:
        known, draft = found[row.convention_id], drafts.get((row.convention_id, row.regime))
        changes = changes_of(row, known, datetime.combine(on, time(12), known.zone))
        near = draft is None and row.review_on is not None and is_reminded(row.review_on, on)
        if changes is not None or near:
            due.append(Review(row, changes, draft))
    return Firsts(due, is_cut=rows.is_cut)
