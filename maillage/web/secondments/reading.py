"""Who is lent where, the agenda of a week, and a day on paper. Names stand there only for those who follow."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html, format_html_join

from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.core.calendar import DAY
from maillage.organisations.kinds import is_health_insurance
from maillage.organisations.roles import Permission
from maillage.referrals.references import reference
from maillage.secondments import queries
from maillage.secondments.agenda import Day, Line
from maillage.secondments.agenda import agenda as agenda_of
from maillage.secondments.models import Secondment
from maillage.secondments.policies import can_arrange, can_book, can_set_up
from maillage.secondments.queries import Known
from maillage.secondments.rules import FURTHEST, WORRIES, Slot
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import link_cell, state_cell
from maillage.web.presentation.components import Fact, Tile
from maillage.web.presentation.dates import between, short_date, weekday_date
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.tables import Column, Row, Table, headings
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import NBSP
from maillage.web.referrals.restricted import RESTRICTED
from maillage.web.rules import acting_member, page
from maillage.web.secondments.forms import code, day_asked
from maillage.web.secondments.words import (
    clock,
    hours,
    papers_words,
    place_of_hours,
    reasons_in_words,
    rhythm,
    secondment_facts,
    state_words,
    tone_of,
)

_WEEK = timedelta(days=6)
ABOVE = (("Agents délégués", reverse_lazy("secondments:list")),)
"""The way back to the list."""


def known_or_404(request: MemberRequest, secondment: UUID) -> Known:
    """A secondment of the member's organisation, on either side."""
    try:
        return queries.known(acting_member(request), secondment, at=request.instant)
    except Secondment.DoesNotExist as unknown:
        raise Http404 from unknown


@page(permission=Permission.READ_CONVENTIONS)
def secondments(request: MemberRequest) -> HttpResponse:
    """The agents lent or hosted, those of today first."""
    member = acting_member(request)
    rows = list(queries.visible_to(member).order_by("-since", "id")[:100])
    found = queries.described(rows, at=request.instant)
    lends = is_health_insurance(member.organisation_kind)
    context = {
        "table": _table(found, request),
        "can_set_up": lends and can_set_up(member),
        "lead": "Les agents de votre caisse qui reçoivent chez vos partenaires."
        if lends
        else "Les agents de la caisse qui reçoivent chez vous, sur rendez-vous.",
    }
    return render(request, "secondments/list.html", context)


def _table(found: Sequence[Known], request: MemberRequest) -> Table:
    columns = [Column(label) for label in ("Agent", "Caisse", "Chez", "Lieu", "Présence", "Aujourd’hui")]
    rows = [
        Row(
            (
                one.agent,
                one.row.caisse.short_name,
                one.row.host.short_name,
                one.row.place,
                between(one.row.since, one.row.until),
                _today(one, request),
            ),
            url=reverse("secondments:secondment", args=[one.row.id]),
        )
        for one in found
    ]
    return Table(
        "agents-delegues",
        counted(len(rows), "agent délégué", "agents délégués"),
        headings(columns, query={}),
        rows,
        empty="Aucun agent délégué.",
    )


def _today(found: Known, request: MemberRequest) -> str:
    day = request.instant.astimezone(found.zone).date()
    worry = found.setting.worry_on(day)
    if worry is not None:
        return state_cell(WORRIES[worry].partition(" :")[0], Tone.SOON)
    held = any(one.slots for one in found.setting.days(day, day))
    return state_cell("Reçoit", Tone.GOOD) if held else state_cell("Ne reçoit pas")


@page(permission=Permission.READ_CONVENTIONS)
def secondment(request: MemberRequest, secondment: UUID) -> HttpResponse:
    """One agent lent: under which article, when she receives, what is in the way, how many appointments."""
    member, found = acting_member(request), known_or_404(request, secondment)
    today = request.instant.astimezone(found.zone).date()
    title = conventions_visible_to(member).filter(id=found.row.convention_id).values_list("title", flat=True)
    counted_states = queries.counts(secondment)
    context = {
        "found": found,
        "title": _titled(found),
        "breadcrumb": list(ABOVE),
        "facts": secondment_facts(found, next(iter(title), "")),
        "permanences": _permanences(found, today, arranges=can_arrange(member, found.row)),
        "zone": place_of_hours(found),
        "alarm": _alarm(found, today),
        "in_the_way": _in_the_way(found, today),
        "tiles": [
            Tile(state_words(state), number(count), "Depuis le début de la présence.")
            for state, count in counted_states.items()
        ],
        "arranges": can_arrange(member, found.row),
        "books": can_book(member, found.row),
        "reads": member.may(Permission.READ_REFERRALS),
    }
    return render(request, "secondments/secondment.html", context)


def _titled(found: Known) -> str:
    return f"{found.agent} chez {found.row.host.short_name}"


def _permanences(found: Known, today: date, *, arranges: bool) -> Table:
    columns = [Column(label) for label in ("Permanence", "Rendez-vous", "Jours")]
    if arranges:
        columns.append(Column("Fin"))
    rows = []
    for one in found.permanences:
        cells = [rhythm(one), f"{one.minutes} minutes", between(one.since, one.until)]
        if arranges:
            goes_on = one.until is None or one.until >= today
            url = reverse("secondments:permanence_end", args=[one.id])
            cells.append(link_cell("Dire le dernier jour", url) if goes_on else "Terminée")
        rows.append(Row(tuple(cells)))
    return Table(
        "permanences", counted(len(rows), "permanence"), headings(columns, query={}), rows,
        empty="Aucune permanence : rien ne peut être réservé.",
    )  # fmt: skip


def _alarm(found: Known, today: date) -> str:
    """What keeps the whole secondment from going on."""
    gone = found.setting.presence.gone_from
    if gone is None or (found.row.until is not None and found.row.until < gone):
        return ""
    if gone <= today:
        return f"{found.agent} n’est plus à {found.row.caisse.name} : les rendez-vous à venir sont à confier à un autre agent."
    return f"{found.agent} quitte {found.row.caisse.name} : dernier jour le {short_date(gone - DAY)}. Prévoyez un autre agent."


def _in_the_way(found: Known, today: date) -> list[tuple[str, str]]:
    """The coming days on which a permanence falls and is not held, and why; ten at most."""
    ahead = found.setting.days(today, today + FURTHEST)
    return [(weekday_date(one.day), WORRIES[one.worry]) for one in ahead if one.worry is not None][:10]


@page(permission=Permission.READ_REFERRALS)
def agenda(request: MemberRequest, secondment: UUID) -> HttpResponse:
    """A week: appointments, free slots, what is in the way. The person's name opens to those who follow."""
    member, found = acting_member(request), known_or_404(request, secondment)
    local = request.instant.astimezone(found.zone)
    asked = day_asked(request.GET.get("semaine", ""), local)
    first = asked - asked.weekday() * DAY
    reasons = reasons_in_words(member, found, at=request.instant)
    days = agenda_of(member, found, first, first + _WEEK, at=request.instant)
    books = can_book(member, found.row)
    context = {
        "found": found,
        "title": f"Agenda de {found.agent}",
        "breadcrumb": [*ABOVE, (_titled(found), reverse("secondments:secondment", args=[secondment]))],
        "is_current": first <= local.date() <= first + _WEEK,
        "zone": place_of_hours(found),
        "week": f"Semaine du {short_date(first)}",
        "days": [_shown(one, found, reasons, books=books, today=local.date()) for one in days],
        "before": f"?semaine={first - 7 * DAY}",
        "after": f"?semaine={first + 7 * DAY}",
        "books": books,
    }
    return render(request, "secondments/agenda.html", context)


def _shown(one: Day, found: Known, reasons: dict[str, str], *, books: bool, today: date) -> dict[str, Any]:
    url = reverse("secondments:book", args=[found.row.id])
    return {
        "heading": weekday_date(one.held.day).replace(NBSP, " "),  # a heading may need a second line
        "is_full": one.held.day >= today and one.held.worry is None and not one.free,
        "day": str(one.held.day),
        "worry": WORRIES[one.held.worry] if one.held.worry is not None else "",
        "table": _lines(one, found, reasons) if one.lines else None,
        "free": [
            (clock(slot.starts_at.astimezone(found.zone)), f"{url}?creneau={code(slot)}") for slot in one.free
        ],
        "links": books,
    }


def _lines(one: Day, found: Known, reasons: dict[str, str]) -> Table:
    columns = [Column(label) for label in ("Heure", "Personne", "Référence", "Motif", "À apporter", "État")]
    rows = [
        Row(
            (
                hours(Slot(line.appointment.starts_at, line.appointment.ends_at), found.zone),
                named(line),
                format_html('<span class="text-nowrap">{}</span>', reference(line.appointment.case_id)),
                reasons.get(line.appointment.service, line.appointment.service),
                papers_words(line.appointment.papers) if line.is_open else "–",
                _state(line),
            ),
            url=reverse("secondments:appointment", args=[line.appointment.case_id]),
        )
        for line in one.lines
    ]
    return Table(
        f"jour-{one.held.day}",
        counted(len(rows), "rendez-vous", "rendez-vous"),
        headings(columns, query={}),
        rows,
    )


def named(line: Line) -> str:
    """Whom it is about, for those who follow."""
    if not line.is_open:
        return "Dossier que vous ne suivez pas"
    return line.identity.full_name if line.identity else "Données détruites"


def _said(line: Line) -> str:
    """Its state on paper."""
    return f"{state_words(line.appointment.state)}{f' ; {RESTRICTED.lower()}' if line.is_restricted else ''}"


def _state(line: Line) -> str:
    state = state_cell(state_words(line.appointment.state), tone_of(line.appointment.state))
    more = [state_cell(WORRIES[line.worry], Tone.LATE)] if line.worry is not None else []
    more += [state_cell(RESTRICTED, Tone.SOON)] if line.is_restricted else []
    return format_html_join(" ", "{}", ((one,) for one in (state, *more)))


@page(permission=Permission.READ_REFERRALS)
def day(request: MemberRequest, secondment: UUID) -> HttpResponse:
    """A day on paper: names only for whoever follows."""
    member, found = acting_member(request), known_or_404(request, secondment)
    asked = day_asked(request.GET.get("jour", ""), request.instant.astimezone(found.zone))
    reasons = reasons_in_words(member, found, at=request.instant)
    shown = next(iter(agenda_of(member, found, asked, asked, at=request.instant)), None)
    lines = [
        (
            hours(Slot(line.appointment.starts_at, line.appointment.ends_at), found.zone),
            [
                Fact("Personne", named(line)),
                Fact("Référence", reference(line.appointment.case_id)),
                Fact("Motif", reasons.get(line.appointment.service, line.appointment.service)),
                Fact("À apporter", papers_words(line.appointment.papers) if line.is_open else "–"),
                Fact("État", _said(line)),
            ],
        )
        for line in (shown.lines if shown else ())
    ]
    context = {
        "found": found,
        "heading": weekday_date(asked).replace(NBSP, " "),
        "worry": WORRIES[shown.held.worry] if shown and shown.held.worry is not None else "",
        "lines": lines,
        "zone": place_of_hours(found),
    }
    return render(request, "secondments/day.html", context)
