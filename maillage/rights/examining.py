"""The caisse receives an application, judges it complete or asks for what is missing; pieces come.

Each action: policy, the row locked, what is wrong said at its field, conditional change, event, journal, outbox.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from maillage.core.moves import keep_state, move
from maillage.core.refusals import Fault, Refused, check
from maillage.core.states import TransitionRefused
from maillage.documents.actions import store_upload
from maillage.organisations.member import Member
from maillage.referrals.rules import words_problem
from maillage.referrals.sealed_words import seal_words
from maillage.rights.acting import Now, counted, happened, locked, must, must_use, noted
from maillage.rights.clocks.course import LONGEST_GRANTED
from maillage.rights.declared.rights import rights
from maillage.rights.models import Application, Piece, PieceRequest
from maillage.rights.notifications import tell
from maillage.rights.policies import can_add, can_examine
from maillage.rights.preparing import FULL, LARGEST_PIECE, MOST_PIECES, Scanned, day_of, piece_faults
from maillage.rights.rules import AGAIN_REASONS, after_problem, granted_days_problem, received_problem
from maillage.rights.sealed import REQUEST
from maillage.rights.states import EXAMINED, TRANSITIONS, State

_CAISSE_ONLY = "Seule la caisse qui a reçu ce dossier peut le faire avancer."


@dataclass(frozen=True, slots=True)
class Asking:
    """Missing pieces, asked all at once; `request_id` comes with the form. `again`: why, when pieces were asked before."""

    request_id: UUID
    keys: tuple[str, ...]
    granted_days: int | None = None
    words: str = ""
    again: str = ""


@transaction.atomic
def receive(*, application: Application, on: date, is_complete: bool, by: Member, at: datetime) -> None:
    """The caisse says on which day it received the file, and whether nothing misses: both clocks begin.

    Raises Refused at `on`, TransitionRefused when it was received already.
    """
    must(can_examine, application, by, _CAISSE_ONLY)
    now = locked(application, at=at)
    wrong = received_problem(on, sent=now.sent_on, on=now.today)
    check([Fault(wrong, "on") if wrong else None])
    due = counted(now, by, received=on, complete=on if is_complete else None)
    move(application, TRANSITIONS, "receive", received_on=on, **due.stored())
    happened("received", application, on=on, by=by, at=at)
    if is_complete:
        move(application, TRANSITIONS, "complete", complete_on=on)
        happened("completed", application, on=on, by=by, at=at)
    noted("receive", application, by=by)
    _tell_partner("application_received", application)


@transaction.atomic
def complete(*, application: Application, on: date, by: Member, at: datetime) -> None:
    """Nothing misses since a day: the decision is awaited. Raises Refused at `on`, TransitionRefused when it is not its turn."""
    must_use(can_examine, application, by, _CAISSE_ONLY)
    now = locked(application, at=at)
    received = _received(now)
    wrong = after_problem(on, previous=received, what="la réception du dossier", on=now.today)
    check([Fault(wrong, "on") if wrong else None])
    due = counted(now, by, received=received, complete=on)
    move(application, TRANSITIONS, "complete", complete_on=on, **due.stored())
    happened("completed", application, on=on, by=by, at=at)
    noted("complete", application, by=by)


@transaction.atomic
def ask(*, application: Application, asking: Asking, by: Member, at: datetime) -> bool:
    """Ask for all that misses, today; a second round says why. False when this very form was taken before.

    Pieces without which the file can be judged suspend nothing and change no state (CRPA L114-5-1). Raises Refused at `keys`,
    `granted_days`, `again` or `words`, TransitionRefused when nobody examines it or pieces are awaited already.
    """
    must_use(can_examine, application, by, _CAISSE_ONLY)
    now = locked(application, at=at)
    if any(row.id == asking.request_id for row in now.requests):
        return False
    if application.state not in EXAMINED or now.waiting is not None:
        raise TransitionRefused
    declared = rights()[application.right]
    check(_asking_faults(asking, known=[piece.key for piece in declared.pieces], first=not now.requests))
    row = PieceRequest(
        id=asking.request_id,
        case_id=application.case_id,
        number=len(now.requests) + 1,
        keys=list(asking.keys),
        indispensable=any(declared.piece(key).indispensable for key in asking.keys),
        asked_on=now.today,
        granted_days=asking.granted_days,
        again=asking.again if now.requests else "",
        sealed_words=seal_words(asking.words, REQUEST, asking.request_id, case=application.case_id, by=by),
        asked_at=at,
        asked_by=by.user,
    )
    row.save(force_insert=True)
    now.requests.append(row)
    if row.indispensable:
        due = counted(now, by, received=_received(now), complete=None)
        move(application, TRANSITIONS, "ask", complete_on=None, **due.stored())
    else:
        keep_state(application, state=application.state)  # the partner's own due day follows
    happened("asked", application, on=now.today, by=by, at=at, about=row.id)
    noted("ask", application, by=by)
    tell(
        "application_asked",
        case=application.case_id,
        to=application.case.sender_id,
        urgent=application.urgent,
        about=row.id,
    )
    return True


def _asking_faults(asking: Asking, *, known: list[str], first: bool) -> list[Fault | None]:
    unknown = not asking.keys or not set(asking.keys) <= set(known)
    delay = granted_days_problem(asking.granted_days, longest=LONGEST_GRANTED)
    words = words_problem(asking.words, needed=False)
    again = "" if first or asking.again in AGAIN_REASONS else (
        "Des pièces ont déjà été demandées : dites pourquoi il en faut d’autres."
    )  # fmt: skip
    return [
        Fault("Choisissez au moins une pièce de la liste.", "keys") if unknown else None,
        Fault(delay, "granted_days") if delay else None,
        Fault(again, "again") if again else None,
        Fault(words, "words") if words else None,
    ]


@transaction.atomic
def answer(*, application: Application, on: date, by: Member, at: datetime) -> None:
    """The pieces asked for have come, all of them: by the partner who sends them, today, or as the caisse received them.

    Raises Refused at `on`, TransitionRefused when none are awaited.
    """
    must_use(can_add, application, by, "Votre rôle ne permet pas de compléter ce dossier.")
    now = locked(application, at=at)
    row = now.waiting
    if row is None:
        raise TransitionRefused
    wrong = after_problem(on, previous=row.asked_on, what="la demande de pièces", on=now.today)
    check([Fault(wrong, "on") if wrong else None])
    row.answered_on, row.answered_at, row.answered_by = on, at, by.user
    row.save(update_fields=["answered_on", "answered_at", "answered_by"])
    if application.state == State.INCOMPLETE:
        due = counted(now, by, received=_received(now), complete=None)
        move(application, TRANSITIONS, "answer", **due.stored())
    else:
        keep_state(application, state=application.state)  # the partner's own due day follows
    happened("answered", application, on=on, by=by, at=at, about=row.id)
    noted("answer", application, by=by)
    other = (
        application.case.sender_id
        if by.organisation == application.case.caisse_id
        else application.case.caisse_id
    )
    tell("application_answered", case=application.case_id, to=other, urgent=application.urgent, about=row.id)


@transaction.atomic
def add_piece(*, application: Application, scanned: Scanned, by: Member, at: datetime) -> bool:
    """Add a piece to an application that has not ended, read by both sides; False when this very form was taken before.

    Raises Refused at `key`, `file`, `dated_on` or `valid_until`, or for the whole form once it has ended.
    """
    must_use(can_add, application, by, "Votre rôle ne permet pas de compléter ce dossier.")
    locked(application, at=at)
    if Piece.objects.filter(id=scanned.piece_id).exists():
        return False
    if application.closed_at is not None:
        raise Refused("Ce dossier est terminé : il ne prend plus de pièce.")
    declared = rights()[application.right]
    full = Piece.objects.filter(case_id=application.case_id).count() >= MOST_PIECES
    check(
        [
            *piece_faults(
                scanned,
                known=[one.key for one in declared.taken(urgent=application.urgent)],
                on=day_of(by, at),
            ),
            Fault(FULL, "file") if full else None,
        ]
    )
    document = store_upload(
        file=scanned.file, organisation=by.organisation, by=by, at=at, field="file", largest=LARGEST_PIECE,
        readers=[application.case.sender_id, application.case.caisse_id],
    )  # fmt: skip
    Piece.objects.create(
        id=scanned.piece_id,
        case_id=application.case_id,
        organisation_id=by.organisation,
        document=document,
        key=scanned.key,
        dated_on=scanned.dated_on,
        valid_until=scanned.valid_until,
        added_at=at,
        added_by=by.user,
    )
    noted("add_piece", application, by=by)
    return True


def _received(now: Now) -> date:
    if now.application.received_on is None:
        raise TransitionRefused
    return now.application.received_on


def _tell_partner(kind: str, application: Application) -> None:
    tell(kind, case=application.case_id, to=application.case.sender_id, urgent=application.urgent)
