"""The list of referrals: its views, its filters, fifty lines a page. It starts from the participations of whoever acts."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.core.clock import after_microseconds, microseconds
from maillage.organisations.kinds import is_health_insurance
from maillage.organisations.roles import Permission
from maillage.referrals.heeding.late import USUAL
from maillage.referrals.lists import queries
from maillage.referrals.lists.around import Around, around, counters
from maillage.referrals.lists.wanted import COUNTED, Cursor, View, Wanted
from maillage.referrals.policies import can_send
from maillage.referrals.states import CAISSE_WORDS, SENDER_WORDS
from maillage.web.conventions.reading.beyond import after_words
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_instant
from maillage.web.presentation.numbers import counted, number
from maillage.web.presentation.tables import Pages, Table, headings, query_with
from maillage.web.presentation.typography import typeset
from maillage.web.referrals.lines import line_columns, line_row
from maillage.web.referrals.list_forms import ListForm, query_of
from maillage.web.referrals.tasks import local_day
from maillage.web.rules import acting_member, page

_LARGEST_TURN = 2**31 - 1


@page(permission=Permission.READ_REFERRALS)
def referrals(request: MemberRequest) -> HttpResponse:
    """The list: what is under way by default; fifty a page."""
    member, on = acting_member(request), local_day(request.instant, acting_member(request))
    receives = is_health_insurance(member.organisation_kind)
    beside = around(member, on=on)
    form = list_form(request.GET, beside, receives=receives)
    wanted = form.wanted()
    cursor = read_cursor(request, in_turn=wanted.in_turn)
    shown = queries.page_of(member, wanted, on=on, cursor=cursor)
    own = {
        kept.name: list_form(dict(parse_qsl(kept.query)), beside, receives=receives).wanted()
        for kept in beside.views
    }
    tabs = {label: Wanted(view) for view, label in _LABELS[receives].items()}
    numbers = counters(member, {**_keyed("tab", tabs), **_keyed("own", own)}, on=on)
    ids = {kept.name: kept.id for kept in beside.views}
    current = next((name for name, one in own.items() if one == wanted), None)
    context = {
        "form": form,
        "table": _table(shown, wanted, receives=receives, on=on),
        "drafts": [
            (
                f"Brouillon enregistré le {long_instant(at.astimezone(request.instant.tzinfo))}",
                reverse("referrals:step", args=[draft, "verification"]),
            )
            for draft, at in (beside.drafts if can_send(member) else ())
        ],
        "can_send": can_send(member),
        "lead": _LEADS[receives],
        "views": [_link(name, one, numbers[f"tab {name}"], wanted) for name, one in tabs.items()],
        "own_views": [_link(name, one, numbers[f"own {name}"], wanted) for name, one in own.items()],
        "is_filtered": wanted.is_narrowed,
        "late": _late(beside, wanted),
        "keep_url": f"{reverse('referrals:keep_view')}?{urlencode(query_of(wanted))}"
        if wanted.is_narrowed and current is None
        else "",
        "forget_url": reverse("referrals:forget_view", args=[ids[current]]) if current else "",
        "current": current,
    }
    return render(request, "referrals/list.html", context)


def _late(beside: Around, wanted: Wanted) -> list[str]:
    """From when a referral is late: under the convention that the list is of, else usually and under each that says otherwise."""
    said = [(convention, title, after_words(found)) for convention, title, found in beside.agreed]
    one = [words for convention, _, words in said if convention == wanted.convention]
    usual = after_words(USUAL)
    if wanted.convention:
        return [typeset(f"{words}.") for words in one or [usual]]
    return [typeset(f"{usual}.")] + [
        typeset(f"sous la convention « {title} », {words}.") for _, title, words in said
    ]


_LEADS = {
    True: "Les personnes que vos partenaires vous ont adressées, et celles que vous avez transmises.",
    False: "Les personnes que votre organisme a orientées vers l’Assurance Maladie.",
}
_LABELS = {
    receives: {
        View.MINE: "Mes dossiers",
        View.OPEN: "À traiter" if receives else "En cours",
        View.CLOSED: "Terminées",
        View.ALL: "Toutes",
    }
    for receives in (True, False)
}


def list_form(data: Mapping[str, str], beside: Around, *, receives: bool) -> ListForm:
    """The filters that an address holds, in the words of whoever received or sent the referrals."""
    return ListForm(data, states=CAISSE_WORDS if receives else SENDER_WORDS, around=beside)


def _keyed(kind: str, views: Mapping[str, Wanted]) -> dict[str, Wanted]:
    return {f"{kind} {name}": wanted for name, wanted in views.items()}


def _link(name: str, view: Wanted, held: int, wanted: Wanted) -> tuple[str, str, str, bool]:
    """A view as it is drawn: its name, how many it holds, its address, whether it is the one shown."""
    many = f"{number(COUNTED)}+" if held > COUNTED else number(held)
    return (name, many, f"?{urlencode(query_of(view))}", view == wanted)


def _table(shown: queries.Page, wanted: Wanted, *, receives: bool, on: date) -> Table:
    query = query_of(wanted)
    pages = Pages(
        links=(),
        previous_url=query_with({**query, "page": written_cursor(shown.before)}) if shown.before else "",
        next_url=query_with({**query, "page": written_cursor(shown.after)}) if shown.after else "",
        shown=f"{counted(len(shown.lines), 'orientation')} sur cette page",
    )
    order = "les urgentes d’abord, puis par échéance" if wanted.in_turn else "les plus récentes d’abord"
    return Table(
        name="orientations",
        caption="Orientations",
        headings=headings(line_columns(receives=receives), query=query),
        rows=[line_row(line, receives=receives, on=on) for line in shown.lines],
        pages=pages if shown.before or shown.after else None,
        detail=order,
        empty="Aucune orientation ici.",
    )


def written_cursor(cursor: Cursor | None) -> str:
    """A place in a list as the address has it."""
    if cursor is None:
        return ""
    place = cursor.place if isinstance(cursor.place, int) else microseconds(cursor.place)
    return f"{'avant' if cursor.backwards else 'apres'}_{place}_{cursor.id}"


def read_cursor(request: MemberRequest, *, in_turn: bool) -> Cursor | None:
    """The place that the address names; a broken one is the beginning of the list."""
    side, _, rest = request.GET.get("page", "").partition("_")
    written, _, key = rest.partition("_")
    try:
        place = int(written)
        if in_turn and abs(place) > _LARGEST_TURN:
            return None
        at = place if in_turn else after_microseconds(place, request.instant.tzinfo)
        return Cursor(at, UUID(key), backwards=side == "avant")
    except (ValueError, OverflowError):
        return None
