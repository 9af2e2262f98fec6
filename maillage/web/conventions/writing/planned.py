"""What is planned of a referent and has not come: its end moved, its arrival cancelled; and a training noted by mistake, struck."""

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.referents import planning
from maillage.conventions.referents.models import Referent, ReferentTraining
from maillage.conventions.referents.training import withdraw_training
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.referents import named, own
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.days import DayField
from maillage.web.rules import acting_member, page


class PlanForm(forms.Form):
    """The new last day; empty, the tenure goes on."""

    use_required_attribute = False
    until = DayField(label="Dernier jour", required=False, help_text="Vide : plus aucune fin n’est prévue.")


class ArrivalForm(forms.Form):
    """The new first day."""

    use_required_attribute = False
    since = DayField(label="Premier jour")


def ends_later(row: Referent, on: date) -> bool:
    """Whether an end is planned that has not come."""
    return row.until is not None and not row.is_given_up and row.until >= on


def begins_later(row: Referent, on: date) -> bool:
    """Whether she has not begun, and was not cancelled."""
    return row.since > on and not row.is_given_up


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def plan(request: MemberRequest, convention: UUID, referent: UUID) -> HttpResponse:
    """Move the end that is planned, or cancel an arrival; the others are told, the history says both days."""
    known = named(request, convention)
    row = own(known, referent)
    on = day_of(known.row, request.instant)
    successor = Referent.objects.filter(succeeds=row).first()
    form = PlanForm(
        request.POST if request.method == "POST" and "since" not in request.POST else None,
        initial={"until": row.until},
    )
    if successor is not None:
        form.fields[
            "until"
        ].help_text = "Le dernier jour où les deux sont joignables, ou la veille de l’arrivée."
    moves = request.method == "POST" and "since" in request.POST
    arrival = ArrivalForm(request.POST if moves else None, initial={"since": row.since})
    tried = arrival if moves else form
    if request.method == "POST" and tried.is_valid():
        try:
            done = _act(request, known, row, tried)
        except Refused as refused:
            place(tried, refused)
        else:
            messages.success(request, done)
            return redirect("conventions:referents", known.id)
    context = {
        "row": row,
        "when": _when(row, on),
        "form": form,
        "arrival": arrival,
        "may_move": ends_later(row, on),
        "may_give_up": begins_later(row, on),
        "successor": successor,
        "former": row.succeeds,
        "stays_until": planning.end_when_given_up(row),
        "back": reverse("conventions:referents", args=[known.id]),
        "breadcrumb": [*breadcrumb(known), ("Référents", reverse("conventions:referents", args=[known.id]))],
    }
    return render(request, "conventions/writing/referent_plan.html", context)


def _when(row: Referent, on: date) -> str:
    """Her days, in a sentence."""
    since = f"{'À partir du' if row.since > on else 'Depuis le'} {long_date(row.since)}"
    return (
        f"{since}, fin prévue le {long_date(row.until)}."
        if ends_later(row, on) and row.until
        else f"{since}."
    )


def _act(request: MemberRequest, known: LoadedConvention, row: Referent, form: forms.Form) -> str:
    """What the button says; the words of what was done."""
    member, at = acting_member(request), request.instant
    if "annuler" in request.POST:
        planning.give_up(convention=known.row, referent=row.pk, by=member, at=at)
        return "Arrivée annulée. Les autres parties sont prévenues, l’historique le dit."
    if "since" in form.cleaned_data:
        since = form.cleaned_data["since"]
        planning.move_arrival(convention=known.row, referent=row.pk, since=since, by=member, at=at)
        return (
            f"Arrivée prévue : le {long_date(since)}. Les autres parties sont prévenues, l’historique le dit."
        )
    until = form.cleaned_data["until"]
    planning.move_end(convention=known.row, referent=row.pk, until=until, by=member, at=at)
    now_on = f"le {long_date(until)}" if until else "sans fin prévue"
    return f"Fin prévue : {now_on}. Les autres parties sont prévenues, l’historique le dit."


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def strike_training(request: MemberRequest, convention: UUID, referent: UUID, training: UUID) -> HttpResponse:
    """Strike a training noted by mistake."""
    known = named(request, convention)
    row = own(known, referent)
    if not ReferentTraining.objects.filter(pk=training, referent=row).exists():
        raise Http404
    try:
        withdraw_training(
            convention=known.row, referent=row.pk, training=training, by=acting_member(request), at=request.instant
        )  # fmt: skip
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(request, "Formation retirée : elle reste lisible, barrée.")
    return redirect("conventions:referents", known.id)
