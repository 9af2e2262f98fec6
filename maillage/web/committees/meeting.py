"""One meeting on one page: its next step first, then agenda, presence, file, minutes, decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.terms.steering import Committee
from maillage.core.states import allowed
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.steering.committees.agenda import Point, agenda
from maillage.steering.committees.contents import DECISIONS, presence_words, quorum_words
from maillage.steering.committees.models import Decision, Meeting, Pack
from maillage.steering.committees.opening import clause_of
from maillage.steering.committees.policies import can_convene, can_finish, can_steer, can_validate
from maillage.steering.committees.queries import (
    MemberParty,
    Version,
    decisions_of,
    members_of,
    missing_parties,
    packs_of,
    versions,
)
from maillage.steering.committees.states import DECISION_TRANSITIONS, State
from maillage.web.committees.opening import above, reached_meeting
from maillage.web.committees.words import TONES, decision_state, meeting_day, meeting_words
from maillage.web.conventions.reading.tables import card_table
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Document, Fact
from maillage.web.presentation.dates import long_date, long_instant, short_date
from maillage.web.presentation.numbers import counted, file_size
from maillage.web.presentation.tables import Table
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

_OCCASIONS: Final = {
    "asked": "figé à la demande",
    "convened": "figé avec la convocation",
    "held": "figé à la tenue de la réunion",
}
_FOLLOW: Final = {
    "confirm": ("confirmation", "Confirmer"),
    "finish": ("faite", "Faite"),
    "drop": ("abandon", "Abandonner"),
}


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next, and the page or the button that does it."""

    text: str
    label: str = ""
    url: str = ""
    version: int = 0


@page(permission=Permission.READ_CONVENTIONS)
def meeting(request: MemberRequest, meeting: UUID) -> HttpResponse:
    """One meeting."""
    known, row = reached_meeting(request, meeting)
    member, on = acting_member(request), day_of(known.row, request.instant)
    clause = clause_of(known, row.committee_key, on)
    members, texts = members_of(known, row, on), versions(row)
    may, convenes = can_steer(member, known), can_convene(member, known, clause)
    points = agenda(known, row, member, on=on)
    coming = row.state in (State.PLANNED, State.CONVENED)
    context = {
        "row": row,
        "breadcrumb": above(known),
        "title": typeset(f"{row.name}, bilan final" if row.kind == "final" else row.name),
        "state": meeting_words(row),
        "tone": TONES[State(row.state)],
        "next": _next(known, row, member, texts, convenes=convenes, started=_started(row, request)),
        "facts": _facts(known, row),
        "without_quorum": bool(missing_parties(row)),
        "quorum": typeset(f"Quorum réuni : {quorum_words(row, _short(known))}."),
        "members": _members(members, clause),
        "points": points,
        "frozen": bool(row.agenda),
        "may": may,
        "convenes": convenes and coming,
        "adds": may and coming,
        "own_items": _own_items(row, member) if may and coming else [],
        "packs": _packs(known, packs_of(row)),
        "texts": [_version(known, row, one, points) for one in texts],
        "writes": may and row.state in (State.HELD, State.CLOSED),
        "decisions": _decisions(known, member, decisions_of(row), may=may),
        "printed": row.state in (State.CONVENED, State.HELD, State.CLOSED),
    }
    return render(request, "committees/meeting.html", context)


def _started(row: Meeting, request: MemberRequest) -> bool:
    return row.starts_at is not None and row.starts_at <= request.instant


def _short(known: LoadedConvention) -> dict[str, str]:
    return {party.key: party.short_name for party in known.signatories}


def _next(
    known: LoadedConvention, row: Meeting, member: Member, texts: Sequence[Version], *, convenes: bool, started: bool
) -> Next:  # fmt: skip
    may = can_steer(member, known)
    if row.state == State.PLANNED:
        url = reverse("committees:convene", args=[row.pk]) if convenes else ""
        return Next("La réunion est à convoquer : son heure, son lieu.", "Convoquer", url)
    if row.state == State.CONVENED and not started:
        url = reverse("committees:item", args=[row.pk]) if may else ""
        return Next(
            "Les membres sont convoqués. L’ordre du jour vit jusqu’à la réunion.", "Ajouter un point", url
        )
    if row.state == State.CONVENED:
        url = reverse("committees:hold", args=[row.pk]) if may else ""
        return Next(
            "L’heure est passée : notez que la réunion s’est tenue, et qui y était.", "Noter la réunion", url
        )
    if row.state == State.HELD:
        return _to_validate(known, row, member, texts)
    if row.state == State.CLOSED:
        return Next("Toutes les parties ont validé le compte rendu. Les décisions se suivent ci-dessous.")
    return Next("Cette réunion est annulée.")


def _to_validate(known: LoadedConvention, row: Meeting, member: Member, texts: Sequence[Version]) -> Next:
    if not texts:
        url = reverse("committees:minutes", args=[row.pk]) if can_steer(member, known) else ""
        return Next("Le compte rendu est à écrire.", "Écrire le compte rendu", url)
    body, newest = _short(known), texts[0]
    waited = [body.get(key, key) for key in row.members if key not in newest.validated_by]
    said = f"La version {newest.minutes.number} du compte rendu attend : {', '.join(waited)}."
    mine = known.mine.key if known.mine else ""
    if can_validate(member, known, row) and mine not in newest.validated_by:
        url = reverse("committees:validate", args=[row.pk])
        return Next(said, "Valider pour votre organisme", url, newest.minutes.number)
    return Next(said)


def _facts(known: LoadedConvention, row: Meeting) -> list[Fact]:
    body = _short(known)
    found = [Fact("Jour", meeting_day(known, row))]
    found += [
        Fact(label, said)
        for label, said in (("Lieu", row.place), ("À distance", row.link), ("Tenue au sein de", row.inside))
        if said
    ]
    found.append(Fact("Quorum", ", ".join(body.get(key, key) for key in row.needed), "Parties à représenter"))
    if row.held_at:
        found.append(Fact("Présence", presence_words(row, body)))
        found.append(Fact("Quorum réuni", quorum_words(row, body)))
    if row.reason:
        found.append(Fact("Raison de l’annulation", row.reason))
    return found


def _members(members: Sequence[MemberParty], clause: Committee | None) -> list[Fact]:
    found = [
        Fact(one.name, ", ".join(row.function for row in one.referents) or "aucun référent en fonction")
        for one in members
    ]
    if clause is not None and clause.composition:
        found.append(Fact("Selon le texte", ", ".join(clause.composition)))
    return found


def _own_items(row: Meeting, member: Member) -> list[tuple[str, str]]:
    rows = row.items.filter(recorded_for=member.organisation, withdrawn_at=None).order_by("recorded_at", "id")
    return [(one.text, reverse("committees:remark_withdraw", args=[one.pk])) for one in rows]


def _packs(known: LoadedConvention, rows: Sequence[Pack]) -> list[Document]:
    """Each frozen file, its PDF then its workbook, with what identifies it."""
    found = []
    for row in rows:
        when = f"{_OCCASIONS[row.occasion]} le {long_instant(row.recorded_at, known.zone)}, {row.recorded_for.short_name}"
        for kind, label, document in (("pdf", "PDF", row.pdf), ("xlsx", "classeur Excel", row.workbook)):
            found.append(
                Document(
                    label=f"Dossier, version {row.number} ({label})",
                    url=reverse("committees:pack_file", args=[row.pk, kind]),
                    size=file_size(document.size),
                    when=typeset(when),
                    fingerprint=document.sha256,
                )
            )
    return found


def _version(known: LoadedConvention, row: Meeting, one: Version, points: Sequence[Point]) -> dict[str, Any]:
    """A version of the minutes: what it says point by point, who validated it."""
    body = _short(known)
    titles = [
        *((point.key, f"{number}. {point.title}") for number, point in enumerate(points, 1)),
        ("general", "En général"),
    ]
    written = f"{one.minutes.recorded_for.short_name}, le {long_instant(one.minutes.recorded_at, known.zone)}"
    return {
        "number": one.minutes.number,
        "written": typeset(f"Écrite par {written}"),
        "is_changed": one.is_changed,
        "validated": ", ".join(body.get(key, key) for key in one.validated_by),
        "waited": ", ".join(body.get(key, key) for key in row.members if key not in one.validated_by),
        "fingerprint": one.minutes.content_hash,
        "texts": [
            (typeset(title), one.minutes.body[key]) for key, title in titles if one.minutes.body.get(key)
        ],
    }


def _decisions(known: LoadedConvention, member: Member, rows: Sequence[Decision], *, may: bool) -> Table:
    """Each decision, what became of it, and what one may say of it."""
    body = _short(known)
    cells = [
        (
            format_html("{}{}", typeset(one.text), _links(known, member, one) if may else ""),
            body.get(one.owner_key, one.owner_key),
            short_date(one.due_on),
            _state(one),
        )
        for one in rows
    ]
    return card_table("decisions", counted(len(rows), "décision"), DECISIONS[:4], cells)


def _state(one: Decision) -> SafeString:
    more = one.note
    if one.confirmed_in is not None:
        more = f"confirmée le {long_date(one.confirmed_in.planned_on)} {more}".strip()
    return format_html("{} {}", decision_state(one), typeset(more))


def _links(known: LoadedConvention, member: Member, one: Decision) -> SafeString:
    verbs = [
        verb
        for verb in allowed(DECISION_TRANSITIONS, one.state)
        if verb != "finish" or can_finish(member, known, one)
    ]
    drawn = (
        (reverse("committees:decision", args=[one.pk, _FOLLOW[verb][0]]), _FOLLOW[verb][1], typeset(one.text))
        for verb in verbs
    )
    return format_html_join(
        "",
        '<span class="d-block py-1"><a href="{}">{}<span class="visually-hidden"> : {}</span></a></span>',
        drawn,
    )
