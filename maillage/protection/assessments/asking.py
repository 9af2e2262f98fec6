"""Asking a partner for its documentation, a delegate for an opinion; answering; waiting no longer (GDPR art. 35.2, 28.3 f; annexe 1-9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of, new_row, own_id
from maillage.core.refusals import Fault, check
from maillage.core.states import TransitionRefused
from maillage.documents.actions import Upload, store_upload
from maillage.organisations.member import Member
from maillage.organisations.roles import Role
from maillage.protection.assessments.describing import leaders, regime_named
from maillage.protection.assessments.models import Assessment, AssessmentContribution
from maillage.protection.assessments.notifications import tell_answered, tell_asked
from maillage.protection.assessments.policies import can_answer, can_withdraw, waits
from maillage.protection.assessments.queries import contributions_of
from maillage.protection.assessments.rules import Kind, Stance, due_fault
from maillage.protection.assessments.saying import tell_journal, text_faults
from maillage.protection.assessments.writing import locked
from maillage.protection.policies import can_follow


@dataclass(frozen=True, slots=True)
class Target:
    """An organisation that may be asked something; `must`: the text or the regulation says so."""

    kind: Kind
    organisation: UUID
    name: str
    must: bool

    @property
    def key(self) -> str:
        """What a form posts for it."""
        return f"{self.kind}:{self.organisation}"


@dataclass(frozen=True, slots=True)
class Answered:
    """What is answered; an opinion has a stance."""

    words: str
    stance: str = ""


def targets(row: Assessment, known: LoadedConvention, by: Member, at: datetime) -> list[Target]:
    """Whom one may still ask: one's own delegate first, then as the text says, then the other parties."""
    regime = regime_named(known.readable(day_of(known.row, at)), row.regime)
    found = leaders(regime) if regime is not None else None
    offered = [Target(Kind.OPINION, by.organisation, by.organisation_name, must=True)]
    for party in known.signatories:
        if party.organisation == by.organisation:
            continue
        helps = found is not None and party.key in found.helped_by
        controls = found is not None and party.key in (*found.controllers, *found.led_by)
        offered.append(Target(Kind.DOCUMENTATION, party.organisation, party.name, helps))
        offered.append(Target(Kind.OPINION, party.organisation, party.name, controls))
    asked = {(one.kind, one.organisation_id) for one in contributions_of(row)}
    left = {one.key: one for one in offered if (one.kind.value, one.organisation) not in asked}
    return sorted(left.values(), key=lambda one: not one.must)


@transaction.atomic
def ask(
    *,
    assessment: Assessment,
    known: LoadedConvention,
    contribution_id: UUID,
    whom: str,
    question: str,
    due_on: date | None,
    by: Member,
    at: datetime,
) -> AssessmentContribution:
    """Ask one organisation. Raises PermissionDenied, TransitionRefused, Refused at `whom`, `question`, `due_on`."""
    row = locked(assessment, by)
    new = own_id(contribution_id, by)
    if (kept := AssessmentContribution.objects.filter(pk=new, assessment=row).first()) is not None:
        return kept
    chosen = next((one for one in targets(row, known, by, at) if one.key == whom), None)
    check(
        [
            None if chosen is not None else Fault("Choisissez dans la liste.", "whom"),
            *text_faults({"question": question}, needed=("question",)),
            due_fault(due_on, day_of(known.row, at)),
        ]
    )
    assert chosen is not None  # noqa: S101 - refused above
    assert due_on is not None  # noqa: S101 - the same
    with new_row():
        made = AssessmentContribution(
            id=new,
            assessment=row,
            leader_id=by.organisation,
            organisation_id=chosen.organisation,
            kind=chosen.kind.value,
            question=question.strip(),
            subject=f"{known.row.title} : {row.scope}"[:700],
            due_on=due_on,
            recorded_at=at,
            recorded_by=by.user,
        )
        made.save(force_insert=True)
    made.refresh_from_db()  # the database says whether somebody is there
    if made.is_here and chosen.organisation != by.organisation:
        tell_asked(made.pk, chosen.organisation)
    tell_journal("ask", row.pk, by)
    return made


@transaction.atomic
def answer(
    *, contribution: AssessmentContribution, said: Answered, file: Upload | None, by: Member, at: datetime
) -> AssessmentContribution:
    """Answer for one's organisation; of whoever has nobody here the leader notes the answer, with the document that came.

    Raises PermissionDenied, TransitionRefused, Refused at `words`, `stance`, `document`.
    """
    row = _locked(contribution, by)
    if not can_answer(by, row):
        raise PermissionDenied("Cette réponse revient à l’organisme à qui elle est demandée.")
    noted = row.organisation_id != by.organisation
    is_opinion = row.kind == Kind.OPINION
    check(
        [
            *text_faults({"words": said.words}, needed=("words",)),
            Fault("Choisissez une réponse.", "stance")
            if is_opinion and said.stance not in {one.value for one in Stance}
            else None,
            Fault("Joignez la réponse reçue.", "document") if noted and file is None else None,
        ]
    )
    if file is not None:
        readers: Sequence[UUID] = [] if noted else [row.leader_id]
        row.document = store_upload(file=file, organisation=by.organisation, readers=readers, by=by, at=at)
    row.answered_at, row.answered_by, row.words = at, by.user, said.words.strip()
    row.stance = said.stance if is_opinion else ""
    row.is_reported = is_opinion and (noted or Role.DPO not in by.roles)
    row.save(update_fields=["answered_at", "answered_by", "words", "stance", "is_reported", "document"])
    if row.leader_id != by.organisation:
        tell_answered(row.pk, row.leader_id)
    tell_journal("answer", row.assessment_id, by)
    return row


@transaction.atomic
def withdraw(*, contribution: AssessmentContribution, by: Member, at: datetime) -> AssessmentContribution:
    """Wait no longer for an answer. Raises PermissionDenied, TransitionRefused."""
    row = _locked(contribution, by)
    if not can_withdraw(by, row):
        raise PermissionDenied("Cette réponse est attendue : elle ne se retire pas.")
    row.withdrawn_at, row.withdrawn_by = at, by.user
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    tell_journal("withdraw", row.assessment_id, by)
    return row


def _locked(contribution: AssessmentContribution, by: Member) -> AssessmentContribution:
    if not can_follow(by):
        raise PermissionDenied("Votre rôle ne permet pas de répondre.")
    row = AssessmentContribution.objects.select_for_update().get(pk=contribution.pk)
    if not waits(row):
        raise TransitionRefused
    return row
