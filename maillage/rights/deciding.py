"""The caisse decides, and says so to the person; the partner withdraws or takes back what it filed.

Each action: policy, the row locked, what is wrong said at its field, conditional change, event, journal, outbox.
"""

from datetime import date, datetime

from django.db import transaction

from maillage.core.moves import move
from maillage.core.refusals import Fault, check
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.referrals.rules import reason_problem, words_problem
from maillage.referrals.sealed_words import seal_words
from maillage.rights.acting import Now, happened, locked, must, must_use, noted
from maillage.rights.declared.rights import rights
from maillage.rights.models import Application
from maillage.rights.notifications import tell
from maillage.rights.policies import can_examine, can_speak_for_filer
from maillage.rights.rules import (
    CANCEL_REASONS,
    NOTIFIED_BY,
    REFUSAL_REASONS,
    WITHDRAWAL_REASONS,
    Opened,
    after_problem,
    opened_problems,
)
from maillage.rights.sealed import DECISION
from maillage.rights.states import DECIDED, TRANSITIONS

_CAISSE_ONLY = "Seule la caisse qui a reçu ce dossier peut en décider."


@transaction.atomic
def grant(
    *, application: Application, opened: Opened, on: date, words: str, by: Member, at: datetime
) -> None:
    """A right is opened: which one, from when to when, and since when it covers care already given (S2 art. 1, payment secured).

    Raises Refused at `on`, `right`, `since`, `until`, `covers_since` or `words`, TransitionRefused unless the file is complete.
    """
    must_use(can_examine, application, by, _CAISSE_ONLY)
    now = locked(application, at=at)
    wrong = opened_problems(opened, rights=rights()[application.right].may_open, decided=on)
    said = words_problem(words, needed=False)
    check(
        [
            _decided_fault(now, on),
            *(Fault(message, field) for field, message in wrong.items()),
            Fault(said, "words") if said else None,
        ]
    )
    move(
        application,
        TRANSITIONS,
        "grant",
        decided_on=on,
        closed_at=max(at, application.sent_at),
        closed_by=by.user,
        opened=opened.right,
        opens_on=opened.since,
        ends_on=opened.until,
        covers_on=opened.covers_since,
        sealed_words=_sealed(words, application, by),
    )
    _decided("granted", application, on=on, by=by, at=at)


@transaction.atomic
def refuse(*, application: Application, reason: str, on: date, words: str, by: Member, at: datetime) -> None:
    """No right is opened, for a reason of the list; words are needed for the other one.

    Raises Refused at `on`, `reason` or `words`, TransitionRefused when nobody examines it.
    """
    must(can_examine, application, by, _CAISSE_ONLY)
    now = locked(application, at=at)
    listed, said = reason_problem(reason, REFUSAL_REASONS), words_problem(words, needed=reason == "other")
    check(
        [
            _decided_fault(now, on),
            Fault(listed, "reason") if listed else None,
            Fault(said, "words") if said else None,
        ]
    )
    move(
        application,
        TRANSITIONS,
        "refuse",
        decided_on=on,
        closed_at=max(at, application.sent_at),
        closed_by=by.user,
        end_reason=reason,
        sealed_words=_sealed(words, application, by),
    )
    _decided("refused", application, on=on, by=by, at=at)


def _decided_fault(now: Now, on: date) -> Fault | None:
    """What is wrong with the day of a decision; nothing is where nobody examines it: `move` then says that it is too late."""
    application = now.application
    previous = application.complete_on or application.received_on
    if previous is None:
        return None
    what = "le jour où le dossier est complet" if application.complete_on else "la réception du dossier"
    wrong = after_problem(on, previous=previous, what=what, on=now.today)
    return Fault(wrong, "on") if wrong else None


def _sealed(words: str, application: Application, by: Member) -> bytes | None:
    return seal_words(words, DECISION, application.case_id, case=application.case_id, by=by)


def _decided(kind: str, application: Application, *, on: date, by: Member, at: datetime) -> None:
    happened(kind, application, on=on, by=by, at=at)
    noted("grant" if kind == "granted" else "refuse", application, by=by)
    tell(
        f"application_{kind}",
        case=application.case_id,
        to=application.case.sender_id,
        urgent=application.urgent,
    )


@transaction.atomic
def notify(*, application: Application, how: str, on: date, by: Member, at: datetime) -> None:
    """The person was told that it is decided: by which way, on which day (S2 art. 4.1). Once.

    Raises Refused at `how` or `on`, TransitionRefused when nothing is decided or she was told already.
    """
    must(can_examine, application, by, _CAISSE_ONLY)
    now = locked(application, at=at)
    if application.state not in DECIDED or application.decided_on is None:
        raise TransitionRefused
    wrong = after_problem(on, previous=application.decided_on, what="la décision", on=now.today)
    check(
        [
            None if how in NOTIFIED_BY else Fault("Dites comment la personne fut prévenue.", "how"),
            Fault(wrong, "on") if wrong else None,
        ]
    )
    told = Application.objects.filter(
        case_id=application.case_id, state__in=sorted(DECIDED), notified_on=None
    )
    if not told.update(notified_on=on, notified_how=how):
        raise TransitionRefused
    application.notified_on, application.notified_how = on, how
    happened("notified", application, on=on, by=by, at=at)
    noted("notify", application, by=by)


@transaction.atomic
def withdraw(*, application: Application, reason: str, by: Member, at: datetime) -> None:
    """The partner stops a request, before any decision. Raises Refused at `reason`, TransitionRefused when it has ended."""
    _stop("withdraw", "withdrawn", application, reason, by=by, at=at)
    noted("withdraw", application, by=by)


@transaction.atomic
def cancel(*, application: Application, reason: str, by: Member, at: datetime) -> None:
    """The partner takes back what it sent by error, before the file is examined; it counts as never sent.

    Raises Refused at `reason`, TransitionRefused when it is too late.
    """
    _stop("cancel", "cancelled", application, reason, by=by, at=at)
    noted("cancel", application, by=by)


_REASONS = {"withdraw": WITHDRAWAL_REASONS, "cancel": CANCEL_REASONS}


def _stop(verb: str, kind: str, application: Application, reason: str, *, by: Member, at: datetime) -> None:
    must(can_speak_for_filer, application, by, "Seul l’organisme qui a déposé ce dossier peut le retirer.")
    now = locked(application, at=at)
    problem = reason_problem(reason, _REASONS[verb])
    check([Fault(problem, "reason") if problem else None])
    move(
        application,
        TRANSITIONS,
        verb,
        closed_at=max(at, application.sent_at),
        closed_by=by.user,
        end_reason=reason,
    )
    happened(kind, application, on=now.today, by=by, at=at)
    tell(
        f"application_{kind}",
        case=application.case_id,
        to=application.case.caisse_id,
        urgent=application.urgent,
    )
