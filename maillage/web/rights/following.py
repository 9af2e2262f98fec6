"""Following an application, handing it to a colleague, or consulting it without following it: the same rule as for referrals."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from maillage.cases import following
from maillage.organisations.roles import Permission
from maillage.web.middleware import MemberRequest
from maillage.web.referrals.following import consulting, handing_over
from maillage.web.rights.reading import the_application
from maillage.web.rules import acting_member, page


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def follow(request: MemberRequest, application: UUID) -> HttpResponse:
    """Take it on: its identity opens."""
    row = the_application(request, application)
    following.follow(case=row.case, by=acting_member(request), at=request.instant)
    messages.success(request, "Vous suivez maintenant ce dossier.")
    return redirect("rights:application", application)


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def unfollow(request: MemberRequest, application: UUID) -> HttpResponse:
    """Stop following: the identity closes."""
    row = the_application(request, application)
    if following.unfollow(case=row.case, by=acting_member(request), at=request.instant):
        messages.success(request, "Vous ne suivez plus ce dossier.")
    return redirect("rights:application", application)


@page(permission=Permission.READ_REFERRALS, methods=("GET", "POST"), while_frozen=True)
def hand_over(request: MemberRequest, application: UUID) -> HttpResponse:
    """Hand the case to a colleague, who follows it from then on."""
    row = the_application(request, application)
    return handing_over(request, row.case, reverse("rights:application", args=[application]))


@page(permission=Permission.READ_REFERRALS, methods=("GET", "POST"), fresh=True, while_frozen=True)
def consult(request: MemberRequest, application: UUID) -> HttpResponse:
    """Open the identity for the rest of the day, for a reason that is kept, and told at once."""
    the_application(request, application)
    return consulting(request, application, reverse("rights:application", args=[application]))
