"""What becomes of the data of conventions that ended: the calendar, one convention's parties, a day set, a certificate countersigned."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of
from maillage.core.calendar import DAY
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.protection.destruction import countersigning
from maillage.protection.destruction.models import Destruction
from maillage.protection.destruction.planning import TAKEN, set_day
from maillage.protection.destruction.policies import can_countersign, can_set
from maillage.protection.destruction.queries import (
    absent,
    held_back,
    of_convention,
    visible_to,
)
from maillage.protection.destruction.rules import fate
from maillage.protection.destruction.states import WORDS, State
from maillage.referrals.references import reference as case_reference
from maillage.web.conventions.reading.opening import opened
from maillage.web.conventions.writing.refusals import acted
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import due_cell, state_cell
from maillage.web.presentation.components import DueBadge, Fact, due_badge
from maillage.web.presentation.dates import long_date, long_instant
from maillage.web.presentation.days import DayField
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Column, Row, Table, headings, page_asked, pages
from maillage.web.presentation.tones import Tone
from maillage.web.protection.forms import words
from maillage.web.protection.serving import kept
from maillage.web.protection.tasks import why_destroyed
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page
from maillage.web.serving import download

SIZE = 50
_TONES = {
    State.KEPT: Tone.NEUTRAL,
    State.UNKNOWN: Tone.SOON,
    State.PLANNED: Tone.INFO,
    State.RUNNING: Tone.INFO,
    State.DONE: Tone.GOOD,
}
_COLUMNS = [Column("Convention"), Column("Organisme"), Column("Sort des données"), Column("Quand")]

_MINE = "Ce jour-là, votre organisme ne pourra plus rien lire de ce qu’il a sous cette convention. Rien ne le rendra."
_THEIRS = (
    "{name} n’a plus personne ici qui veille aux données : votre organisme fixe ce jour à sa place, et sa boîte en est prévenue."
    " Ce jour-là, plus rien de ce qu’il a sous cette convention ne se lit. Rien ne le rendra."
)
_NOT_SET = "Ce jour ne se fixe pas : la convention court encore, ces données sont conservées, ou leur destruction commence"


@dataclass(frozen=True, slots=True)
class PartyLine:
    """One party's data, as they are drawn."""

    name: str
    state: str
    tone: Tone
    badge: DueBadge | None
    facts: list[Fact]
    set_url: str = ""
    certificate_url: str = ""
    sign_url: str = ""
    done: int = 0
    total: int = 0


class DayForm(forms.Form):
    """The day on which one's own data are destroyed, and by what; `seen`: the setting that she read, of two the second is told."""

    use_required_attribute = False
    due_on = DayField(label="Jour de la destruction")
    reason = words(
        "D’après quoi",
        "Un écrit des parties, une durée de conservation, un recours en cours.",
        rows=2,
        longest=300,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


@page(permission=Permission.PROTECT_DATA)
def destructions(request: MemberRequest) -> HttpResponse:
    """The calendar of what goes and of what went, of the conventions of which one's organisation is a party."""
    member = acting_member(request)
    on = request.instant.astimezone(zone_of(member)).date()
    rows = visible_to(member)
    total, asked = rows.count(), page_asked(request.GET)
    first = (min(asked, max(1, -(-total // SIZE))) - 1) * SIZE
    lines = [
        Row(
            (
                one.convention.title,
                one.organisation.short_name,
                state_cell(WORDS[State(one.state)], _TONES[State(one.state)]),
                due_cell(due_badge(one.due_on, on))
                if one.due_on and one.state in (State.PLANNED, State.RUNNING)
                else long_instant(one.finished_at)
                if one.finished_at
                else "–",
            ),
            url=reverse("protection:destruction", args=[one.convention_id]),
        )
        for one in rows[first : first + SIZE]
    ]
    table = Table(
        name="destructions",
        caption="Données des conventions finies",
        headings=headings(_COLUMNS, query={}),
        rows=lines,
        pages=pages(page=asked, size=SIZE, total=total, query=request.GET.dict()) if total > SIZE else None,
        empty="Aucune convention de votre organisme n’est finie.",
    )
    return render(request, "protection/destructions.html", {"table": table})


@page(permission=Permission.PROTECT_DATA)
def destruction(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Each party's data under one convention: what becomes of them once it has ended, what its text says before."""
    member = acting_member(request)
    known, rows = _reached(request, convention)
    gone, held = absent(rows), held_back(convention, member)
    context = {
        "title": "Données au terme de la convention",
        "lead": known.row.title,
        "breadcrumb": _above(),
        "lines": [_line(one, known, member, request, is_absent=one.organisation_id in gone) for one in rows]
        or _said(known, request),
        "convention_url": reverse("conventions:convention", args=[convention]),
        "held": [case_reference(one.case_id) for one in held],
        "held_more": held.is_cut,
    }
    return render(request, "protection/destruction.html", context)


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"), fresh=True)
def destruction_day(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Set the day on which one's own data are destroyed."""
    known, rows = _reached(request, convention)
    return _day(request, known, _own(rows, acting_member(request)))


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"), fresh=True)
def destruction_day_for(request: MemberRequest, convention: UUID, party: str) -> HttpResponse:
    """Set it for a party that has nobody here any more."""
    known, rows = _reached(request, convention)
    return _day(request, known, _of_party(rows, known, party))


def _day(request: MemberRequest, known: LoadedConvention, row: Destruction | None) -> HttpResponse:
    member = acting_member(request)
    above = reverse("protection:destruction", args=[known.id])
    is_own = row is None or row.organisation_id == member.organisation
    context: dict[str, Any] = {
        "title": "Fixer le jour de la destruction",
        "lead": _MINE if is_own or row is None else _THEIRS.format(name=row.organisation.name),
        "button": "Fixer ce jour",
        "breadcrumb": [*_above(), (known.row.title, above)],
        "back": above,
    }
    if row is None or not can_set(member, row, is_absent=row.organisation_id in absent([row])):
        context["lead"] = _NOT_SET + ("." if is_own else ", ou cette partie a quelqu’un ici pour le fixer.")
        return render(request, "one_form.html", context)
    if row.earliest_on is not None:
        context["lead"] += (
            f" Au plus tôt le {long_date(row.earliest_on)}, à la fin du délai qui suit la convention."
        )
    form = DayForm(
        request.POST if request.method == "POST" else None, initial={"due_on": row.due_on, "seen": _seen(row)}
    )

    def act(values: dict[str, Any]) -> None:
        if values["seen"] != _seen(row):
            raise Refused(TAKEN)
        set_day(row=row, due_on=values["due_on"], reason=values["reason"], by=member, at=request.instant)

    if request.method == "POST" and acted(request, form, act, "Jour de la destruction fixé."):
        return redirect("protection:destruction", known.id)
    return render(request, "one_form.html", context | {"form": form})


@page(permission=Permission.PROTECT_DATA, methods=("POST",), fresh=True)
def destruction_sign(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Countersign the certificate of one's own data."""
    _, rows = _reached(request, convention)
    member = acting_member(request)
    row = _own(rows, member)
    if row is None or not can_countersign(member, row):
        messages.warning(request, "Aucun certificat n’attend l’accord de votre organisme.")
    else:
        try:
            countersigning.countersign(row=row, by=member, at=request.instant)
            messages.success(request, "Certificat contresigné.")
        except Refused as refused:
            messages.warning(request, refused.message)
    return redirect("protection:destruction", convention)


@page(permission=Permission.PROTECT_DATA)
def destruction_certificate(request: MemberRequest, convention: UUID, party: str) -> HttpResponse:
    """The certificate of a party's data, as a download."""
    known, rows = _reached(request, convention)
    member, row = acting_member(request), _of_party(rows, known, party)
    document = kept(member, row.certificate_id if row else None)
    if document is None:
        messages.warning(request, "Aucun certificat n’est établi pour cette partie.")
        return redirect("protection:destruction", convention)
    return download(document, by=member)


def _reached(request: MemberRequest, convention: UUID) -> tuple[LoadedConvention, list[Destruction]]:
    """A convention of which one's organisation is a party, and what becomes of each party's data. Raises Http404."""
    member = acting_member(request)
    known = opened(convention, member, verb="convention_read")
    if known.mine is None or not known.mine.signs:
        raise Http404
    return known, of_convention(convention, member)


def _seen(row: Destruction) -> str:
    return row.set_at.isoformat() if row.set_at else ""


def _own(rows: list[Destruction], member: Member) -> Destruction | None:
    return next((one for one in rows if one.organisation_id == member.organisation), None)


def _of_party(rows: list[Destruction], known: LoadedConvention, party: str) -> Destruction | None:
    found = known.party(party)
    return next(
        (one for one in rows if found is not None and one.organisation_id == found.organisation), None
    )


def _above() -> list[tuple[str, str]]:
    return [("Destructions", reverse("protection:destructions"))]


def _said(known: LoadedConvention, request: MemberRequest) -> list[PartyLine]:
    """What the text says becomes of each party's data, while the convention runs."""
    on = day_of(known.row, request.instant)
    text, ends = known.readable(on), known.row.ends_on
    drawn = []
    for party in known.signatories:
        found = fate(text, party.key, ended_on=(ends or on) + DAY, departement=known.departement)
        when = (
            f"Vers le {long_date(found.due_on)}, si la convention finit à son terme."
            if found.due_on and ends
            else ""
        )
        facts = [Fact("Pourquoi", found.why, found.what), *([Fact("Quand", when)] if when else [])]
        words = WORDS[found.state]
        state = f"Au terme : {words[0].lower()}{words[1:]}"
        drawn.append(PartyLine(party.name, state, Tone.NEUTRAL, None, facts))
    return drawn


def _line(
    one: Destruction, known: LoadedConvention, member: Member, request: MemberRequest, *, is_absent: bool
) -> PartyLine:
    state = State(one.state)
    on = day_of(one.convention, request.instant)
    facts = [Fact("Pourquoi", one.why)]
    if one.what:
        facts.append(Fact("Quoi", one.what))
    if one.reason:
        facts.append(Fact("Jour fixé par l’organisme", one.reason))
    if one.finished_at:
        facts.append(Fact("Détruites le", long_instant(one.finished_at)))
        facts.append(
            Fact("Étendue", f"{counted(one.cases or 0, 'dossier')}, {counted(one.documents, 'document')}")
        )
    if one.countersigned_at:
        facts.append(Fact("Contresigné le", long_instant(one.countersigned_at)))
    elif one.certificate_id is not None:
        facts.append(Fact("Contreseing", f"Pas encore contresigné par {one.organisation.name}"))
    return PartyLine(
        name=one.organisation.name,
        state=WORDS[state],
        tone=_TONES[state],
        badge=due_badge(one.due_on, on, why_destroyed(one))
        if one.due_on and state is State.PLANNED
        else None,
        facts=facts,
        set_url=_set_url(one, known, member, is_absent=is_absent),
        certificate_url=_certificate_url(one, known),
        sign_url=reverse("protection:destruction_sign", args=[one.convention_id])
        if can_countersign(member, one)
        else "",
        done=one.emptied if state is State.RUNNING else 0,
        total=one.cases or 0 if state is State.RUNNING else 0,
    )


def _set_url(one: Destruction, known: LoadedConvention, member: Member, *, is_absent: bool) -> str:
    if not can_set(member, one, is_absent=is_absent):
        return ""
    if one.organisation_id == member.organisation:
        return reverse("protection:destruction_day", args=[one.convention_id])
    party = next((party for party in known.signatories if party.organisation == one.organisation_id), None)
    return reverse("protection:destruction_day_for", args=[one.convention_id, party.key]) if party else ""


def _certificate_url(one: Destruction, known: LoadedConvention) -> str:
    party = next((party for party in known.signatories if party.organisation == one.organisation_id), None)
    if one.certificate_id is None or party is None:
        return ""
    return reverse("protection:destruction_certificate", args=[one.convention_id, party.key])
