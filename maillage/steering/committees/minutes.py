"""Minutes and decisions of a meeting that was held: written, validated by each party, followed up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import new_row, own_id, require
from maillage.core.identifiers import uuid7
from maillage.core.moves import move
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.steering.committees.models import Decision, Meeting, Minutes, Validation
from maillage.steering.committees.notifications import tell_members
from maillage.steering.committees.opening import must_be_in, open_meeting
from maillage.steering.committees.policies import can_finish, can_validate
from maillage.steering.committees.rules import (
    LONGEST_TEXT,
    LONGEST_WORD,
    MOST_WORDS,
    Taken,
    absent,
    minutes_hash,
)
from maillage.steering.committees.states import DECISION_TRANSITIONS, TRANSITIONS, DecisionState, State
from maillage.steering.saying import tell_journal, text_faults

GENERAL = "general"
_MET = (State.HELD, State.CLOSED)


class Overtaken(Refused):
    """Somebody wrote another version meanwhile; `theirs` is what stands now."""

    def __init__(self, theirs: Minutes) -> None:
        super().__init__(
            f"Quelqu’un a enregistré la version {theirs.number} pendant que vous écriviez. Votre texte est là, "
            "rien n’est perdu : relisez le sien ci-dessous, complétez le vôtre, puis enregistrez."
        )
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Decided:
    """What a form says of a decision: `decision_id` was made when it was shown; `owner` is the key of a party."""

    decision_id: UUID
    text: str
    owner: str
    due_on: date


@transaction.atomic
def write_minutes(*, meeting: UUID, body: Mapping[str, str], base: int, by: Member, at: datetime) -> Minutes:
    """Write a version of the minutes: a text for each point of the agenda by its key, and « general ».

    `base` is the version that the writer saw, 0 for none. A text that was validated needs to be validated anew. The same text
    makes no version. Raises Meeting.DoesNotExist, PermissionDenied, Overtaken, `Refused` at a point's key.
    """
    known, row = open_meeting(meeting, by)
    must_be_in(row, _MET)
    texts = {key: text.strip().replace("\r\n", "\n") for key, text in body.items() if text.strip()}
    points = {GENERAL, *(one["key"] for one in row.agenda)}
    check(
        [
            None if set(texts) <= points else Fault("Ce point n’est pas à l’ordre du jour.", GENERAL),
            None if texts else Fault("Écrivez quelques mots.", GENERAL),
            *text_faults(texts, known.id, by, longest=LONGEST_TEXT),
        ]
    )
    newest = newest_minutes(row)
    if newest is not None and newest.content_hash == minutes_hash(texts, taken(row)):
        return newest
    if newest is not None and newest.number != base:
        raise Overtaken(newest)
    return _write(known, row, texts, newest, by=by, at=at)


@transaction.atomic
def validate(*, meeting: UUID, number: int, by: Member, at: datetime) -> Validation:
    """A party agrees with the version that it read; the last one closes the meeting. Once for each party.

    Raises Meeting.DoesNotExist, PermissionDenied, `Refused` when another version was written meanwhile.
    """
    known, row = open_meeting(meeting, by)
    require(can_validate(by, known, row), "Votre organisme n’est pas membre de ce comité.")
    newest = newest_minutes(row)
    if newest is None:
        raise Refused("Le compte rendu n’est pas encore écrit.")
    if newest.number != number:
        raise Refused(f"La version {newest.number} a été écrite entre-temps : relisez-la, puis validez.")
    assert known.mine is not None  # noqa: S101 - `can_validate` has seen it
    mine = known.mine.key
    if (kept := newest.validations.filter(party_key=mine).first()) is not None:
        return kept
    must_be_in(row, (State.HELD,))
    with new_row():
        done = Validation.objects.create(
            convention=known.row,
            minutes=newest,
            party_key=mine,
            content_hash=newest.content_hash,
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
    tell_journal("validate", "meeting", row.pk, by)
    if not set(row.members) - set(newest.validations.values_list("party_key", flat=True)):
        move(row, TRANSITIONS, "close", closed_at=at)
        tell_journal("close", "meeting", row.pk, by)
        tell_members("committee_closed", known, row, f"closed-{newest.number}", by=by, at=at)
    return done


@transaction.atomic
def decide(*, meeting: UUID, said: Decided, by: Member, at: datetime) -> Decision:
    """Note a decision of the meeting; without quorum it is to be confirmed. Minutes already written get a version with it.

    Raises Meeting.DoesNotExist, PermissionDenied, `Refused` at `text`, `owner`, `due_on`.
    """
    known, row = open_meeting(meeting, by)
    new = own_id(said.decision_id, by)
    if (kept := Decision.objects.filter(pk=new, meeting=row).first()) is not None:
        return kept
    must_be_in(row, _MET)
    met_on = row.starts_at.astimezone(known.zone).date() if row.starts_at else row.planned_on
    count = row.decisions.count()
    check(
        [
            *text_faults({"text": said.text}, known.id, by, longest=LONGEST_WORD, needed=("text",)),
            None if known.party(said.owner) else Fault("Choisissez une partie de la convention.", "owner"),
            Fault("L’échéance suit la réunion.", "due_on") if said.due_on < met_on else None,
            Fault(f"Une réunion a {MOST_WORDS} décisions au plus.", "text") if count >= MOST_WORDS else None,
        ]
    )
    newest = newest_minutes(row)
    _reopened(row)
    quorum = not absent(row.needed, row.presence)
    with new_row():
        decision = Decision.objects.create(
            id=new,
            convention=known.row,
            meeting=row,
            number=count + 1,
            text=said.text.strip(),
            owner_key=said.owner,
            due_on=said.due_on,
            state=DecisionState.OPEN if quorum else DecisionState.TO_CONFIRM,
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
    tell_journal("decide", "decision", decision.pk, by)
    if newest is not None:
        _write(known, row, newest.body, newest, by=by, at=at)
    return decision


@transaction.atomic
def confirm(*, decision: UUID, meeting: UUID, by: Member, at: datetime) -> Decision:
    """Confirm, in a later meeting of the same committee that has its quorum, what was decided without.

    Raises Decision.DoesNotExist, PermissionDenied, TransitionRefused, `Refused` at `meeting`.
    """
    row = Decision.objects.select_related("meeting").get(pk=decision)
    _known, later = open_meeting(meeting, by)
    fits = (
        later.convention_id == row.convention_id
        and later.committee_key == row.meeting.committee_key
        and later.state in _MET
        and later.planned_on >= row.meeting.planned_on
        and later.pk != row.meeting_id
        and later.held_at is not None
        and later.held_at <= at
        and not absent(later.needed, later.presence)
    )
    check([None if fits else Fault("Choisissez une réunion suivante, tenue avec son quorum.", "meeting")])
    move(row, DECISION_TRANSITIONS, "confirm", confirmed_in_id=later.pk)
    tell_journal("confirm", "decision", row.pk, by)
    return row


@transaction.atomic
def finish(*, decision: UUID, note: str, by: Member, at: datetime) -> Decision:
    """Whoever has charge of a decision says that it is done. Raises as `confirm`, `Refused` at `words`."""
    row = Decision.objects.get(pk=decision)
    known, _meeting = open_meeting(row.meeting_id, by)
    require(can_finish(by, known, row), "La partie qui a la charge de cette décision dit qu’elle est faite.")
    check(text_faults({"words": note}, known.id, by, longest=LONGEST_WORD))
    move(row, DECISION_TRANSITIONS, "finish", note=note.strip(), ended_at=at, ended_by=by.user)
    tell_journal("finish", "decision", row.pk, by)
    return row


@transaction.atomic
def drop(*, decision: UUID, note: str, by: Member, at: datetime) -> Decision:
    """Give up a decision, and say why. Raises as `finish`."""
    row = Decision.objects.get(pk=decision)
    known, _meeting = open_meeting(row.meeting_id, by)
    check(text_faults({"words": note}, known.id, by, longest=LONGEST_WORD, needed=("words",)))
    move(row, DECISION_TRANSITIONS, "drop", note=note.strip(), ended_at=at, ended_by=by.user)
    tell_journal("drop", "decision", row.pk, by)
    return row


def newest_minutes(row: Meeting) -> Minutes | None:
    """The text of the minutes as it stands."""
    return row.minutes.order_by("-number").first()


def taken(row: Meeting) -> list[Taken]:
    """The decisions of a meeting as its minutes hold them."""
    rows = row.decisions.order_by("number")
    return [Taken(one.number, one.text, one.owner_key, one.due_on) for one in rows]


def _reopened(row: Meeting) -> None:
    """What changes after all have validated is to be validated again."""
    if row.state == State.CLOSED:
        move(row, TRANSITIONS, "reopen", closed_at=None)


def _write(
    known: LoadedConvention,
    row: Meeting,
    texts: Mapping[str, str],
    newest: Minutes | None,
    *,
    by: Member,
    at: datetime,
) -> Minutes:
    _reopened(row)
    with new_row():
        written = Minutes.objects.create(
            id=uuid7(),
            convention=known.row,
            meeting=row,
            number=newest.number + 1 if newest else 1,
            body=dict(texts),
            content_hash=minutes_hash(texts, taken(row)),
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
    tell_journal("write", "meeting", row.pk, by)
    tell_members("committee_minutes", known, row, f"minutes-{written.number}", by=by, at=at)
    return written
