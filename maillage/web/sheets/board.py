"""The action sheets of a convention on one page: by axis, or by what is awaited, what is late first."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.terms.steering import Axis
from maillage.organisations.roles import Permission
from maillage.steering.sheets.queries import Awaited, Sheet, sheets
from maillage.steering.sheets.rules import LEAD, Kind, Standing, Step
from maillage.web.conventions.reading.tables import card_table
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import due_cell, state_cell
from maillage.web.presentation.components import due_badge
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Table
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset
from maillage.web.rules import page
from maillage.web.sheets.opening import names_of, reached_axes

_BY_AXIS: Final = ("Fiche", "Action", "Pilotes", "Prochaine échéance", "Ce qui est noté")
_BY_DATE: Final = ("Quoi", "Attendu pour", "Fiche", "Nature")


@page(permission=Permission.READ_CONVENTIONS)
def board(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Every sheet of the text and what is awaited of it."""
    known, on = reached_axes(request, convention)
    found = sheets(known, on)
    awaited = sorted((one for sheet in found for one in sheet.awaited(on)), key=lambda one: one.day or on)
    late = [one for one in awaited if one.standing is Standing.LATE]
    view = request.GET.get("vue", "")
    shown = {"dates": awaited, "retard": late}.get(view)
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "lead": _lead(found, late),
        "here": reverse("sheets:board", args=[known.id]),
        "views": [
            ("Par axe", len(found), "", shown is None),
            ("Par date", len(awaited), "?vue=dates", view == "dates"),
            ("En retard", len(late), "?vue=retard", view == "retard"),
        ],
        "axes": [] if shown is not None else _axes(known, found, on),
        "table": None if shown is None else _by_date(known, shown, on),
    }
    return render(request, "sheets/board.html", context)


def _lead(found: Sequence[Sheet], late: Sequence[Awaited]) -> str:
    said = f"{counted(len(found), 'fiche action', 'fiches actions')} dans le texte"
    return typeset(
        f"{said}, {counted(len(late), 'échéance')} en retard." if late else f"{said}, rien en retard."
    )


def _axes(known: LoadedConvention, found: Sequence[Sheet], on: date) -> list[tuple[str, Table]]:
    axes: dict[str, tuple[Axis, list[Sheet]]] = {}
    for sheet in found:
        axes.setdefault(sheet.axis.key, (sheet.axis, []))[1].append(sheet)
    return [
        (typeset(f"Axe {axis.number} : {axis.label}"), _axis_table(known, axis, own, on))
        for axis, own in axes.values()
    ]


def _axis_table(known: LoadedConvention, axis: Axis, own: Sequence[Sheet], on: date) -> Table:
    rows = [(_link(known, one), _action(one), _leads(known, one), _next(one, on), _noted(one)) for one in own]
    return card_table(f"axe-{axis.number}", counted(len(rows), "fiche"), _BY_AXIS, rows)


def _link(known: LoadedConvention, sheet: Sheet) -> SafeString:
    url = reverse("sheets:sheet", args=[known.id, sheet.clause.key])
    return format_html('<a href="{}">Fiche {}</a>', url, sheet.clause.number)


def _action(sheet: Sheet) -> SafeString:
    if not sheet.title:
        return format_html("{}", typeset(sheet.clause.description))
    return format_html(
        '{}<span class="d-block small soft">{}</span>',
        typeset(sheet.title),
        typeset(sheet.clause.description),
    )


def _leads(known: LoadedConvention, sheet: Sheet) -> str:
    detail = sheet.presentation.said.detail if sheet.presentation else {}
    names = names_of(known)
    found = [f"{names[key]} : {detail[LEAD + key]}" for key in names if detail.get(LEAD + key)]
    return typeset(" ; ".join(found)) or "À désigner"


def _next(sheet: Sheet, on: date) -> str:
    awaited = sheet.awaited(on)
    if not awaited or awaited[0].day is None:
        return "–"
    return due_cell(due_badge(awaited[0].day, on))


def _noted(sheet: Sheet) -> str:
    milestones = sheet.of(Kind.MILESTONE)
    done = sum(one.newest.said.step is Step.DONE for one in milestones)
    risks = sum(one.newest.said.step is Step.OPEN for one in sheet.of(Kind.RISK))
    parts = [
        f"{counted(len(milestones), 'jalon')}, {counted(done, 'fait')}" if milestones else "",
        counted(len(sheet.of(Kind.EXCHANGE)), "échange") if sheet.of(Kind.EXCHANGE) else "",
        f"{counted(risks, 'risque')} à surveiller" if risks else "",
        counted(len(sheet.of(Kind.STUDY)), "étude") if sheet.of(Kind.STUDY) else "",
    ]
    return " ; ".join(part for part in parts if part) or "Rien encore"


def _by_date(known: LoadedConvention, awaited: Sequence[Awaited], on: date) -> Table:
    rows = [
        (
            typeset(one.item.newest.said.text),
            due_cell(due_badge(one.day, on)) if one.day else "–",
            _link(known, one.sheet),
            state_cell(capfirst(one.item.newest.kind.label), Tone.NEUTRAL),
        )
        for one in awaited
    ]
    return card_table("echeances", counted(len(rows), "échéance"), _BY_DATE, rows)
