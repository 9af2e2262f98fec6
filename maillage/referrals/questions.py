"""What the caisse asks of the sender about a referral, and what it answers. Both are sealed with the case's key."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from maillage.audit.actions import record
from maillage.cases.following import begin_following
from maillage.cases.rules import Reason
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.referrals.acted_on import locked
from maillage.referrals.models import CaseQuestion, Referral
from maillage.referrals.notifications import tell
from maillage.referrals.rules import words_problem
from maillage.referrals.sealed_words import ANSWER, QUESTION, seal_words
from maillage.referrals.working import must_be_worked, must_speak_for_sender, must_use, worked


@transaction.atomic
def ask(*, referral: Referral, question_id: UUID, text: str, by: Member, at: datetime) -> bool:
    """The caisse asks the sender for what is missing; the referral goes on meanwhile. False when this form was sent before.

    Raises Refused at `question`, TransitionRefused when nobody works the referral.
    """
    must_use(referral, by)
    problem = words_problem(text)
    if problem:
        raise Refused(problem, "question")
    locked(referral)
    must_be_worked(referral)
    if CaseQuestion.objects.filter(id=question_id).exists():
        return False
    CaseQuestion.objects.create(
        id=question_id,
        case_id=referral.case_id,
        asked_at=at,
        asked_by=by.user,
        sealed_question=seal_words(text, QUESTION, question_id, case=referral.case_id, by=by),
    )
    worked("ask", "referral_question", referral, by=by, at=at, about=question_id)
    return True


@transaction.atomic
def answer(*, referral: Referral, question: UUID, text: str, by: Member, at: datetime) -> None:
    """The sender answers, once; the caisse is told.

    Raises CaseQuestion.DoesNotExist for one that is not of this referral, Refused at `answer`, TransitionRefused when a
    colleague has just answered or nobody works the referral any more.
    """
    must_speak_for_sender(referral, by)
    problem = words_problem(text)
    if problem:
        raise Refused(problem, "answer")
    locked(referral)
    must_be_worked(referral)
    row = CaseQuestion.objects.select_for_update().get(id=question, case_id=referral.case_id)
    if row.withdrawn_at is not None:
        raise TransitionRefused("La caisse a retiré cette question : il n’y a plus rien à répondre.")
    if row.answered_at is not None:
        raise TransitionRefused("Quelqu’un vient de répondre à cette question : la page a été rechargée.")
    row.answered_at, row.answered_by = max(at, row.asked_at), by.user
    row.sealed_answer = seal_words(text, ANSWER, row.id, case=referral.case_id, by=by)
    row.save(update_fields=["answered_at", "answered_by", "sealed_answer"])
    begin_following(case=referral.case_id, reason=Reason.SENT, by=by, at=at)
    record(
        verb="answer",
        object_type="referral",
        object_ref=referral.case_id,
        by=by.user,
        organisation=by.organisation,
    )
    tell(
        "referral_answer",
        case=referral.case_id,
        to=referral.case.caisse_id,
        urgent=referral.urgent,
        about=row.id,
    )
