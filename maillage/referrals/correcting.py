"""What the caisse noted by error: an attempt to reach the person is struck and stays in the history, a question is taken back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.referrals.acted_on import locked
from maillage.referrals.models import CaseQuestion, ContactAttempt, Referral
from maillage.referrals.working import must_be_worked, must_work, worked


@transaction.atomic
def strike(*, referral: Referral, attempt: UUID, by: Member, at: datetime) -> bool:
    """Strike an attempt that was noted by error; the contact that it dated is dated by the first that remains, or by none.

    False when it was struck already. Raises ContactAttempt.DoesNotExist for one that is not of this referral,
    TransitionRefused when nobody works it.
    """
    must_work(referral, by)
    locked(referral)
    must_be_worked(referral)
    row = ContactAttempt.objects.get(id=attempt, case_id=referral.case_id)
    if row.struck_at is not None:
        return False
    row.struck_at, row.struck_by = max(at, row.noted_at), by.user
    row.save(update_fields=["struck_at", "struck_by"])
    worked("strike", "", referral, by=by, at=at)
    return True


@transaction.atomic
def take_back(*, referral: Referral, question: UUID, by: Member, at: datetime) -> bool:
    """Take back a question that the sender has not answered: it leaves her « À faire ». False when it was taken back already.

    Raises CaseQuestion.DoesNotExist for one that is not of this referral, TransitionRefused when it was answered meanwhile or
    nobody works the referral.
    """
    must_work(referral, by)
    locked(referral)
    must_be_worked(referral)
    row = CaseQuestion.objects.select_for_update().get(id=question, case_id=referral.case_id)
    if row.withdrawn_at is not None:
        return False
    if row.answered_at is not None:
        raise TransitionRefused("L’organisme qui a orienté vient de répondre à cette question.")
    row.withdrawn_at, row.withdrawn_by = max(at, row.asked_at), by.user
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    worked("take_back", "", referral, by=by, at=at)
    return True
