"""What the caisse writes for itself while it works a referral: its assessment, its plan of actions, how each ended (D8)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from maillage.cases.following import running
from maillage.cases.freezing import restrained
from maillage.cases.queries import visible_to
from maillage.core import crypto
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.core.statements import kept
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.referrals.acted_on import locked
from maillage.referrals.models import Assessment, PlannedAction, Referral
from maillage.referrals.own.rules import HEADINGS, action_problems, assessment_problems, state_and_reason
from maillage.referrals.own_file import action_place, assessment_place, ensure_file_key
from maillage.referrals.working import must_be_worked, must_use, must_work, worked
from maillage.vault.store import KeyDestroyed


@dataclass(frozen=True, slots=True)
class Plan:
    """An action as a form gives it; `action_id` comes with the form."""

    action_id: UUID
    kind: str
    due_on: date
    words: str = ""


@transaction.atomic
def assess(*, referral: Referral, texts: Mapping[str, str], after: int, by: Member, at: datetime) -> bool:
    """Save a new version of the assessment, by heading; `after` is the version that its author had before her, 0 for none.

    False when the last version says the same. Raises Refused at a heading, or at `rights` when a colleague has saved another
    version meanwhile; TransitionRefused when nobody works the referral.
    """
    must_use(referral, by)
    check(Fault(problem, heading) for heading, problem in assessment_problems(texts).items())
    locked(referral)
    must_be_worked(referral)
    key = _key(referral, by)
    written = json.dumps({heading: texts.get(heading, "").strip() for heading in HEADINGS}).encode()
    last = (
        Assessment.objects.filter(case_id=referral.case_id, organisation=by.organisation)
        .order_by("-number")
        .first()
    )
    if last is not None:
        if crypto.decrypt(key, bytes(last.sealed), at=assessment_place(last.id)) == written:
            return False
        if last.number != after:
            raise Refused(
                "Quelqu’un a enregistré une autre version du bilan : lisez-la, puis complétez la vôtre.",
                "rights",
            )
    new = uuid7()
    Assessment.objects.create(
        id=new,
        organisation_id=by.organisation,
        case_id=referral.case_id,
        number=(last.number if last else 0) + 1,
        sealed=crypto.encrypt(key, written, at=assessment_place(new)),
        made_at=at,
        made_by=by.user,
    )
    worked("assess", "", referral, by=by, at=at)
    return True


@transaction.atomic
def plan(*, referral: Referral, action: Plan, by: Member, at: datetime) -> bool:
    """Add an action to the plan: it comes to « À faire » of who planned it on its day. False when this very form was sent before.

    Raises Refused at `kind`, `due_on` or `words`, TransitionRefused when nobody works the referral.
    """
    must_use(referral, by)
    on = at.astimezone(ZoneInfo(by.time_zone)).date()
    problems = action_problems(action.kind, action.due_on, action.words, on=on)
    check(Fault(problem, field) for field, problem in problems.items())
    locked(referral)
    must_be_worked(referral)
    if PlannedAction.objects.filter(id=action.action_id).exists():
        return False
    words = action.words.strip()
    sealed = (
        crypto.encrypt(_key(referral, by), words.encode(), at=action_place(action.action_id))
        if words
        else None
    )
    PlannedAction.objects.create(
        id=action.action_id,
        organisation_id=by.organisation,
        case_id=referral.case_id,
        kind=action.kind,
        due_on=action.due_on,
        sealed_words=sealed,
        planned_at=at,
        planned_by=by.user,
    )
    worked("plan", "", referral, by=by, at=at)
    return True


@transaction.atomic
def end_action(*, referral: Referral, action: UUID, ending: str, by: Member, at: datetime) -> None:
    """Say that an action was done, or given up and why: one of ENDINGS.

    Raises PlannedAction.DoesNotExist for one that is not of this referral, Refused at `ending`, TransitionRefused when a colleague has
    just said so, or when nobody works the referral.
    """
    must_work(referral, by)
    locked(referral)
    must_be_worked(referral)
    row = PlannedAction.objects.select_for_update().get(id=action, case_id=referral.case_id)
    if row.state != "planned":
        raise TransitionRefused
    end(row, ending, field="ending", by=by, at=at)
    worked("end_action", "", referral, by=by, at=at)


def end(row: PlannedAction, ending: str, *, field: str, by: Member, at: datetime) -> None:
    """Write how an action ended. Raises Refused at the field for an ending of no list."""
    try:
        row.state, row.reason = state_and_reason(ending)
    except KeyError as unknown:
        raise Refused("Dites si elle est faite, ou pourquoi elle est abandonnée.", field) from unknown
    row.ended_at, row.ended_by = max(at, row.planned_at), by.user
    row.save(update_fields=["state", "reason", "ended_at", "ended_by"])


def still_planned(case: UUID, by: Member) -> list[PlannedAction]:
    """The actions of a case that the member's organisation has not ended, the next first."""
    return _still_planned(case, by.organisation)


@kept
def _still_planned(case: UUID, organisation: UUID) -> QuerySet[PlannedAction]:
    rows = PlannedAction.objects.filter(case_id=case, organisation=organisation, state="planned")
    return rows.order_by("due_on", "id")


def action_of(member: Member, action: UUID) -> PlannedAction:
    """An action that the member's organisation planned, nothing decrypted; raises PlannedAction.DoesNotExist."""
    return PlannedAction.objects.get(
        id=action, organisation=member.organisation, case_id__in=visible_to(member).values("case_id")
    )


def actions_due(member: Member, *, on: date, limit: int) -> list[PlannedAction]:
    """The member's actions due by a day, the oldest first."""
    return list(
        due_actions(member, on=on).select_related("case__authorisation").order_by("due_on", "id")[:limit]
    )


def due_actions(member: Member, *, on: date) -> QuerySet[PlannedAction]:
    """The actions due by a day, which end with their case and wait while it is restricted: those that the member planned and follows,
    and those whose author no longer follows a case that the member follows, so that a case handed over takes its plan along."""
    follows = running(member).filter(case_id=OuterRef("case_id"), until__isnull=True)
    return PlannedAction.objects.filter(
        Exists(follows.filter(user_id=member.user)),
        Q(planned_by=member.user) | ~Exists(follows.filter(user_id=OuterRef("planned_by"))),
        organisation=member.organisation,
        state="planned",
        due_on__lte=on,
    ).exclude(restrained())


def _key(referral: Referral, by: Member) -> bytes:
    try:
        return ensure_file_key(referral.case_id, by)
    except KeyDestroyed as error:
        raise Refused("Les données de ce dossier ont été détruites.") from error
