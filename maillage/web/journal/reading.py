"""The journal of one's own organisation, on a page and as a file: what the file holds is what the page shows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.audit.actions import record
from maillage.audit.queries import Place, Wanted, first_entries, journal_page
from maillage.cases.vigilance import threshold_of, to_look_at
from maillage.core.clock import after_microseconds, microseconds
from maillage.organisations.member import Member
from maillage.organisations.models import Membership
from maillage.organisations.roles import Permission
from maillage.protection.authorisations.leaving import Parcel
from maillage.web.journal.exporting import MOST, WRITERS, answer
from maillage.web.journal.forms import JournalFilters
from maillage.web.journal.lines import COLUMNS, lines
from maillage.web.leaving import Button, ExportForm, export_form, refused_to_leave
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import link_cell
from maillage.web.presentation.dates import short_date
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.tables import Pages, Row, Table, headings, query_with
from maillage.web.rules import acting_member, page

PARCEL = Parcel("journal")
_KEPT = ("du", "au", "personne", "action", "objet", "lectures")
_ALERTS_SHOWN = 20


@page(permission=Permission.READ_JOURNAL)
def journal(request: MemberRequest) -> HttpResponse:
    """Fifty entries a page, the latest first. Reading the journal is itself an entry of it."""
    member = acting_member(request)
    form, wanted = _asked(request, member)
    shown = journal_page(member.organisation, wanted, _place(request))
    drawn = lines(shown.entries, member, linked=True)
    _journal("journal_read", wanted, member)
    query = _query(request)
    pages = Pages(
        links=(),
        previous_url=query_with({**query, "page": _written(shown.before)}) if shown.before else "",
        next_url=query_with({**query, "page": _written(shown.after)}) if shown.after else "",
        shown=f"{counted(len(drawn), 'entrée')} sur cette page",
    )
    rows = [
        Row(
            (
                *line.cells[:3],
                link_cell(line.cells[3], line.url) if line.url else line.cells[3],
                *line.cells[4:],
            )
        )
        for line in drawn
    ]
    table = Table(
        name="journal",
        caption="Journal",
        headings=headings(COLUMNS, query=query),
        rows=rows,
        pages=pages if shown.before or shown.after else None,
        detail="les plus récentes d’abord",
        empty="Rien dans le journal pour ces filtres.",
    )
    alerts = to_look_at(member, limit=_ALERTS_SHOWN)
    context = {
        "form": form,
        "table": table,
        "period": _days(wanted),
        "leaving": _leaving(request, query),
        "most": number(MOST),
        "alerts": counted(len(alerts), "signalement") if alerts else "",
        "threshold": threshold_of(member),
        "manages": member.may(Permission.MANAGE_ORGANISATION),
        "is_filtered": any(query.get(name) for name in _KEPT),
    }
    return render(request, "journal/journal.html", context)


def _leaving(request: MemberRequest, query: dict[str, str | Sequence[str]]) -> ExportForm:
    """What the page shows, as a file: for whom?"""
    buttons = [
        Button(f"Exporter en {kind.upper()}", reverse("journal:export", args=[kind])) for kind in WRITERS
    ]
    return export_form(request, PARCEL, buttons, query)


@page(permission=Permission.READ_JOURNAL, fresh=True)
def export(request: MemberRequest, kind: str) -> HttpResponse:
    """The same entries in a file, at most so many; taking them away is an entry of the journal too."""
    member = acting_member(request)
    if kind not in WRITERS:
        raise Http404
    if (refused := refused_to_leave(request, PARCEL)) is not None:
        return refused
    _, wanted = _asked(request, member)
    entries = list(first_entries(member.organisation, wanted, most=MOST))
    written = [line.cells for line in lines(entries, member, linked=False)]
    _journal("journal_exported", wanted, member, more=f" ; {kind}, {len(written)} lignes")
    return answer(kind, [column.label for column in COLUMNS], written)


def _asked(request: MemberRequest, member: Member) -> tuple[JournalFilters, Wanted]:
    zone = ZoneInfo(member.time_zone)
    form = JournalFilters(request.GET, people=_people(member))
    return form, form.wanted(today=request.instant.astimezone(zone).date(), zone=zone)


def _people(member: Member) -> list[tuple[UUID, str]]:
    """Everybody who works, or worked, in the organisation, by name."""
    rows = Membership.objects.filter(organisation=member.organisation).order_by("user__full_name", "user_id")
    return list(dict.fromkeys(rows.values_list("user_id", "user__full_name")))


def _query(request: MemberRequest) -> dict[str, str | Sequence[str]]:
    return {name: request.GET[name] for name in _KEPT if name in request.GET}


def _days(wanted: Wanted) -> str:
    last = wanted.before.replace(hour=0)
    day_before = datetime.fromtimestamp(last.timestamp() - 1, tz=last.tzinfo)
    return f"du {short_date(wanted.since.date())} au {short_date(day_before.date())}"


def _journal(verb: str, wanted: Wanted, member: Member, *, more: str = "") -> None:
    asked = [_days(wanted)]
    asked += [f"personne {wanted.person}"] if wanted.person else []
    asked += [f"action {wanted.verb}"] if wanted.verb else []
    asked += [f"objet {wanted.object_type}"] if wanted.object_type else []
    asked += ["lectures de données personnelles"] if wanted.personal else []
    record(
        verb=verb,
        object_type="journal",
        by=member.user,
        organisation=member.organisation,
        reason=" ; ".join(asked) + more,
    )


def _written(place: Place | None) -> str:
    if place is None:
        return ""
    return f"{'avant' if place.backwards else 'apres'}_{microseconds(place.at)}_{place.id}"


def _place(request: MemberRequest) -> Place | None:
    """The place that the address names; a broken one is the beginning."""
    side, _, rest = request.GET.get("page", "").partition("_")
    instant, _, key = rest.partition("_")
    try:
        at = after_microseconds(int(instant), request.instant.tzinfo)
        return Place(at, UUID(key), backwards=side == "avant")
    except (ValueError, OverflowError):
        return None
