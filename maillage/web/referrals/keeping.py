"""Keeping a view of the list under a name, and forgetting it."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.refusals import Refused
from maillage.organisations.kinds import is_health_insurance
from maillage.organisations.roles import Permission
from maillage.referrals.lists.around import around
from maillage.referrals.lists.saving import forget_view, save_view
from maillage.referrals.models import SavedView
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact
from maillage.web.referrals.list_forms import ListForm, ViewForm, query_of
from maillage.web.referrals.listing import list_form
from maillage.web.referrals.tasks import local_day
from maillage.web.rules import acting_member, page


@page(permission=Permission.READ_REFERRALS, methods=("GET", "POST"))
def keep_view(request: MemberRequest) -> HttpResponse:
    """Keep the filters that the address holds, under a name."""
    member = acting_member(request)
    receives = is_health_insurance(member.organisation_kind)
    filters = list_form(request.GET, around(member, on=local_day(request.instant, member)), receives=receives)
    query = urlencode(query_of(filters.wanted()))
    back = f"{reverse('referrals:list')}?{query}"
    form = ViewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            save_view(name=form.cleaned_data["name"], query=query, by=member, at=request.instant)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, "Vue enregistrée. Elle est au-dessus de la liste.")
            return redirect(back)
    context = {"form": form, "facts": _facts(filters), "back": back}
    return render(request, "referrals/keep_view.html", context)


def _facts(filters: ListForm) -> list[Fact]:
    """What the view holds, filter by filter, in words."""
    said = []
    for bound in filters:
        value = filters.cleaned_data.get(bound.name)
        if value and not bound.is_hidden:
            choices = dict(getattr(bound.field, "choices", ()))
            said.append(Fact(str(bound.label), str(choices.get(value, "Oui"))))
    return said


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def forget(request: MemberRequest, view: UUID) -> HttpResponse:
    """Forget one of one's own views."""
    try:
        name = forget_view(view=view, by=acting_member(request))
    except SavedView.DoesNotExist as unknown:
        raise Http404 from unknown
    messages.success(request, f"Vue « {name} » supprimée. Les dossiers restent où ils sont.")
    return redirect("referrals:list")
