"""« Bilan » of a convention over a civil year: what its text asks and what Maillage counted, each with its rule."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import WRITABLE
from maillage.conventions.lifecycle.recording import day_of
from maillage.core.calendar import DAY
from maillage.core.spreadsheets.writing import csv_file, xlsx
from maillage.documents.rendering import render_pdf
from maillage.indicators.figures import Year
from maillage.indicators.queries import bilan as report_of
from maillage.indicators.queries import bilans
from maillage.indicators.report import COLUMNS, NOT_EXACT, Bilan, lines, sheet
from maillage.indicators.sheets.policies import can_answer
from maillage.indicators.sheets.queries import sheets_of
from maillage.indicators.sheets.states import WORDS, State
from maillage.indicators.trends import MOST_YEARS
from maillage.indicators.years import years_of
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.opening import opened
from maillage.web.conventions.reading.texts import breadcrumb
from maillage.web.indicators.answering import steps_for
from maillage.web.indicators.delays import delay_pictures
from maillage.web.indicators.pictures import pictures
from maillage.web.indicators.tables import block_tables
from maillage.web.indicators.trends import trend_pictures
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Writer = Callable[[Bilan], bytes]
_TYPES: dict[str, tuple[str, Writer]] = {
    "pdf": ("application/pdf", lambda found: render_pdf("sheet", sheet(found).as_data())),
    "xlsx": (_XLSX, lambda found: xlsx(f"Bilan {found.year.number}", COLUMNS, lines(found))),
    "csv": ("text/csv; charset=utf-8", lambda found: csv_file(COLUMNS, lines(found))),
}


@page(permission=Permission.READ_CONVENTIONS)
def newest(request: MemberRequest, convention: UUID) -> HttpResponse:
    """The last civil year that is over, or the one that runs where the convention is younger."""
    known = _counted(opened(convention, acting_member(request), verb="bilan_read"))
    on = day_of(known.row, request.instant)
    years = years_of(known, on)
    over = [year for year in years if year.until <= on]
    chosen = over[0] if over else years[0]
    return redirect("indicators:bilan", convention, chosen.number)


@page(permission=Permission.READ_CONVENTIONS)
def bilan(request: MemberRequest, convention: UUID, year: int) -> HttpResponse:
    """Every figure of the year, under the headings of the text."""
    known = _counted(opened(convention, acting_member(request), verb="bilan_read"))
    on, member = _day_in(request, known, year), acting_member(request)
    years = [one for one in years_of(known, on) if one.number <= year][:MOST_YEARS]
    sheets = sheets_of(known.id, years)
    filled, reports = sheets[Year(year)], bilans(known, years, on, sheets)
    found, before = reports[0], (reports[1] if len(reports) > 1 else None)
    answering = can_answer(member, known) and filled.state is State.FILLING
    context: dict[str, Any] = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "title": f"Bilan {year}",
        "period": found.period_words,
        "warning": "" if found.exact else NOT_EXACT,
        "state": WORDS[filled.state],
        "back_reason": filled.row.back_reason if filled.row else "",
        "steps": steps_for(member, known, Year(year), filled, is_over=found.is_over),
        "answers": [
            (
                typeset(block or "Indicateurs de la convention"),
                reverse("indicators:answers", args=[known.id, year, number]),
            )
            for number, (block, _) in enumerate(found.question_blocks(), 1)
        ]
        if answering
        else [],
        "bring": reverse("indicators:sheet_bring", args=[known.id, year]),
        "tables": block_tables(found, before),
        "years": [
            (
                str(one.number),
                reverse("indicators:bilan", args=[known.id, one.number]),
                one.number == year,
            )
            for one in years_of(known, on)
        ],
        "pictures": pictures(found),
        "delays": delay_pictures(reports, known.readable(min(on, found.year.until - DAY)).clocks),
        "trends": trend_pictures(reports),
        "since": reports[-1].year.number,
        "exports": [
            (kind.upper(), reverse("indicators:bilan_export", args=[known.id, year, kind])) for kind in _TYPES
        ],
    }
    return render(request, "indicators/bilan.html", context)


@page(permission=Permission.READ_CONVENTIONS)
def export(request: MemberRequest, convention: UUID, year: int, kind: str) -> HttpResponse:
    """The same figures as a file, in the same order: to print, or one a line."""
    if kind not in _TYPES:
        raise Http404
    known = _counted(opened(convention, acting_member(request), verb="bilan_exported"))
    content_type, write = _TYPES[kind]
    found = report_of(known, Year(year), _day_in(request, known, year))
    answer = HttpResponse(write(found), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="bilan-{year}.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _counted(known: LoadedConvention) -> LoadedConvention:
    """The convention, where one's organisation is a party and all have signed. Raises PermissionDenied."""
    if known.mine is None or not known.mine.signs:
        raise PermissionDenied("Le bilan est celui des parties ; votre organisme est seulement informé.")
    if known.row.state in WRITABLE:
        raise PermissionDenied("Cette convention n’est pas encore signée par toutes les parties.")
    return known


def _day_in(request: MemberRequest, known: LoadedConvention, year: int) -> date:
    """The day of the request, by the convention's clock. Raises Http404 for a year that is none of the convention's."""
    on = day_of(known.row, request.instant)
    if Year(year) not in years_of(known, on):
        raise Http404
    return on
