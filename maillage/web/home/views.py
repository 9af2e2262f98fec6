"""« À faire », and the organisation switcher."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from maillage.web.home.tasks import tasks_for
from maillage.web.middleware import CURRENT, MemberRequest
from maillage.web.rules import acting_member, page


@page()
def home(request: MemberRequest) -> HttpResponse:
    """What is due, sorted by date; then nothing else."""
    member = acting_member(request)
    return render(request, "home/home.html", {"tasks": tasks_for(member, on=request.instant.date())})


@page(methods=("POST",))
def switch(request: MemberRequest) -> HttpResponse:
    """Act for another of one's organisations; an unknown one changes nothing."""
    member = acting_member(request)
    wanted = request.POST.get("organisation", "")
    if any(str(employer.id) == wanted for employer in member.employers):
        request.session[CURRENT] = str(UUID(wanted))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("home")
    return HttpResponseRedirect(back)
