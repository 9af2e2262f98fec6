"""What the sender of a referral still does: answer the caisse's questions, and stop what is no longer wanted or was an error."""

from uuid import UUID

from django.http import Http404, HttpResponse

from maillage.organisations.kinds import is_health_insurance
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals import questions, working
from maillage.referrals.models import CaseQuestion, Referral
from maillage.referrals.queries import question_of
from maillage.referrals.states import State
from maillage.referrals.working import must_speak_for_sender
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.acting import act, the_referral
from maillage.web.referrals.reading import show_case
from maillage.web.referrals.working_forms import AnswerForm, CancelForm, WithdrawForm
from maillage.web.rules import acting_member, page


def _told(member: Member) -> str:
    """Whom a sender writes to; a caisse is the sender of what it forwarded to a service."""
    forwards = is_health_insurance(member.organisation_kind)
    return "Le service est prévenu." if forwards else "La caisse est prévenue."


def _sent(request: MemberRequest, case: UUID) -> Referral:
    """The referral to act on, for whoever speaks for its sender: a partner, or a caisse that forwarded it."""
    referral = the_referral(request, case)
    must_speak_for_sender(referral, acting_member(request))
    return referral


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def answer(request: MemberRequest, question: UUID) -> HttpResponse:
    """Answer a question of the caisse's."""
    member = acting_member(request)
    try:
        case = question_of(member, question).case_id
    except CaseQuestion.DoesNotExist as unknown:
        raise Http404 from unknown
    referral = _sent(request, case)
    form = AnswerForm(request.POST, auto_id=f"answer_{question}_%s")
    if not form.is_valid():
        return show_case(request, case, refused={str(question): form})
    text = form.cleaned_data["answer"]
    return act(
        request,
        referral,
        lambda: questions.answer(
            referral=referral, question=question, text=text, by=member, at=request.instant
        ),
        done=f"Réponse envoyée. {_told(member)}",
        form=(str(question), form),
    )


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def withdraw(request: MemberRequest, case: UUID) -> HttpResponse:
    """Stop everything: the person withdraws, or needs it no more."""
    member, referral = acting_member(request), _sent(request, case)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, refused={"withdraw": form})
    reason = form.cleaned_data["reason"]
    return act(
        request,
        referral,
        lambda: working.withdraw(referral=referral, reason=reason, by=member, at=request.instant),
        done=f"Orientation arrêtée. {_told(member)}",
        mine=lambda now: now.state == State.WITHDRAWN and now.closed_by == member.user,
    )


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def cancel(request: MemberRequest, case: UUID) -> HttpResponse:
    """Take back what was entered by error."""
    member, referral = acting_member(request), _sent(request, case)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, refused={"cancel": form})
    reason = form.cleaned_data["reason"]
    return act(
        request,
        referral,
        lambda: working.cancel(referral=referral, reason=reason, by=member, at=request.instant),
        done=f"Orientation annulée. {_told(member)}",
        mine=lambda now: now.state == State.CANCELLED and now.closed_by == member.user,
    )
