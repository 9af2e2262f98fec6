"""Registered letters already sent: note the day of first presentation and of receipt, addressee by addressee."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Delivery, Event
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.registered import record_delivery
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.facts.rehearsing import flags
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_date, short_date
from maillage.web.presentation.days import DayField
from maillage.web.presentation.tables import Column, Row, Table, headings
from maillage.web.rules import acting_member, page


class DeliveryForm(forms.Form):
    """The days that the post gives."""

    presented_on = DayField(label="Première présentation le", required=False)
    received_on = DayField(label="Reçue le", required=False)


@dataclass(frozen=True)
class _Sent:
    """One letter to one addressee."""

    event: Event
    delivery: Delivery
    addressee: str


def _sent(known: LoadedConvention) -> list[_Sent]:
    names = {party.key: party.name for party in known.signatories}
    return [
        _Sent(row, delivery, names.get(delivery.addressee_key, delivery.addressee_key))
        for row in known.recorded
        for delivery in row.deliveries.all()
    ]


@page(permission=Permission.WRITE_CONVENTIONS)
def letters(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Every registered letter of this convention."""
    known = reached(request, convention)
    signing_party(known)
    columns = [
        Column("Lettre"),
        Column("Destinataire"),
        Column("Envoyée"),
        Column("Présentée"),
        Column("Reçue"),
    ]
    rows = [
        Row(
            (
                capfirst(RecordedKind(one.event.kind).label),
                one.addressee,
                short_date(one.delivery.sent_on),
                _day(one.delivery.presented_on),
                _day(one.delivery.received_on),
            ),
            url=reverse("conventions:letter", args=[convention, one.delivery.pk]),
        )
        for one in _sent(known)
    ]
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "table": Table("lettres", "Lettres recommandées", headings(columns, query={}, sort=""), rows),
    }
    return render(request, "conventions/writing/letters.html", context)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def letter(request: MemberRequest, convention: UUID, delivery: UUID) -> HttpResponse:
    """One letter: its days, noted or put right."""
    known = reached(request, convention)
    signing_party(known)
    found = next((one for one in _sent(known) if one.delivery.pk == delivery), None)
    if found is None:
        raise Http404
    row = found.delivery
    given: dict[str, Any] = {"presented_on": row.presented_on, "received_on": row.received_on}
    form = DeliveryForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        try:
            recorded = record_delivery(
                convention=known.row,
                event=found.event.pk,
                addressee=row.addressee_key,
                by=acting_member(request),
                at=request.instant,
                **form.cleaned_data,
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Dates de la lettre enregistrées.")
            for flag in flags(recorded):
                messages.warning(request, flag)
            return redirect("conventions:letters", convention)
    context = {
        "convention": known.row,
        "form": form,
        "title": f"{capfirst(RecordedKind(found.event.kind).label)} : lettre à {found.addressee}",
        "lead": f"Envoyée le {long_date(row.sent_on)}.",
        "pdf": reverse("conventions:letter_pdf", args=[convention, delivery]),
        "breadcrumb": [
            *breadcrumb(known), ("Lettres recommandées", reverse("conventions:letters", args=[convention])),
        ],
    }  # fmt: skip
    return render(request, "conventions/writing/letter.html", context)


def _day(day: Any) -> str:
    return short_date(day) if day else "pas encore notée"
