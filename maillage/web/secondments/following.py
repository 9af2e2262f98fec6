"""Following an appointment's case, handing it to a colleague, or consulting it without following it: the same rule as for referrals."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from maillage.cases import following
from maillage.organisations.roles import Permission
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.following import consulting, handing_over
from maillage.web.rules import acting_member, page
from maillage.web.secondments.working import appointment_or_404


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def follow(request: MemberRequest, appointment: UUID) -> HttpResponse:
    """Take it on: its identity opens."""
    row = appointment_or_404(request, appointment)
    following.follow(case=row.case, by=acting_member(request), at=request.instant)
    messages.success(request, "Vous suivez maintenant ce dossier.")
    return redirect("secondments:appointment", appointment)


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def unfollow(request: MemberRequest, appointment: UUID) -> HttpResponse:
    """Stop following: the identity closes."""
    row = appointment_or_404(request, appointment)
    if following.unfollow(case=row.case, by=acting_member(request), at=request.instant):
        messages.success(request, "Vous ne suivez plus ce dossier.")
    return redirect("secondments:appointment", appointment)


@page(permission=Permission.READ_REFERRALS, methods=("GET", "POST"), while_frozen=True)
def hand_over(request: MemberRequest, appointment: UUID) -> HttpResponse:
    """Hand the case to a colleague, who follows it from then on."""
    row = appointment_or_404(request, appointment)
    return handing_over(request, row.case, reverse("secondments:appointment", args=[appointment]))


@page(permission=Permission.READ_REFERRALS, methods=("GET", "POST"), fresh=True, while_frozen=True)
def consult(request: MemberRequest, appointment: UUID) -> HttpResponse:
    """Open the identity for the rest of the day, for a reason that is kept, and told at once."""
    appointment_or_404(request, appointment)
    return consulting(request, appointment, reverse("secondments:appointment", args=[appointment]))
