"""What the caisse does with a referral. Of two people who click at once, one acts and the other is told."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from maillage.cases.models import Participation
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.roles import Permission
from maillage.referrals import actions, queries
from maillage.referrals.models import Referral
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.forms import CloseForm, ContactForm
from maillage.web.referrals.reading import show_case
from maillage.web.rules import acting_member, page

_SENT_BACK = "L’organisme qui vous l’a adressée est prévenu."


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def acknowledge(request: MemberRequest, case: UUID) -> HttpResponse:
    """Acknowledge reception, in one click."""
    member = acting_member(request)
    referral = _referral(request, case)
    return _act(
        request,
        referral,
        lambda: actions.acknowledge(referral=referral, by=member, at=request.instant),
        done=f"Réception accusée. {_SENT_BACK}",
        author="acknowledged_by",
    )


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def contact(request: MemberRequest, case: UUID) -> HttpResponse:
    """Note the day when the person was contacted."""
    member = acting_member(request)
    referral = _referral(request, case)
    form = ContactForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, contact_form=form)
    day = form.cleaned_data["contacted_on"]
    try:
        return _act(
            request,
            referral,
            lambda: actions.contact(referral=referral, day=day, by=member, at=request.instant),
            done=f"Contact noté. {_SENT_BACK}",
            author="contacted_by",
        )
    except Refused as refused:
        form.add_error(refused.field, str(refused))
        return show_case(request, case, contact_form=form)


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def close(request: MemberRequest, case: UUID) -> HttpResponse:
    """Close, with what came of it on both axes."""
    member = acting_member(request)
    referral = _referral(request, case)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return show_case(request, case, close_form=form)
    care, rights = form.cleaned_data["care_outcome"], form.cleaned_data["rights_outcome"]
    return _act(
        request,
        referral,
        lambda: actions.close(referral=referral, care=care, rights=rights, by=member, at=request.instant),
        done=f"Accompagnement clôturé. {_SENT_BACK}",
        author="closed_by",
    )


def _act(
    request: MemberRequest, referral: Referral, action: Callable[[], None], *, done: str, author: str
) -> HttpResponse:
    """Act; when it is too late, one's own second click is answered as the first, another's is told."""
    member = acting_member(request)
    try:
        action()
        messages.success(request, done)
    except TransitionRefused as refused:
        now = queries.referral_of(member, referral.case_id)
        if getattr(now, author) == member.user:
            messages.info(request, "C’était déjà fait : votre premier clic a suffi.")
        else:
            messages.warning(request, str(refused))
    return redirect("referrals:case", referral.case_id)


def _referral(request: MemberRequest, case: UUID) -> Referral:
    try:
        return queries.referral_of(acting_member(request), case)
    except Participation.DoesNotExist as unknown:
        raise Http404 from unknown
