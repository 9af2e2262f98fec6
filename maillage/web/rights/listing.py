"""The list of applications, apart from referrals: the caisse's queue of partners' files, or what the partner filed."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maillage.organisations.kinds import is_health_insurance
from maillage.organisations.roles import Permission
from maillage.referrals.lists.around import counters
from maillage.referrals.lists.wanted import COUNTED, View, Wanted
from maillage.referrals.references import reference
from maillage.rights.declared.rights import right_label
from maillage.rights.lists import Line, Page, page_of
from maillage.rights.policies import can_file
from maillage.rights.queries import visible_to
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.dates import short_date
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.tables import Column, Pages, Row, Table, headings, query_with
from maillage.web.presentation.tones import Tone
from maillage.web.referrals.listing import read_cursor, written_cursor
from maillage.web.referrals.restricted import restriction
from maillage.web.referrals.tasks import local_day
from maillage.web.rights.forms import ListForm
from maillage.web.rights.words import state_words, tone_of
from maillage.web.rules import acting_member, page

_LEADS: Final = {
    True: "Traitement attentionné : les dossiers de droits que vos partenaires vous ont déposés, les urgents d’abord.",
    False: "Les dossiers de droits que votre organisme a envoyés à l’Assurance Maladie.",
}
_LABELS: Final = {
    receives: {
        View.MINE: "Mes dossiers",
        View.OPEN: "À traiter" if receives else "En cours",
        View.CLOSED: "Terminés",
        View.ALL: "Tous",
    }
    for receives in (True, False)
}


@page(permission=Permission.READ_REFERRALS)
def applications(request: MemberRequest) -> HttpResponse:
    """The list: what is under way by default, the urgent first, then by due day; fifty a page."""
    member, on = acting_member(request), local_day(request.instant, acting_member(request))
    receives = is_health_insurance(member.organisation_kind)
    form = ListForm(request.GET, receives=receives)
    wanted = form.wanted()
    shown = page_of(member, wanted, on=on, cursor=read_cursor(request, in_turn=wanted.in_turn))
    tabs = {label: Wanted(view) for view, label in _LABELS[receives].items()}
    numbers = counters(member, tabs, on=on, among=visible_to(member))
    context = {
        "form": form,
        "table": _table(shown, wanted, receives=receives, on=on),
        "lead": _LEADS[receives],
        "views": [_link(name, one, numbers[name], wanted) for name, one in tabs.items()],
        "is_filtered": wanted.is_narrowed,
        "preparing_url": reverse("preparations:list") if can_file(member) else "",
    }
    return render(request, "rights/list.html", context)


def query_of(wanted: Wanted) -> dict[str, str]:
    """The filters as the address has them: what `ListForm` reads back."""
    given = {
        "vue": wanted.view.value,
        "droit": wanted.service,
        "etat": wanted.state,
        "urgentes": "on" if wanted.urgent else "",
        "retard": "on" if wanted.late else "",
    }
    return {name: value for name, value in given.items() if value}


def _link(name: str, view: Wanted, held: int, wanted: Wanted) -> tuple[str, str, str, bool]:
    """A view as it is drawn: its name, how many it holds, its address, whether it is the one shown."""
    many = f"{number(COUNTED)}+" if held > COUNTED else number(held)
    return (name, many, query_with(query_of(view)), view == wanted)


def _table(shown: Page, wanted: Wanted, *, receives: bool, on: date) -> Table:
    query: Mapping[str, str] = query_of(wanted)
    pages = Pages(
        links=(),
        previous_url=query_with(query, page=written_cursor(shown.before)) if shown.before else "",
        next_url=query_with(query, page=written_cursor(shown.after)) if shown.after else "",
        shown=f"{counted(len(shown.lines), 'dossier')} sur cette page",
    )
    columns = [
        Column("Personne"),
        Column("Référence"),
        Column("Droit"),
        Column("Déposé par" if receives else "Envoyé à"),
        Column("Envoyé le"),
        Column("Échéance"),
        Column("État"),
    ]
    return Table(
        name="dossiers",
        caption="Dossiers de droits",
        headings=headings(columns, query=query),
        rows=[row_of(line, on) for line in shown.lines],
        pages=pages if shown.before or shown.after else None,
        detail="les urgents d’abord, puis par échéance" if wanted.in_turn else "les plus récents d’abord",
        empty="Aucun dossier de droits ici.",
    )


def row_of(line: Line, on: date) -> Row:
    """One application in a list, on a day."""
    part = line.participation
    name = line.identity.full_name if line.identity else "Données détruites"
    other = part.case.sender if part.role == "recipient" else part.case.caisse
    return Row(
        (
            name if line.is_open else "Dossier que vous ne suivez pas",
            format_html('<span class="text-nowrap">{}</span>', reference(part.case_id)),
            right_label(line.application.right),
            other.short_name,
            short_date(part.since),
            short_date(part.due_on) if part.due_on and part.closed_at is None else "–",
            _state(line, on),
        ),
        url=reverse("rights:application", args=[part.case_id]),
    )


def _state(line: Line, on: date) -> SafeString:
    """Its state, after what presses."""
    part = line.participation
    badges: list[SafeString] = []
    if part.urgent and part.closed_at is None:
        badges.append(state_cell("Urgent", Tone.LATE))
    if part.late_on is not None and part.late_on <= on:
        badges.append(state_cell("En retard", Tone.LATE))
    badges += restriction(part)
    badges.append(state_cell(state_words(part.role, part.state), tone_of(part.state)))
    # One element: on a telephone the cell is a line of two columns.
    return format_html("<span>{}</span>", format_html_join(" ", "{}", ((badge,) for badge in badges)))
