"""What came of care and of rights: noted while the caisse works a referral, and all of it when it closes (D8, S4 art. 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from maillage.catalogue.facts import CARE, RENUNCIATION_REASONS
from maillage.core.moves import move
from maillage.core.refusals import Fault, check
from maillage.core.statements import insert, kept, update
from maillage.organisations.member import Member
from maillage.referrals.acted_on import locked
from maillage.referrals.ending.rules import (
    CARE_ANSWERS,
    RIGHT_OUTCOMES,
    RIGHTS,
    UNDER_WAY,
    answer_of,
    care_outcome,
    outcome_and_why,
    rights_outcome,
)
from maillage.referrals.models import PlannedAction, Referral, Renunciation, RightFollowed
from maillage.referrals.planning import end, still_planned
from maillage.referrals.states import TRANSITIONS
from maillage.referrals.working import after, must_be_worked, must_work, worked


@dataclass(frozen=True, slots=True)
class Found:
    """Care renounced that the caisse's own assessment finds; `answer` is what came of it, empty while nobody knows."""

    care: str
    reason: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """What a form says: an answer of CARE_ANSWERS for each renunciation by its id, an outcome for each right by its key.

    An empty answer leaves the care without an outcome; a right that is not named is not followed, or stays as it is.
    `actions` ends those of the plan that it names, by their id, as `own.rules.ENDINGS` says.
    """

    care: Mapping[UUID, str] = field(default_factory=dict)
    rights: Mapping[str, str] = field(default_factory=dict)
    found: Sequence[Found] = ()
    actions: Mapping[UUID, str] = field(default_factory=dict)


@transaction.atomic
def note(*, referral: Referral, noted: Noted, by: Member, at: datetime) -> bool:
    """The caisse notes what it knows by now; both sides read it. False when nothing of it was new.

    Raises Refused at a field (`care_<id>`, `right_<key>`, `found_care`, `found_reason`, `found_answer`), TransitionRefused
    when nobody works the referral.
    """
    must_work(referral, by)
    locked(referral)
    must_be_worked(referral)
    known = _known(referral.case_id, by, with_plan=bool(noted.actions))
    if not _write(referral, noted, known, by=by, at=at):
        return False
    worked("settle", "", referral, by=by, at=at)
    return True


@transaction.atomic
def close(*, referral: Referral, noted: Noted, by: Member, at: datetime) -> None:
    """The caisse ends the accompaniment: each care has its answer, and the outcome on each axis follows from what was noted.

    A right may still be under way; an action of the plan may not be forgotten. Raises Refused at the field of care that nobody
    settled or of an action still planned, TransitionRefused when the referral is not in a state for it.
    """
    must_work(referral, by)
    locked(referral)
    must_be_worked(referral)
    known = _known(referral.case_id, by, with_plan=True)
    _write(referral, noted, known, by=by, at=at)
    cared = {row.id: answer_of(row.outcome, row.why) for row in known.care}
    unsaid = [care_field(key) for key, answer in cared.items() if not answer]
    faults = [Fault("Dites ce qu’il en est de ce soin.", name) for name in unsaid]
    faults += [Fault(STILL_PLANNED, action_field(row.id)) for row in known.planned if row.state == "planned"]
    check(faults)
    move(
        referral,
        TRANSITIONS,
        "close",
        closed_at=after(referral, at),
        closed_by=by.user,
        care_outcome=care_outcome(cared.values()),
        rights_outcome=rights_outcome(row.outcome for row in known.rights.values()),
    )
    worked("close", "referral_closed", referral, by=by, at=at)


@kept
def renunciations(case: UUID) -> QuerySet[Renunciation]:
    """The care renounced of a case, in the order in which pages show it."""
    return Renunciation.objects.filter(case_id=case).order_by("care", "reason")


def rights_followed(case: UUID) -> dict[str, RightFollowed]:
    """The rights followed in a case, by their key."""
    return {row.right: row for row in _rights(case)}


@kept
def _rights(case: UUID) -> QuerySet[RightFollowed]:
    return RightFollowed.objects.filter(case_id=case)


def care_field(renunciation: UUID) -> str:
    """The name of the field of a form that asks about this care."""
    return f"care_{renunciation.hex}"


def right_field(right: str) -> str:
    """The name of the field of a form that asks about this right."""
    return f"right_{right}"


def action_field(action: UUID) -> str:
    """The name of the field of a form that asks how this action of the plan ended."""
    return f"action_{action.hex}"


STILL_PLANNED: Final = (
    "Cette action est encore prévue : dites si elle est faite, ou pourquoi elle est abandonnée."
)


@dataclass(slots=True)
class _Known:
    """What a case holds of it, read once and kept up with what is written."""

    care: list[Renunciation]
    rights: dict[str, RightFollowed]
    planned: list[PlannedAction]


def _known(case: UUID, by: Member, *, with_plan: bool) -> _Known:
    """What the case holds now; the referral is locked."""
    return _Known(renunciations(case), rights_followed(case), still_planned(case, by) if with_plan else [])


def _write(referral: Referral, noted: Noted, known: _Known, *, by: Member, at: datetime) -> bool:
    """Write what is new of it; whether anything was. The referral is locked. Raises Refused for what is in no list."""
    check(_faults(noted))
    changed = False
    for row in known.care:
        answer = noted.care.get(row.id)
        if answer is not None and answer != answer_of(row.outcome, row.why):
            _settle(row, answer, by=by, at=at)
            changed = True
    for found in noted.found:
        there = next(
            (row for row in known.care if (row.care, row.reason) == (found.care, found.reason)), None
        )
        if there is not None:
            _must_be_the_same(there, found)  # a second click, or care that is on the page already
            continue
        row = Renunciation.objects.create(
            case_id=referral.case_id, care=found.care, reason=found.reason, found_by="recipient"
        )
        if found.answer:
            _settle(row, found.answer, by=by, at=at)
        known.care.append(row)
        changed = True
    for action in known.planned:
        ending = noted.actions.get(action.id)
        if ending:
            end(action, ending, field=action_field(action.id), by=by, at=at)
            changed = True
    return _follow(referral, noted.rights, known.rights, by=by, at=at) or changed


def _must_be_the_same(row: Renunciation, found: Found) -> None:
    if found.answer not in ("", answer_of(row.outcome, row.why)):
        check([Fault("Ce soin est déjà noté, pour la même raison : répondez à son nom.", "found_care")])


def _settle(row: Renunciation, answer: str, *, by: Member, at: datetime) -> None:
    outcome, why = outcome_and_why(answer)
    settled_at, settled_by = (at, by.user) if answer else (None, None)
    update(row, {"outcome": outcome, "why": why, "settled_at": settled_at, "settled_by": settled_by})


def _follow(
    referral: Referral,
    rights: Mapping[str, str],
    known: dict[str, RightFollowed],
    *,
    by: Member,
    at: datetime,
) -> bool:
    changed = False
    for right, outcome in rights.items():
        row, ended = known.get(right), outcome != UNDER_WAY
        if row is None:
            row = known[right] = RightFollowed(
                case_id=referral.case_id,
                right=right,
                outcome=outcome,
                noted_at=at,
                noted_by=by.user,
                settled_at=at if ended else None,
                settled_by=by.user if ended else None,
            )
            insert(row)
        elif row.outcome != outcome:
            settled_at, settled_by = (max(at, row.noted_at), by.user) if ended else (None, None)
            update(row, {"outcome": outcome, "settled_at": settled_at, "settled_by": settled_by})
        else:
            continue
        changed = True
    return changed


def _faults(noted: Noted) -> list[Fault | None]:
    wrong = "Choisissez une réponse de la liste."
    faults: list[Fault | None] = [
        Fault(wrong, care_field(key))
        for key, answer in noted.care.items()
        if answer and answer not in CARE_ANSWERS
    ]
    faults += [
        Fault(wrong, right_field(right))
        for right, outcome in noted.rights.items()
        if right not in RIGHTS or outcome not in RIGHT_OUTCOMES
    ]
    for found in noted.found:
        faults += [
            None if found.care in CARE else Fault("Choisissez un soin de la liste.", "found_care"),
            None
            if found.reason in RENUNCIATION_REASONS
            else Fault("Choisissez une raison de la liste.", "found_reason"),
            None if not found.answer or found.answer in CARE_ANSWERS else Fault(wrong, "found_answer"),
        ]
    return faults
