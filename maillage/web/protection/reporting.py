"""The register of breaches, and the form by which anybody reports a suspicion."""

from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.core.french import typeset
from maillage.core.refusals import Refused
from maillage.protection.breaches.models import Breach
from maillage.protection.breaches.notifications import reference
from maillage.protection.breaches.queries import known_now, newest_extents, notices_of, visible_to
from maillage.protection.breaches.reporting import Reported, asked_of, report, reportable
from maillage.protection.breaches.states import WORDS, State
from maillage.protection.policies import can_follow
from maillage.web.conventions.writing.refusals import place
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.dates import short_instant
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Column, Row, Table, headings, page_asked, pages
from maillage.web.protection.filtering import StateFilter
from maillage.web.protection.forms import ReportForm
from maillage.web.protection.opening import above, to_breach
from maillage.web.protection.words import TONES, how_many, zone_of
from maillage.web.rules import acting_member, page

SIZE = 50
_JOINED: Final = "joined"
_STATES: Final = [*((str(key), said) for key, said in WORDS.items()), (_JOINED, "Jointe à une autre")]
_COLUMNS = [
    Column("Violation"),
    Column("Constatée le"),
    Column("Signalée par"),
    Column("Étendue"),
    Column("État"),
]


@page()
def breaches(request: MemberRequest) -> HttpResponse:
    """The register: those of one's organisation for whoever follows them, one's own reports for anybody else."""
    member = acting_member(request)
    form = StateFilter(request.GET, choices=_STATES)
    rows, asked = (
        _limited(visible_to(member).select_related("organisation"), form.state()),
        page_asked(request.GET),
    )
    total = rows.count()
    shown = pages(page=asked, size=SIZE, total=total, query=request.GET.dict()) if total > SIZE else None
    first = (min(asked, max(1, -(-total // SIZE))) - 1) * SIZE
    zone = zone_of(member)
    found = list(rows[first : first + SIZE])
    extents = newest_extents(found)
    lines = [
        Row(
            (
                reference(one.pk),
                short_instant(one.noticed_at, zone),
                one.organisation.short_name,
                how_many(known_now(one, extents)),
                state_cell("Jointe à une autre", TONES[State.CLOSED])
                if one.joined_to_id
                else state_cell(WORDS[State(one.state)], TONES[one.state]),
            ),
            url=reverse("protection:breach", args=[one.pk]),
        )
        for one in found
    ]
    table = Table(
        name="registre",
        caption=counted(total, "violation signalée", "violations signalées"),
        detail="la dernière signalée d’abord",
        headings=headings(_COLUMNS, query={}),
        rows=lines,
        pages=shown,
        empty="Aucune violation dans cet état." if form.state() else "Aucune violation signalée.",
    )
    follows, some = can_follow(member), total > 0 or form.is_set()
    return render(
        request, "protection/breaches.html", {"table": table, "follows": follows, "some": some, "form": form}
    )


def _limited(rows: QuerySet[Breach], state: str) -> QuerySet[Breach]:
    """Those in a state; one that was joined to another has no state of its own any more."""
    if state == _JOINED:
        return rows.exclude(joined_to=None)
    return rows.filter(state=state, joined_to=None) if state else rows


@page(methods=("GET", "POST"))
def new(request: MemberRequest) -> HttpResponse:
    """Report a suspicion: the file opens, and whom each convention names is told at once."""
    member = acting_member(request)
    known = reportable(member)
    local = request.instant.astimezone(zone_of(member))
    ticked = [str(known[0].id)] if len(known) == 1 else []
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        conventions=[(str(one.id), _offered(one, request)) for one in known],
        at=request.instant,
        zone=zone_of(member),
        initial={"noticed_on": local.date(), "noticed_hour": local.time().replace(second=0, microsecond=0), "conventions": ticked},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            row = report(breach_id=form.new_id(), said=_said(form, request), by=member, at=request.instant)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, f"Suspicion signalée. {_who_is_told(row)}")
            return to_breach(row)
    context = {
        "form": form,
        "title": "Signaler une violation de données",
        "lead": "Une fuite, une perte, un envoi à la mauvaise personne, un accès anormal : un doute suffit. Mieux vaut signaler trop que "
        "trop peu ; ce signalement ne met personne en cause. Les parties prévenues lisent ce que vous écrivez.",
        "button": "Signaler",
        "breadcrumb": above(),
        "back": reverse("protection:breaches"),
    }
    return render(request, "one_form.html", context)


def _who_is_told(row: Breach) -> str:
    """Who knows of a report that was just made: those of the conventions it touches, or her own organisation alone."""
    if any(one.told_at for one in notices_of([row.pk])):
        return "Les délégués à la protection des données concernés sont prévenus."
    return "Le délégué à la protection des données de votre organisme, ou votre administration, est prévenu."


def _said(form: ReportForm, request: MemberRequest) -> Reported:
    values: dict[str, Any] = form.cleaned_data
    return Reported(
        what=values["what"],
        noticed_at=form.instant(zone_of(acting_member(request)), "noticed"),
        natures=tuple(values["natures"]),
        data=tuple(values["kinds"]),
        conventions=form.chosen(),
        people=values["people"],
        records=values["records"],
        goes_on=form.goes_on_said(),
    )


def _offered(known: LoadedConvention, request: MemberRequest) -> str:
    """The convention, with the shortest delay that its text gives."""
    delays = [duty.within for duty in asked_of(known, request.instant) if duty.within is not None]
    said = f" (prévenir sous {min(delays, key=lambda one: one.hours or 24 * 365).label()})" if delays else ""
    return typeset(f"{known.row.title}{said}")
