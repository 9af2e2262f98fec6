"""What one's own journal told of a breach: each search in a few facts, then its cases, who read each and when, as a list and as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse

from maillage.audit.actions import record
from maillage.cases.models import Participation
from maillage.cases.queries import visible_to
from maillage.conventions.lifecycle.models import Convention
from maillage.core.spreadsheets.writing import xlsx
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.protection.authorisations.leaving import Parcel
from maillage.protection.breaches.models import Breach, BreachDecision, BreachReach
from maillage.protection.breaches.notifications import reference
from maillage.protection.breaches.queries import decisions_of
from maillage.protection.breaches.reaching import Reading, readings
from maillage.protection.breaches.states import State
from maillage.protection.retention.rules import DataClass, rule_for
from maillage.web.leaving import Button, export_form, refused_to_leave
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import short_instant
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.tables import Column, Row, Table, headings, page_asked, pages
from maillage.web.protection.opening import above, followed
from maillage.web.protection.words import names, zone_of
from maillage.web.rules import acting_member, page

SIZE: Final = 50
"""Cases on one page of the list; each is one line for each account that read it."""
PARCEL: Final = Parcel("dossiers touchés par une violation")
_LABELS: Final = ("Dossier", "Lu par", "Première lecture", "Dernière lecture", "Lectures")
_GONE: Final = "Les listes de dossiers et de comptes sont effacées."
_NOT_KEPT: Final = "non relevé : cherchez de nouveau"


@dataclass(frozen=True, slots=True)
class Search:
    """One search as the page of a breach draws it; `url`: its list, where it found cases that are still kept."""

    facts: Sequence[Fact]
    many: str
    url: str = ""


def searches(
    rows: Sequence[BreachReach], ended: datetime | None, member: Member, at: datetime
) -> list[Search]:
    """All the searches of a breach; two questions, however many there are."""
    gone = _erased(at, ended)
    if gone:
        return [Search([Fact("Étendue", _GONE)], "") for _ in rows]
    people = names(*(user for one in rows for user in (*one.readers, one.person)))
    wanted = {convention for one in rows for convention in one.conventions}
    titles = list(
        Convention.objects.filter(pk__in=wanted).order_by("sort_title", "id").values_list("pk", "title")
        if wanted
        else ()
    )
    return [
        Search(
            _facts(one, people, [title for pk, title in titles if pk in one.conventions], zone_of(member)),
            counted(len(one.cases), "dossier"),
            reverse("protection:readings", args=[one.breach_id, one.pk]) if one.cases else "",
        )
        for one in rows
    ]


def _facts(one: BreachReach, people: dict[UUID, str], titles: Sequence[str], zone: ZoneInfo) -> list[Fact]:
    partial = "" if one.is_whole else "Trop de lectures : resserrez la période pour être complet."
    return [
        _period(one, people, zone),
        Fact("Dossiers dont l’identité a été lue", counted(len(one.cases), "dossier"), partial),
        Fact("Par", ", ".join(sorted(people[user] for user in one.readers if user in people)) or "personne"),
        Fact(
            "Sous",
            counted(len(one.conventions), "convention"),
            " ; ".join(f"« {title} »" for title in titles),
        ),
    ]


def _period(one: BreachReach, people: dict[UUID, str], zone: ZoneInfo) -> Fact:
    window = f"du {short_instant(one.since, zone)} au {short_instant(one.before, zone)}"
    whose = (
        f"lectures de {people.get(one.person, 'ce compte')}" if one.person else "lectures de tous les comptes"
    )
    return Fact("Période", window, whose)


def ended_at(row: Breach, decisions: Sequence[BreachDecision]) -> datetime | None:
    """When the breach was closed, or ruled out: what was looked at is kept from then."""
    ruled_out = row.state == State.RULED_OUT
    decided = max((one.recorded_at for one in decisions), default=None) if ruled_out else None
    return row.ended_at or decided


def _erased(at: datetime, ended: datetime | None) -> bool:
    until = rule_for(DataClass.REACH).until(ended.date()) if ended else None
    return until is not None and until < at.date()


def _reached(request: MemberRequest, breach: UUID, breach_reach: UUID) -> tuple[Breach, BreachReach]:
    """A search of one's own organisation, for whoever follows breaches. Raises Http404, PermissionDenied."""
    row, member = followed(request, breach), acting_member(request)
    found = BreachReach.objects.filter(pk=breach_reach, breach=row, organisation=member.organisation).first()
    if found is None or _erased(request.instant, ended_at(row, decisions_of(row))):
        raise Http404
    return row, found


def _parts(one: BreachReach, member: Member) -> QuerySet[Participation]:
    return visible_to(member).filter(case__in=one.cases).order_by("reference", "id")


def _lines(
    one: BreachReach, parts: Iterable[Participation], people: dict[UUID, str], zone: ZoneInfo
) -> list[tuple[Participation, tuple[str, ...]]]:
    """One line for each account that read a case."""
    drawn: list[tuple[Participation, tuple[str, ...]]] = []
    for part in parts:
        drawn += [
            (part, (part.reference, *_said(read, people, zone))) for read in readings(one, part.case_id)
        ]
        if not one.readings:
            drawn.append((part, (part.reference, _NOT_KEPT, "", "", "")))
    return drawn


def _said(read: Reading, people: dict[UUID, str], zone: ZoneInfo) -> tuple[str, ...]:
    who = people.get(read.reader, "un compte effacé")
    return who, short_instant(read.first, zone), short_instant(read.last, zone), number(read.times)


@page(permission=Permission.PROTECT_DATA)
def listing(request: MemberRequest, breach: UUID, breach_reach: UUID) -> HttpResponse:
    """The cases of one search, fifty at a time, with who read each, first and last; each opens for whoever may read referrals."""
    row, one = _reached(request, breach, breach_reach)
    member, asked = acting_member(request), page_asked(request.GET)
    parts, zone = _parts(one, member), zone_of(member)
    total = parts.count()
    first = (min(asked, max(1, -(-total // SIZE))) - 1) * SIZE
    people = names(*one.readers, one.person)
    opens = member.may(Permission.READ_REFERRALS)
    table = Table(
        name="dossiers",
        caption=counted(total, "dossier"),
        headings=headings([*map(Column, _LABELS[:-1]), Column(_LABELS[-1], is_number=True)], query={}),
        rows=[
            Row(cells, url=resolve_url("referrals:case", part.case_id) if opens else "")
            for part, cells in _lines(one, parts[first : first + SIZE], people, zone)
        ],
        pages=pages(page=asked, size=SIZE, total=total, query=request.GET.dict()) if total > SIZE else None,
        empty="Aucun dossier.",
    )
    button = Button(
        "Télécharger toute la liste (XLSX)", reverse("protection:readings_file", args=[row.pk, one.pk])
    )
    context = {
        "table": table,
        "title": f"Dossiers lus, violation {reference(row.pk)}",
        "facts": [_period(one, people, zone)],
        "is_whole": one.is_whole,
        "leaving": export_form(request, PARCEL, [button]),
        "breadcrumb": above(row),
    }
    return render(request, "protection/readings.html", context)


@page(permission=Permission.PROTECT_DATA, fresh=True)
def file(request: MemberRequest, breach: UUID, breach_reach: UUID) -> HttpResponse:
    """The whole list as a workbook, same columns and order as on the page."""
    row, one = _reached(request, breach, breach_reach)
    if (refused := refused_to_leave(request, PARCEL)) is not None:
        return refused
    member = acting_member(request)
    lines = [cells for _, cells in _lines(one, _parts(one, member), names(*one.readers), zone_of(member))]
    record(
        verb="breach.readings", object_type="breach", object_ref=row.pk, by=member.user, organisation=member.organisation,
        reason=f"{len(lines)} lignes",
    )  # fmt: skip
    answer = HttpResponse(
        xlsx("Dossiers", _LABELS, lines),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer["Content-Disposition"] = f'attachment; filename="dossiers-{reference(row.pk)}.xlsx"'
    return answer
