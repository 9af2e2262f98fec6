"""The caisse's pages: lending an agent, its permanences, another agent, the end."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.identifiers import bound_id
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.secondments import actions, queries
from maillage.secondments.models import Permanence
from maillage.secondments.policies import can_arrange
from maillage.secondments.queries import Known
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.refusals import place
from maillage.web.referrals.refusals import without_roles
from maillage.web.referrals.tasks import local_day
from maillage.web.rules import acting_member, page
from maillage.web.secondments.forms import ChangeForm, LastDayForm, LendForm, PermanenceForm
from maillage.web.secondments.reading import ABOVE, known_or_404
from maillage.web.secondments.words import place_of_hours, rhythm


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def new(request: MemberRequest) -> HttpResponse:
    """Lend an agent under a convention in force that provides for it."""
    member = acting_member(request)
    today = local_day(request.instant, member)
    openings = queries.openings(member, at=request.instant)
    form = LendForm(
        request.POST or None,
        people=queries.agents(member, on=today),
        openings=openings,
        initial={"since": today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.set_up(
                new_id=bound_id(form.new_id(), organisation=member.organisation, author=member.user),
                authorisation=UUID(form.cleaned_data["authorisation"]),
                arrangement=form.arrangement(),
                by=member,
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "L’agent est délégué. Dites maintenant quand elle ou il reçoit.")
            return redirect("secondments:secondment", made)
    context = {
        "form": form,
        "openings": openings,
        "closed": [without_roles(one) for one in queries.unsaid(member, at=request.instant)],
        "breadcrumb": list(ABOVE),
    }
    return render(request, "secondments/new.html", context)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def change(request: MemberRequest, secondment: UUID) -> HttpResponse:
    """Another agent, another place, a last day."""
    member, found = acting_member(request), _arranged(request, secondment)
    row = found.row
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        people=queries.agents(member, on=local_day(request.instant, member)),
        initial={"agent": str(row.agent_id), "place": row.place, "since": row.since, "until": row.until},
    )
    if form.is_valid():
        try:
            actions.arrange(secondment=row, arrangement=form.arrangement(), by=member, at=request.instant)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Enregistré. Les rendez-vous à venir suivent l’agent désigné.")
            return redirect("secondments:secondment", row.id)
    return _form(request, form, found, "Changer l’agent, le lieu ou le dernier jour")


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def permanence_new(request: MemberRequest, secondment: UUID) -> HttpResponse:
    """When the agent receives."""
    member, found = acting_member(request), _arranged(request, secondment)
    initial = {
        "minutes": 30,
        "every": 1,
        "since": max(found.row.since, request.instant.astimezone(found.zone).date()),
    }
    form = PermanenceForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            actions.add_permanence(
                new_id=bound_id(form.new_id(), organisation=member.organisation, author=member.user),
                secondment=found.row,
                weekly=form.weekly(),
                by=member,
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Permanence enregistrée : ses créneaux peuvent être réservés.")
            return redirect("secondments:secondment", secondment)
    return _form(request, form, found, "Ajouter une permanence", place_of_hours(found) + ".")


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def permanence_end(request: MemberRequest, permanence: UUID) -> HttpResponse:
    """The last day of a permanence."""
    member = acting_member(request)
    row = Permanence.objects.select_related("secondment").filter(id=permanence).first()
    if row is None:
        raise Http404
    found = _arranged(request, row.secondment_id)
    form = LastDayForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.end_permanence(permanence=row, last=form.cleaned_data["until"], by=member)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(
                request,
                "Dernier jour enregistré. Ce qui est déjà pris après ce jour reste à déplacer ou à annuler.",
            )
            return redirect("secondments:secondment", row.secondment_id)
    return _form(request, form, found, "Mettre fin à une permanence", rhythm(row))


def _arranged(request: MemberRequest, secondment: UUID) -> Known:
    """A secondment that the member's caisse arranges; 403 for the host."""
    found = known_or_404(request, secondment)
    if not can_arrange(acting_member(request), found.row):
        raise PermissionDenied("Seule la caisse qui délègue son agent règle ses permanences.")
    return found


def _form(request: MemberRequest, form: forms.Form, found: Known, title: str, lead: str = "") -> HttpResponse:
    back = reverse("secondments:secondment", args=[found.row.id])
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "lead": lead,
        "breadcrumb": [("Agents délégués", reverse("secondments:list")), (found.agent, back)],
        "back": back,
        "button": "Enregistrer",
    }
    return render(request, "one_form.html", context)
