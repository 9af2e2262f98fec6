"""Keeping provisions: a triangle drawn or corrected, what was paid in the end."""

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.spreadsheets.csv_text import lines_text
from maillage.core.spreadsheets.tables import Unreadable
from maillage.organisations.roles import Permission
from maillage.steering.provision.actions import GivenActual, GivenTriangle, draw_triangle, tell_actual
from maillage.steering.provision.queries import Provision
from maillage.steering.provision.queries import provision as find
from maillage.steering.provision.rules import Component, Triangle, summed
from maillage.steering.provision.table import ReadTriangle, read_triangle
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.uploads import rebind
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.numbers import number
from maillage.web.presentation.typography import typeset
from maillage.web.provision.forms import EACH, SUMMED, ActualForm, TriangleForm
from maillage.web.provision.reading import SLUGS, TITLE, WORDS, one_provision, title_of
from maillage.web.rules import acting_member, page
from maillage.web.sheets.opening import above, recorded_axes

_FIELDS: Final = {"cells": "lines"}


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def new(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Give the payments from which a provision is estimated, or those that take the place of known ones."""
    known, _ = recorded_axes(request, convention)
    former = _former(known, request.GET.get("exercice", ""), request.GET.get("composante", ""))
    given = {"token": uuid7(), "written": SUMMED, **(_known_before(former) if former else {})}
    data = request.POST if request.method == "POST" else None
    form = TriangleForm(data, request.FILES or None, initial=given)
    read = _read(form) if request.method == "POST" and form.is_valid() else None
    if read is not None:
        values = form.cleaned_data
        rows = summed(read.rows) if values["written"] == EACH else read.rows
        said = GivenTriangle(
            triangle_id=values["token"],
            component=Component.of(values["component"]),
            first=read.first,
            rows=rows,
            source=values["source"],
            reason=values["reason"],
            seen=values["shown"],
        )
        try:
            row = draw_triangle(
                convention=known.row, given=said, by=acting_member(request), at=request.instant
            )
        except Refused as refused:
            _place(form, refused)
        else:
            messages.success(request, "Tableau gardé : voici ce qu’il donne.")
            return redirect("provision:provision", known.id, row.year, WORDS[row.component])
    context = {
        "form": form,
        "title": "Corriger le tableau des paiements" if former else "Estimer une provision",
        "lead": "Ce qui a été payé, année de soins par année de soins, à chaque fin d’année.",
        "back": reverse("provision:board", args=[known.id]),
        "breadcrumb": above(known, (TITLE, "provision:board")),
    }
    return render(request, "provision/triangle.html", context)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def actual(request: MemberRequest, convention: UUID, year: int, slug: str) -> HttpResponse:
    """Say what was paid in the end."""
    known, on = recorded_axes(request, convention)
    found = one_provision(known, year, slug)
    initial = {"token": uuid7(), "known_on": on, "shown": found.actual.id if found.actual else None}
    form = ActualForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        said = GivenActual(
            actual_id=values["token"],
            cents=values["amount"],
            known_on=values["known_on"],
            source=values["source"],
            reason=values["reason"],
            seen=values["shown"],
        )
        try:
            tell_actual(
                convention=known.row,
                year=year,
                component=found.component,
                given=said,
                by=acting_member(request),
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Réalisé noté : l’écart à la provision est calculé.")
            return redirect("provision:provision", known.id, year, slug)
    back = reverse("provision:provision", args=[known.id, year, slug])
    context = {
        "form": form,
        "title": "Noter le réalisé",
        "lead": title_of(found),
        "back": back,
        "breadcrumb": [*above(known, (TITLE, "provision:board")), (title_of(found), back)],
    }
    return render(request, "one_form.html", context)


def _read(form: TriangleForm) -> ReadTriangle | None:
    """The triangle of a form, its text put back in the page; None where it does not read, which the form then says."""
    field = "file" if form.cleaned_data.get("file") else "lines"
    try:
        read = read_triangle(form.data_read())
    except Unreadable as unreadable:
        form.add_error(field, typeset(str(unreadable)))
        return None
    rebind(form, lines=read.text)
    for fault in read.faults:
        form.add_error("lines", typeset(fault))
    return None if read.faults else read


def _place(form: TriangleForm, refused: Refused) -> None:
    for fault in refused.faults:
        name = _FIELDS.get(fault.field or "", fault.field)
        form.add_error(name if name in form.fields else None, typeset(fault.message))


def _former(known: LoadedConvention, year: str, slug: str) -> Provision | None:
    if not (year.isascii() and year.isdigit() and len(year) == 4) or slug not in SLUGS:
        return None
    return find(known, int(year), SLUGS[slug])


def _known_before(former: Provision) -> dict[str, Any]:
    return {
        "component": former.component.value,
        "lines": triangle_text(former.newest.triangle),
        "source": former.newest.source,
        "shown": former.newest.id,
    }


def triangle_text(triangle: Triangle) -> str:
    """A triangle as the lines that a form takes."""
    size = len(triangle.rows)
    titles = ("Année", *(f"+{step}" for step in range(size)))
    lines = [titles] + [
        (
            str(triangle.first + place),
            *(number(Decimal(cell) / 100, 2) for cell in row),
            *("" for _ in range(size - len(row))),
        )
        for place, row in enumerate(triangle.rows)
    ]
    return lines_text(lines)
