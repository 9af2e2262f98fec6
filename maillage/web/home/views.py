"""« À faire », and the organisation switcher."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from maillage.core.text import sort_key
from maillage.organisations.people.leaving import replaced_by
from maillage.organisations.roles import Permission
from maillage.web.home.tasks import shown, tasks_with_replaced
from maillage.web.middleware import CURRENT, MemberRequest
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.glossary import ACRONYMS
from maillage.web.rules import acting_member, page


@page()
def home(request: MemberRequest) -> HttpResponse:
    """What is due, sorted by date; then nothing else."""
    member = acting_member(request)
    on = request.instant.astimezone(ZoneInfo(member.time_zone)).date()
    absences = list(replaced_by(member).select_related("user"))
    tasks = [shown(task, on=on) for task in tasks_with_replaced(member, absences, on=on)]
    sends = member.may(Permission.SEND_REFERRALS)
    context = {
        "tasks": tasks,
        "referral_url": reverse("referrals:new") if sends else "",
        "replaced": [(one.user.full_name, long_date(one.until)) for one in absences],
    }
    return render(request, "home/home.html", context)


@page(anonymous=True)
def glossary(request: MemberRequest) -> HttpResponse:
    """The acronyms of the screens, in full."""
    return render(
        request, "home/glossary.html", {"terms": sorted(ACRONYMS.items(), key=lambda term: sort_key(term[0]))}
    )


@page(anonymous=True)
def privacy(request: MemberRequest) -> HttpResponse:
    """What the platform keeps, from whom, and whom to write to."""
    return render(request, "home/privacy.html")


@page(methods=("POST",))
def switch(request: MemberRequest) -> HttpResponse:
    """Act for another of one's organisations; an unknown one changes nothing, one that waits for something leads to the door."""
    member = acting_member(request)
    wanted = request.POST.get("organisation", "")
    chosen = next((employer for employer in member.employers if str(employer.id) == wanted), None)
    if chosen is not None and not chosen.may_act:
        return redirect("entry")
    if chosen is not None:
        request.session[CURRENT] = str(UUID(wanted))
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = reverse("home")
    return HttpResponseRedirect(back)
