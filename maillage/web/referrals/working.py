"""What the caisse does with a referral. Of two people who click at once, one acts and the other is told."""

from uuid import UUID

from django.http import HttpResponse

from maillage.core.identifiers import bound_id
from maillage.organisations.roles import Permission
from maillage.referrals import questions, working
from maillage.referrals.models import Pause, Referral
from maillage.referrals.states import State
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.acting import SENT_BACK, act, the_referral, told_back
from maillage.web.referrals.reading import show_case
from maillage.web.referrals.working_forms import AskForm, ContactForm, PauseForm, RefuseForm
from maillage.web.rules import acting_member, page


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def acknowledge(request: MemberRequest, case: UUID) -> HttpResponse:
    """Acknowledge reception, in one click."""
    member, referral = acting_member(request), the_referral(request, case)
    return act(
        request,
        referral,
        lambda: working.acknowledge(referral=referral, by=member, at=request.instant),
        done=f"Réception accusée. {SENT_BACK}",
        mine=lambda now: now.acknowledged_by == member.user,
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def accept(request: MemberRequest, case: UUID) -> HttpResponse:
    """Take the person on, in one click."""
    member, referral = acting_member(request), the_referral(request, case)
    return act(
        request,
        referral,
        lambda: working.accept(referral=referral, by=member, at=request.instant),
        done=told_back(referral, "Vous accompagnez cette personne."),
        mine=lambda now: now.accepted_by == member.user,
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def refuse(request: MemberRequest, case: UUID) -> HttpResponse:
    """Do not take the person on, and say why."""
    member, referral = acting_member(request), the_referral(request, case)
    form = RefuseForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, refused={"refuse": form})
    return act(
        request,
        referral,
        lambda: working.refuse(referral=referral, by=member, at=request.instant, **form.cleaned_data),
        done=told_back(referral, "Orientation refusée."),
        mine=lambda now: now.state == State.REFUSED and now.closed_by == member.user,
        form=("refuse", form),
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def contact(request: MemberRequest, case: UUID) -> HttpResponse:
    """Note a try to reach the person."""
    member, referral = acting_member(request), the_referral(request, case)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, refused={"contact": form})
    said = form.cleaned_data
    own = bound_id(said["token"], organisation=member.organisation, author=member.user)
    tried = working.Tried(own, said["day"], said["way"], said["reached"] == "yes")
    first = tried.reached and referral.contacted_on is None
    return act(
        request,
        referral,
        lambda: working.contact(referral=referral, tried=tried, by=member, at=request.instant),
        done=told_back(referral, "Contact noté.") if first else "Essai noté.",
        form=("contact", form),
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def pause(request: MemberRequest, case: UUID) -> HttpResponse:
    """Wait, until a day on which one looks again."""
    member, referral = acting_member(request), the_referral(request, case)
    form = PauseForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, refused={"pause": form})
    return act(
        request,
        referral,
        lambda: working.pause(referral=referral, by=member, at=request.instant, **form.cleaned_data),
        done=told_back(referral, "Accompagnement en pause."),
        mine=lambda now: now.state == State.PAUSED and _paused_by(now) == member.user,
        form=("pause", form),
    )


def _paused_by(referral: Referral) -> UUID | None:
    pause = Pause.objects.filter(case_id=referral.case_id, resumed_at=None).first()
    return pause.began_by if pause else None


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def resume(request: MemberRequest, case: UUID) -> HttpResponse:
    """Go on after a pause, in one click."""
    member, referral = acting_member(request), the_referral(request, case)
    return act(
        request,
        referral,
        lambda: working.resume(referral=referral, by=member, at=request.instant),
        done="Accompagnement repris.",
        mine=lambda now: now.state == State.ACCEPTED and _resumed_by(now) == member.user,
    )


def _resumed_by(referral: Referral) -> UUID | None:
    pause = Pause.objects.filter(case_id=referral.case_id).order_by("-began_at").first()
    return pause.resumed_by if pause else None


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def ask(request: MemberRequest, case: UUID) -> HttpResponse:
    """Ask the sender for what is missing."""
    member, referral = acting_member(request), the_referral(request, case)
    form = AskForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, refused={"ask": form})
    own = bound_id(form.cleaned_data["token"], organisation=member.organisation, author=member.user)
    text = form.cleaned_data["question"]
    return act(
        request,
        referral,
        lambda: questions.ask(referral=referral, question_id=own, text=text, by=member, at=request.instant),
        done=f"Question envoyée. {SENT_BACK}",
        form=("ask", form),
    )
