"""A referral after its sending: the caisse works it, its sender may stop it; how it ends with an outcome is in `outcomes`.

Each action: policy, conditional change, journal, outbox. Of two people who act at once, one wins and the other is told.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.audit.actions import record
from maillage.beneficiaries.stopping import must_not_be_stopped
from maillage.cases.actions import set_due_on
from maillage.cases.following import begin_following
from maillage.cases.rules import Reason
from maillage.core.moves import keep_state, move
from maillage.core.refusals import Fault, Refused, check
from maillage.core.statements import insert
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.referrals.acted_on import locked
from maillage.referrals.models import ContactAttempt, Pause, Referral
from maillage.referrals.notifications import tell
from maillage.referrals.policies import can_speak_for_sender, can_work
from maillage.referrals.rules import (
    CANCEL_REASONS,
    PAUSE_REASONS,
    REFUSAL_REASONS,
    WAYS,
    WITHDRAWAL_REASONS,
    contact_problem,
    look_again_problem,
    reason_problem,
    words_problem,
)
from maillage.referrals.sealed_words import REFUSAL, seal_words
from maillage.referrals.states import TRANSITIONS, WORKED
from maillage.referrals.withheld import MESSAGES, still_withheld, withdraw_withheld


@dataclass(frozen=True, slots=True)
class Tried:
    """One try to reach the person, as a form gives it: a day of the caisse's calendar; `attempt_id` comes with the form."""

    attempt_id: UUID
    day: date
    way: str
    reached: bool


@transaction.atomic
def acknowledge(*, referral: Referral, by: Member, at: datetime) -> None:
    """The caisse says to the sender that it has the referral; whoever says so follows it.

    Raises TransitionRefused when it was done already.
    """
    must_work(referral, by)
    # The database dated the sending; a web server whose clock is late must not acknowledge before it.
    instant = max(at, referral.sent_at)
    move(referral, TRANSITIONS, "acknowledge", acknowledged_at=instant, acknowledged_by=by.user)
    worked("acknowledge", "referral_acknowledged", referral, by=by, at=at)


@transaction.atomic
def accept(*, referral: Referral, by: Member, at: datetime) -> None:
    """The caisse takes the person on. Raises TransitionRefused when the referral does not wait for that answer."""
    must_use(referral, by)
    move(referral, TRANSITIONS, "accept", accepted_at=after(referral, at), accepted_by=by.user)
    worked("accept", "referral_accepted", referral, by=by, at=at)


@transaction.atomic
def refuse(*, referral: Referral, reason: str, words: str, by: Member, at: datetime) -> None:
    """The caisse does not take the person on: a reason of the list, and words to the sender, needed for the other one.

    The words are sealed with the case's key. Raises Refused at `reason` or `words`, TransitionRefused when it is too late.
    """
    must_work(referral, by)
    in_list = reason_problem(reason, REFUSAL_REASONS)
    said = words_problem(words, needed=reason == "other")
    check([Fault(in_list, "reason") if in_list else None, Fault(said, "words") if said else None])
    locked(referral)
    move(
        referral,
        TRANSITIONS,
        "refuse",
        closed_at=after(referral, at),
        closed_by=by.user,
        end_reason=reason,
        refusal_words=seal_words(words, REFUSAL, referral.case_id, case=referral.case_id, by=by),
    )
    worked("refuse", "referral_refused", referral, by=by, at=at)


@transaction.atomic
def contact(*, referral: Referral, tried: Tried, by: Member, at: datetime) -> bool:
    """The caisse notes a try to reach the person; the first that reached her dates the contact, and the sender is told.

    « dès réception » (S2 annex 2), no number of days. False when this very form was noted before. Raises Refused at `day` or
    `way`, TransitionRefused when nobody works the referral.
    """
    must_use(referral, by)
    zone = ZoneInfo(by.time_zone)
    wrong = contact_problem(
        tried.day, sent_on=referral.sent_at.astimezone(zone).date(), on=at.astimezone(zone).date()
    )
    check(
        [
            Fault(wrong, "day") if wrong else None,
            None if tried.way in WAYS else Fault("Dites comment vous avez essayé.", "way"),
        ]
    )
    locked(referral)
    must_be_worked(referral)
    attempt = ContactAttempt(
        id=tried.attempt_id,
        case_id=referral.case_id,
        day=tried.day,
        way=tried.way,
        reached=tried.reached,
        noted_at=at,
        noted_by=by.user,
    )
    if not insert(attempt, unless_there=True):
        return False
    first = tried.reached and referral.contacted_on is None
    if first:
        keep_state(referral, contacted_on=tried.day, contacted_by=by.user)
    worked("contact", "referral_contacted" if first else "", referral, by=by, at=at)
    return True


@transaction.atomic
def pause(*, referral: Referral, reason: str, look_again_on: date, by: Member, at: datetime) -> None:
    """The caisse waits, for a reason of the list, until a day on which it looks again: that day becomes its due date.

    Raises Refused at `reason` or `look_again_on`, TransitionRefused when the referral is not under way.
    """
    must_use(referral, by)
    on = at.astimezone(ZoneInfo(by.time_zone)).date()
    in_list, day = reason_problem(reason, PAUSE_REASONS), look_again_problem(look_again_on, on=on)
    check([Fault(in_list, "reason") if in_list else None, Fault(day, "look_again_on") if day else None])
    move(referral, TRANSITIONS, "pause")
    row = Pause.objects.create(
        case_id=referral.case_id,
        reason=reason,
        look_again_on=look_again_on,
        began_on=on,
        began_at=at,
        began_by=by.user,
    )
    set_due_on(case=referral.case_id, day=look_again_on)
    worked("pause", "referral_paused", referral, by=by, at=at, about=row.id)


@transaction.atomic
def resume(*, referral: Referral, by: Member, at: datetime) -> None:
    """The caisse goes on after a pause; nothing is due any more. Raises TransitionRefused when there is no pause."""
    must_use(referral, by)
    move(referral, TRANSITIONS, "resume")
    row = Pause.objects.get(case_id=referral.case_id, resumed_at=None)
    row.resumed_at, row.resumed_by = max(at, row.began_at), by.user
    row.save(update_fields=["resumed_at", "resumed_by"])
    set_due_on(case=referral.case_id, day=None)
    worked("resume", "", referral, by=by, at=at)


@transaction.atomic
def withdraw(*, referral: Referral, reason: str, by: Member, at: datetime) -> None:
    """The sender stops everything: the person withdraws, or needs it no more. The caisse is told.

    Raises Refused at `reason`, TransitionRefused when the referral has ended.
    """
    _stop("withdraw", "referral_withdrawn", referral, reason, by=by, at=at)


@transaction.atomic
def cancel(*, referral: Referral, reason: str, by: Member, at: datetime) -> None:
    """The sender takes back what it entered by error, before the caisse answers; it counts as never sent. The caisse is told.

    Raises Refused at `reason`, TransitionRefused when it is too late.
    """
    _stop("cancel", "referral_cancelled", referral, reason, by=by, at=at)


_STOPPED = {"withdraw": WITHDRAWAL_REASONS, "cancel": CANCEL_REASONS}


def _stop(verb: str, kind: str, referral: Referral, reason: str, *, by: Member, at: datetime) -> None:
    must_speak_for_sender(referral, by)
    problem = reason_problem(reason, _STOPPED[verb])
    if problem:
        raise Refused(problem, "reason")
    locked(referral)
    if verb == "withdraw" and referral.withheld:
        if not withdraw_withheld(referral, reason, at=at):
            raise TransitionRefused
    else:
        move(referral, TRANSITIONS, verb, closed_at=after(referral, at), closed_by=by.user, end_reason=reason)
    begin_following(case=referral.case_id, reason=Reason.SENT, by=by, at=at)
    record(
        verb=verb,
        object_type="referral",
        object_ref=referral.case_id,
        by=by.user,
        organisation=by.organisation,
    )
    tell(kind, case=referral.case_id, to=referral.case.caisse_id, urgent=referral.urgent)


def after(referral: Referral, at: datetime) -> datetime:
    """The instant of a step, never before the one that came before it: two servers' clocks differ."""
    before = (referral.sent_at, referral.acknowledged_at, referral.accepted_at)
    return max(at, *(instant for instant in before if instant is not None))


def must_be_worked(referral: Referral) -> None:
    """Raise TransitionRefused unless the caisse is at work on it."""
    if referral.state not in WORKED or referral.closed_at is not None:
        raise TransitionRefused


def must_work(referral: Referral, by: Member) -> None:
    """Raise PermissionDenied to whoever does not work it."""
    if not can_work(by, referral.case):
        raise PermissionDenied("Seule la caisse qui a reçu cette orientation peut la faire avancer.")


def must_use(referral: Referral, by: Member) -> None:
    """As `must_work`, for what uses her data rather than ends the case. Raises Refused too, where she objected to its flow."""
    must_work(referral, by)
    must_not_be_stopped(case=referral.case_id, kind="referral", by=by)


def must_speak_for_sender(referral: Referral, by: Member) -> None:
    """Raise PermissionDenied to whoever is not of its sender."""
    if not can_speak_for_sender(by, referral.case):
        raise PermissionDenied("Seul l’organisme qui a envoyé cette orientation peut le faire.")


def worked(
    verb: str, kind: str, referral: Referral, *, by: Member, at: datetime, about: UUID | None = None
) -> None:
    """What follows each step of the caisse: whoever acts follows the case, the journal, a message to the sender if any.

    A sender from whom the person withholds the progress gets none of those that tell it.
    """
    if referral.followed_by != by.user:
        begin_following(case=referral.case_id, reason=Reason.WORKED, by=by, at=at)
    record(
        verb=verb,
        object_type="referral",
        object_ref=referral.case_id,
        by=by.user,
        organisation=by.organisation,
    )
    if kind and not (kind in MESSAGES and still_withheld(referral.case)):
        tell(kind, case=referral.case_id, to=referral.case.sender_id, urgent=referral.urgent, about=about)
