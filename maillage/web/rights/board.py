"""« Suivi des dossiers » of a convention: what was sent and decided between two committees, and the random sample (S2 art. 4.1, 5)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.flows.rules import authorised
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.core.calendar import DAY, Period, subtract
from maillage.core.refusals import Refused
from maillage.core.spreadsheets.writing import csv_file, xlsx
from maillage.organisations.roles import Permission
from maillage.protection.authorisations.leaving import Parcel
from maillage.rights.board.actions import CAISSE_ONLY
from maillage.rights.board.actions import draw as draw_sample
from maillage.rights.board.policies import can_draw
from maillage.rights.board.queries import board as counted_board
from maillage.rights.board.queries import samples_of, side_of
from maillage.rights.sampled.rules import Between, Side, agreed_size, drawing_problem
from maillage.web.conventions.reading.opening import day_of, opened
from maillage.web.conventions.reading.texts import breadcrumb
from maillage.web.leaving import Button, export_form, refused_to_leave
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_date, short_date
from maillage.web.presentation.refusals import place
from maillage.web.presentation.typography import typeset
from maillage.web.rights import board_tables as tables
from maillage.web.rights.board_forms import DrawForm, PeriodForm
from maillage.web.rights.board_picture import DEFINITION, TITLE, delays_picture
from maillage.web.rights.board_sample import drawn_over, other_periods, overlapping, query_of, shown
from maillage.web.rules import acting_member, page

_LEADS = {
    Side.CAISSE: "Les dossiers de droits que votre organisme a reçus sous cette convention, d’un COPIL à l’autre.",
    Side.PARTNER: "Les dossiers de droits que votre organisme a envoyés sous cette convention, d’un COPIL à l’autre.",
}
_TYPES = {
    "csv": ("text/csv; charset=utf-8", csv_file),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda labels, rows: xlsx("Suivi des dossiers", labels, rows),
    ),
}


@page(permission=Permission.READ_CONVENTIONS)
def board(request: MemberRequest, convention: UUID) -> HttpResponse:
    """The figures of one's own organisation over a period, and the sample that was drawn over it."""
    known = opened(convention, acting_member(request), verb="board_read")
    return _show(request, known)


def _show(request: MemberRequest, known: LoadedConvention, refused: DrawForm | None = None) -> HttpResponse:
    member, on = acting_member(request), day_of(request, acting_member(request))
    side = side_of(member, known.id)
    form = _period(request.POST if refused is not None else request.GET, on)
    context: dict[str, Any] = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "lead": _LEADS[side] if side else "",
        "side": side,
        "form": form,
        "here": reverse("rights:board", args=[known.id]),
    }
    if side is not None and form.is_valid():
        between = form.between()
        context |= _figures(request, known, side, between) | _sample(request, known, side, between, refused)
    return render(request, "rights/board.html", context)


def _period(given: Any, on: date) -> PeriodForm:
    """The period of the address; without one, the year that ends with today."""
    usual = {"du": subtract(on + DAY, Period(months=12)), "au": on + DAY}
    return PeriodForm(given if "du" in given or "au" in given else usual)


def _figures(request: MemberRequest, known: LoadedConvention, side: Side, between: Between) -> dict[str, Any]:
    on = day_of(request, acting_member(request))
    found = counted_board(known, side, between)
    return {
        "picture": delays_picture(found, known.readable(on).clocks),
        "picture_title": TITLE,
        "picture_definition": DEFINITION,
        "period": f"Du {long_date(between.since)} inclus au {long_date(between.until)} exclu.",
        "tiles": tables.tiles(found),
        "tables": [
            tables.sent_table(found, side),
            tables.delays_table(found),
            tables.bands_table(found),
            tables.steps_table(found),
            tables.beside_table(found),
        ],
        "bounds": tables.bounds_words(),
        "leaving": export_form(
            request,
            _parcel(known, on),
            [Button(kind.upper(), reverse("rights:board_export", args=[known.id, kind])) for kind in _TYPES],
            {"du": short_date(between.since), "au": short_date(between.until)},
        ),
    }


def _sample(
    request: MemberRequest, known: LoadedConvention, side: Side, between: Between, refused: DrawForm | None
) -> dict[str, Any]:
    member, on = acting_member(request), day_of(request, acting_member(request))
    samples = samples_of(member, known.id)
    sample = drawn_over(samples, between)
    agreed = agreed_size(known.readable(on))
    may = can_draw(member, known, side) and not overlapping(samples, between)
    problem = drawing_problem(between, on=on)
    return {
        "sample": shown(sample, member, known.zone, again=request.GET.get("verifier") == "on")
        if sample
        else None,
        "again_url": query_of(between, verifier="on") + "#echantillon",
        "other_samples": other_periods(samples, between),
        "agreed": agreed,
        "problem": problem if may else "",
        "draw_form": (refused or DrawForm(agreed=agreed, initial={"du": between.since, "au": between.until}))
        if may and not problem
        else None,
    }


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def draw(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Draw the sample of the period shown: once and for all."""
    member = acting_member(request)
    known = opened(convention, member, verb="board_read")
    if not can_draw(member, known, side_of(member, known.id)):
        raise PermissionDenied(CAISSE_ONLY)
    agreed = agreed_size(known.readable(day_of(request, member)))
    form, period = DrawForm(request.POST, agreed=agreed), PeriodForm(request.POST)
    if not (form.is_valid() and period.is_valid()):
        return _show(request, known, form)
    between = period.between()
    try:
        draw_sample(known=known, between=between, size=form.wanted(), by=member, at=request.instant)
    except Refused as refused:
        if refused.field is None:
            messages.warning(
                request, typeset(refused.message)
            )  # the form may be gone, drawn by somebody else
        else:
            place(form, refused)
        return _show(request, known, form)
    messages.success(
        request, "Échantillon tiré. Il ne changera plus : les deux organismes partent des mêmes dossiers."
    )
    return redirect(f"{reverse('rights:board', args=[convention])}{query_of(between)}#echantillon")


def _parcel(known: LoadedConvention, on: date) -> Parcel:
    """What the figures are about: exact, and small enough to point at somebody."""
    flows = tuple(flow.key for flow in authorised(known.readable(on)) if flow.rights)
    return Parcel("suivi des dossiers", known.id, flows)


@page(permission=Permission.READ_CONVENTIONS)
def board_export(request: MemberRequest, convention: UUID, kind: str) -> HttpResponse:
    """The same figures as a file, one a line: counts and days, no reference and no name."""
    if kind not in _TYPES:
        raise Http404
    member = acting_member(request)
    known = opened(convention, member, verb="board_exported")
    side, form = side_of(member, known.id), _period(request.GET, day_of(request, member))
    if side is None or not form.is_valid():
        return redirect("rights:board", convention)
    if (refused := refused_to_leave(request, _parcel(known, day_of(request, member)))) is not None:
        return refused
    content_type, write = _TYPES[kind]
    rows = list(tables.lines(counted_board(known, side, form.between()), side))
    answer = HttpResponse(write(tables.EXPORTED, rows), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="suivi-des-dossiers.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
