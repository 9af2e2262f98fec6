"""What the caisse noted by error, corrected from the page of the case: it stays in the history."""

from uuid import UUID

from django.http import Http404, HttpResponse

from maillage.organisations.roles import Permission
from maillage.referrals import correcting
from maillage.referrals.models import CaseQuestion, ContactAttempt
from maillage.referrals.queries import attempt_of, question_of
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.acting import act, the_referral
from maillage.web.rules import acting_member, page


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def strike(request: MemberRequest, attempt: UUID) -> HttpResponse:
    """Strike an attempt to reach the person."""
    member = acting_member(request)
    try:
        case = attempt_of(member, attempt).case_id
    except ContactAttempt.DoesNotExist as unknown:
        raise Http404 from unknown
    referral = the_referral(request, case)
    return act(
        request,
        referral,
        lambda: correcting.strike(referral=referral, attempt=attempt, by=member, at=request.instant),
        done="Essai rayé : il reste dans l’historique, et ne compte plus.",
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def take_back(request: MemberRequest, question: UUID) -> HttpResponse:
    """Take back a question that has no answer yet."""
    member = acting_member(request)
    try:
        case = question_of(member, question).case_id
    except CaseQuestion.DoesNotExist as unknown:
        raise Http404 from unknown
    referral = the_referral(request, case)
    return act(
        request,
        referral,
        lambda: correcting.take_back(referral=referral, question=question, by=member, at=request.instant),
        done="Question retirée : l’organisme qui a orienté n’a plus à y répondre.",
    )
