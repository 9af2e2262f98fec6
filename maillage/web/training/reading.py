"""Sessions to come and past, one session, the modules, and what the trainings of a convention come to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.text import capfirst

from maillage.conventions.lifecycle.queries import parties
from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.training import queries
from maillage.training.models import Module, Presence, Registration, Session, SignOff
from maillage.training.policies import can_keep, can_organise, can_register, can_run, can_withdraw, is_open
from maillage.training.rules import OUTCOMES, Count
from maillage.training.states import Place, State
from maillage.web.kept import attendees_kept
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import link_cell, state_cell
from maillage.web.presentation.components import Tile
from maillage.web.presentation.dates import long_instant, short_instant
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.tables import Column, Row, Table, headings
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page
from maillage.web.training import words

SHOWN: Final = 100
ABOVE = (("Formations", reverse_lazy("training:list")),)
"""The way back to the list."""
_YEARS: Final = range(2000, 2200)


def session_or_404(request: MemberRequest, session: UUID) -> Session:
    """A session that the member's organisation holds or may follow."""
    try:
        return queries.session_of(acting_member(request), session)
    except Session.DoesNotExist as unknown:
        raise Http404 from unknown


@page(permission=Permission.READ_CONVENTIONS)
def sessions(request: MemberRequest) -> HttpResponse:
    """The sessions to come, then those that are over."""
    member, at = acting_member(request), request.instant
    coming = queries.coming(member, at=at, limit=SHOWN)
    past = queries.past(member, at=at, limit=SHOWN)
    own = queries.own_counts(member, [*coming, *past])
    context = {
        "coming": _table("a-venir", coming, own, member, at),
        "past": _table("passees", past, own, member, at),
        "can_organise": can_organise(member),
    }
    return render(request, "training/list.html", context)


def _table(
    name: str, rows: Sequence[Session], own: dict[UUID, dict[str, int]], member: Member, at: datetime
) -> Table:
    labels = ("Séance", "Quand", "Où", "Pour", "Organisée par", "Places", "De votre organisme", "État")
    drawn = [
        Row(
            (
                words.titled(one),
                short_instant(one.starts_at, queries.zone_of(one)),
                words.where(one),
                words.for_whom(one),
                one.organiser.short_name,
                _room(one, member),
                _own(one, own.get(one.id, {}), at),
                state_cell(words.state_words(one, at), words.tone_of(one, at)),
            ),
            url=reverse("training:session", args=[one.id]),
        )
        for one in rows
    ]
    columns = headings([Column(label) for label in labels], query={})
    return Table(name, counted(len(drawn), "séance"), columns, drawn, empty="Aucune séance.")


def _room(session: Session, member: Member) -> str:
    """How full it is, for the organiser; for a partner how many places are left, while some may be asked for."""
    if session.organiser_id == member.organisation:
        return words.fill(session)
    return words.places_left(session) if session.state == State.PLANNED else ""


def _own(session: Session, found: dict[str, int], at: datetime) -> str:
    said = words.own_words(found)
    if not is_open(session, at):
        return said
    link = link_cell("S’inscrire", reverse("training:register", args=[session.id]))
    return format_html("{} · {}", said, link) if found else link


@page(permission=Permission.READ_CONVENTIONS)
def session(request: MemberRequest, session: UUID) -> HttpResponse:
    """One session: when, where, who has a place, who came."""
    member, at, row = acting_member(request), request.instant, session_or_404(request, session)
    runs, over = can_run(member, row), row.ends_at <= at
    signed = queries.sign_offs(row)
    places = queries.places(member, row)
    context: dict[str, Any] = {
        "session": row,
        "title": words.titled(row),
        "state_label": words.state_words(row, at),
        "tone": words.tone_of(row, at),
        "facts": words.facts(row, member),
        "breadcrumb": list(ABOVE),
        "places": _places(places, row, member, at) if places or row.state == State.PLANNED else None,
        "sheets": [_sheet(one, one is signed[-1], row, member) for one in reversed(signed)],
        "can_register": can_register(member) and is_open(row, at),
        "runs": runs,
        "can_change": runs and is_open(row, at),
        "can_cancel": runs and row.state == State.PLANNED,
        "can_sign": runs and over and row.state == State.PLANNED,
        "can_correct": runs and row.state == State.HELD,
        "certificates": row.state == State.HELD,
        "kept": attendees_kept(row.dedicated_to_id, member, at) if places or signed else "",
        "shows_link": bool(row.link) and row.state == State.PLANNED,
    }
    return render(request, "training/session.html", context)


def _places(rows: Sequence[Registration], row: Session, member: Member, at: datetime) -> Table:
    columns = [
        Column(label) for label in ("Personne", "Fonction", "Organisme", "État", "Rang", "Désinscrire")
    ]
    drawn = []
    for one in rows:
        gives_back = is_open(row, at) and can_withdraw(member, one)
        url = reverse("training:withdraw", args=[one.id])
        drawn.append(
            Row(
                (
                    one.attendee.name,
                    one.attendee.function,
                    one.partner.short_name,
                    state_cell(words.place_words(one.state), words.PLACE_TONES[Place(one.state)]),
                    _rank(one, rows, row, member),
                    link_cell("Désinscrire", url) if gives_back else "",
                )
            )
        )
    return Table(
        "inscriptions",
        counted(len(drawn), "inscription"),
        headings(columns, query={}),
        drawn,
        empty="Personne n’est encore inscrit." if row.organiser_id == member.organisation
        else "Personne de votre organisme n’est inscrit.",
    )  # fmt: skip


def _rank(one: Registration, rows: Sequence[Registration], row: Session, member: Member) -> str:
    """The organiser sees who is next; a partner, that it waits."""
    if one.state != Place.WAITING or row.organiser_id != member.organisation:
        return ""
    waiting = [each.id for each in rows if each.state == Place.WAITING]
    return f"{waiting.index(one.id) + 1} sur {len(waiting)}"


def _sheet(sign_off: SignOff, is_last: bool, row: Session, member: Member) -> dict[str, Any]:
    rows = queries.presences(member, sign_off)
    zone = queries.zone_of(row)
    return {
        "number": sign_off.number,
        "title": "Feuille signée" if sign_off.number == 1 else f"Correction n° {sign_off.number - 1}",
        "when": long_instant(sign_off.recorded_at, zone),
        "reason": sign_off.reason,
        "is_last": is_last,
        "publics": sign_off.publics,
        "document": bool(sign_off.document_id) and row.organiser_id == member.organisation,
        "table": _presences(rows, sign_off, is_last=is_last),
    }


def _presences(rows: Sequence[Presence], sign_off: SignOff, *, is_last: bool) -> Table:
    columns = [Column(label) for label in ("Personne", "Fonction", "Organisme", "Présence", "Attestation")]
    drawn = [
        Row(
            (
                one.attendee.name,
                one.attendee.function,
                one.partner.short_name,
                state_cell(capfirst(OUTCOMES[one.outcome].label), words.OUTCOME_TONES[OUTCOMES[one.outcome]]),
                link_cell("Attestation (PDF)", reverse("training:certificate", args=[one.id]))
                if is_last and one.outcome in queries.CAME
                else "",
            )
        )
        for one in rows
    ]
    name = f"presences-{sign_off.number}"
    return Table(
        name, counted(len(drawn), "ligne"), headings(columns, query={}), drawn,
        empty="Aucune ligne de votre organisme.",
    )  # fmt: skip


@page(permission=Permission.READ_CONVENTIONS)
def modules(request: MemberRequest) -> HttpResponse:
    """What one’s organisation and its partners teach."""
    member = acting_member(request)
    rows = list(queries.modules(member)[: 2 * SHOWN])
    context = {
        "table": _modules(rows, member),
        "can_organise": can_organise(member),
        "breadcrumb": list(ABOVE),
    }
    return render(request, "training/modules.html", context)


def _modules(rows: Sequence[Module], member: Member) -> Table:
    labels = ("Module", "Thème", "Ce qu’on y apprend", "Pour qui", "Préparé par", "En ligne", "État")
    drawn = [
        Row(
            (
                one.title,
                words.theme(one),
                one.teaches,
                words.audiences(one),
                one.organisation.short_name,
                link_cell("Suivre en ligne", one.e_learning) if one.e_learning else "",
                state_cell("Retiré") if one.withdrawn_at else state_cell("Proposé", Tone.GOOD),
            ),
            url=reverse("training:module_change", args=[one.id])
            if can_keep(member, one) and one.withdrawn_at is None
            else "",
        )
        for one in rows
    ]
    columns = headings([Column(label) for label in labels], query={})
    return Table("modules", counted(len(drawn), "module"), columns, drawn, empty="Aucun module.")


@page(permission=Permission.READ_CONVENTIONS)
def convention(request: MemberRequest, convention: UUID) -> HttpResponse:
    """What the trainings of a convention come to in a year, with the rule of counting."""
    member = acting_member(request)
    row = conventions_visible_to(member).filter(id=convention).first()
    bodies = parties([convention]).get(convention, ())
    if row is None or not any(one.signs and one.organisation == member.organisation for one in bodies):
        raise Http404
    year = _year(request)
    found = queries.counts(convention, date(year, 1, 1), date(year + 1, 1, 1))
    names = {one.organisation: one.name for one in bodies}
    context = {
        "title": f"Formations en {year}",
        "breadcrumb": [
            ("Conventions", reverse("conventions:list")),
            (row.title, reverse("conventions:convention", args=[convention])),
        ],
        "tiles": [
            _tile("Séances dédiées", found.dedicated),
            _tile("Tous partenaires", found.open_to_all),
            _tile("En tout", found.total),
            Tile(
                "Personnes du public",
                number(found.publics),
                "Aux séances dédiées, tel que noté après la séance.",
            ),
        ],
        "themes": _counts("themes", "Thème", [(capfirst(one.label), figure) for one, figure in found.themes]),
        "partners": _counts(
            "organismes",
            "Organisme",
            [(names.get(one, "Autre organisme"), figure) for one, figure in found.partners],
        ),
        "counting": typeset(found.counting),
        "before": f"?annee={year - 1}",
        "after": f"?annee={year + 1}",
    }
    return render(request, "training/convention.html", context)


def _year(request: MemberRequest) -> int:
    asked = request.GET.get("annee", "")
    found = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else 0
    return found if found in _YEARS else request.instant.year


def _tile(label: str, figure: Count) -> Tile:
    return Tile(
        label,
        number(figure.persons),
        f"Personnes, chacune une fois ; {counted(figure.attendances, 'participation')} à {counted(figure.sessions, 'séance')}.",
    )


def _counts(name: str, first: str, rows: Sequence[tuple[str, Count]]) -> Table:
    columns = [
        Column(first),
        Column("Personnes", is_number=True),
        Column("Participations", is_number=True),
        Column("Séances", is_number=True),
    ]
    drawn = [
        Row((label, number(one.persons), number(one.attendances), number(one.sessions)))
        for label, one in rows
    ]
    return Table(
        name, counted(len(drawn), "ligne"), headings(columns, query={}), drawn,
        empty="Personne n’a encore suivi de séance.", stacks=False,
    )  # fmt: skip
