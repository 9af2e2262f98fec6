"""The list of referrals and the page of one. Each starts from the participations of the organisation that acts."""

from collections.abc import Sequence
from types import MappingProxyType
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html

from maillage.cases.following import can_follow
from maillage.cases.models import Participation
from maillage.cases.queries import kin_of
from maillage.cases.rules import Reason
from maillage.catalogue.services import service_name
from maillage.conventions.solicitations.queries import about
from maillage.core.clock import after_microseconds, microseconds
from maillage.core.states import TOO_LATE
from maillage.organisations.kinds import is_health_insurance
from maillage.organisations.member import Member
from maillage.organisations.models import User
from maillage.organisations.roles import Permission
from maillage.referrals import queries
from maillage.referrals.drafts import drafts_of
from maillage.referrals.policies import can_send, can_work
from maillage.referrals.queries import Cursor, Line, View, Wanted
from maillage.referrals.references import reference
from maillage.referrals.states import CAISSE_WORDS, SENDER_WORDS, State
from maillage.referrals.withheld import is_withheld
from maillage.web.conventions.soliciting.words import line
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.dates import long_instant, short_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Column, Pages, Row, Table, headings, query_with
from maillage.web.presentation.tones import Tone
from maillage.web.referrals.acts import Refused, acts_of
from maillage.web.referrals.following import closed_context, following_urls
from maillage.web.referrals.forms import ListForm
from maillage.web.referrals.life import (
    HOW_IT_COUNTS,
    dates_facts,
    outcome_facts,
    part_words,
    timeline,
    tone_of,
)
from maillage.web.referrals.lineage import lineage_facts
from maillage.web.referrals.own_block import own_block
from maillage.web.referrals.tasks import local_day
from maillage.web.referrals.thread import BEFORE, messages_of
from maillage.web.referrals.told import information_facts
from maillage.web.referrals.words import described_facts, person_facts
from maillage.web.rules import acting_member, page

DRAFTS_SHOWN = 10


@page(permission=Permission.READ_REFERRALS)
def referrals(request: MemberRequest) -> HttpResponse:
    """The list: what is open by default; fifty a page."""
    member = acting_member(request)
    receives = is_health_insurance(member.organisation_kind)
    form = ListForm(
        request.GET,
        states=CAISSE_WORDS if receives else SENDER_WORDS,
    )
    wanted = form.wanted()
    shown = queries.page_of(member, wanted, cursor=_cursor(request))
    context = {
        "form": form,
        "table": _table(request, shown, wanted, receives=receives),
        "drafts": _drafts(member) if can_send(member) else [],
        "can_send": can_send(member),
        "lead": _LEADS[receives],
        "views": _views(wanted, receives=receives),
        "is_filtered": bool(wanted.service or wanted.state or wanted.urgent),
    }
    return render(request, "referrals/list.html", context)


_LEADS = {
    True: "Les personnes que vos partenaires vous ont adressées.",
    False: "Les personnes que votre organisme a orientées vers l’Assurance Maladie.",
}


def _views(wanted: Wanted, *, receives: bool) -> list[tuple[str, str, bool]]:
    labels = {
        View.OPEN: "À traiter" if receives else "En cours",
        View.CLOSED: "Terminées",
        View.ALL: "Toutes",
    }
    return [(label, f"?vue={view.value}", view is wanted.view) for view, label in labels.items()]


def _drafts(member: Member) -> list[tuple[str, str]]:
    return [
        (
            f"Brouillon enregistré le {long_instant(draft.updated_at)}",
            reverse("referrals:step", args=[draft.id, "verification"]),
        )
        for draft in drafts_of(member)[:DRAFTS_SHOWN]
    ]


def _table(request: MemberRequest, shown: queries.Page, wanted: Wanted, *, receives: bool) -> Table:
    query: dict[str, str | Sequence[str]] = {
        key: request.GET[key] for key in ("vue", "service", "etat", "urgentes") if key in request.GET
    }
    count = len(shown.lines)
    pages = Pages(
        links=(),
        previous_url=query_with({**query, "page": _written(shown.before)}) if shown.before else "",
        next_url=query_with({**query, "page": _written(shown.after)}) if shown.after else "",
        shown=f"{counted(count, 'orientation')} sur cette page",
    )
    order = "les plus anciennes d’abord" if wanted.view is View.OPEN else "les plus récentes d’abord"
    return Table(
        name="orientations",
        caption="Orientations",
        headings=headings(line_columns(receives=receives), query=query),
        rows=[line_row(line, receives=receives) for line in shown.lines],
        pages=pages if shown.before or shown.after else None,
        detail=order,
        empty="Aucune orientation ici.",
    )


def line_columns(*, receives: bool) -> list[Column]:
    """The columns of a list of referrals."""
    return [
        Column("Personne"),
        Column("Référence"),
        Column("Service"),
        Column("Envoyée par" if receives else "Envoyée à"),
        Column("Reçue le" if receives else "Envoyée le"),
        Column("État"),
    ]


def line_row(line: Line, *, receives: bool) -> Row:
    """One referral in a list, in the words of whoever received it or sent it."""
    part = line.participation
    forwarded = (
        receives and part.role == "sender"
    )  # by this very caisse: it received another, and sent this one
    other = part.case.sender if receives and not forwarded else part.case.caisse
    name = line.identity.full_name if line.identity else "Données détruites"
    if not line.is_open:
        name = "Dossier que vous ne suivez pas"
    state = state_cell(part_words(part), tone_of(part.state))
    if part.urgent and part.closed_at is None:
        state = format_html("{} {}", state_cell("Urgent", Tone.LATE), state)
    return Row(
        (
            name,
            format_html('<span class="text-nowrap">{}</span>', reference(part.case_id)),
            service_name(part.case.service),
            f"Transmise à {other.short_name}" if forwarded else other.short_name,
            short_date(part.since),
            state,
        ),
        url=reverse("referrals:case", args=[part.case_id]),
    )


def _written(cursor: Cursor | None) -> str:
    if cursor is None:
        return ""
    return f"{'avant' if cursor.backwards else 'apres'}_{microseconds(cursor.since)}_{cursor.id}"


def _cursor(request: MemberRequest) -> Cursor | None:
    """The place that the address names; a broken one is the beginning of the list."""
    side, _, rest = request.GET.get("page", "").partition("_")
    instant, _, key = rest.partition("_")
    try:
        since = after_microseconds(int(instant), request.instant.tzinfo)
        return Cursor(since, UUID(key), backwards=side == "avant")
    except (ValueError, OverflowError):
        return None


@page(permission=Permission.READ_REFERRALS)
def case(request: MemberRequest, case: UUID) -> HttpResponse:
    """One referral on one page: who, what next, what happened."""
    return show_case(request, case)


def show_case(request: MemberRequest, case: UUID, *, refused: Refused = MappingProxyType({})) -> HttpResponse:
    """The page of a referral, with a form that was refused if there is one, by the name of its act."""
    member = acting_member(request)
    try:
        file = queries.file_of(member, case, messages_before=_before(request))
    except Participation.DoesNotExist as unknown:
        raise Http404 from unknown
    except queries.NotFollowed as closed:
        return _show_closed(request, closed)
    referral, part = file.referral, file.participation
    on = local_day(request.instant, member)
    kin = kin_of(part)
    others = {name: form for name, form in refused.items() if name != "message"}
    acts = acts_of(file, member, on, others, kin)
    if acts.is_late:
        messages.warning(request, TOO_LATE)
    people = _people(file)
    context = {
        "reference": reference(case),
        "service": service_name(part.case.service),
        "heading": file.identity.full_name if file.identity else service_name(part.case.service),
        "case": case,
        "part": part,
        "state": referral.state,
        "state_label": part_words(part),
        "tone": tone_of(referral.state),
        "withheld_from": _withheld_from(part),
        "acts": acts,
        "lineage": lineage_facts(file, member, kin, on),
        "person": person_facts(file.identity) if file.identity else None,
        "situation": described_facts(file),
        "outcomes": outcome_facts(referral, file.history),
        "how_it_counts": HOW_IT_COUNTS,
        "told": information_facts(file, member),
        "article": part.case.authorisation.article,
        "own": own_block(file, member, on, people, refused),
        "events": timeline(file, people, member),
        "exchanged": messages_of(file, people, member, refused.get("message")),
        "follows": file.opened_as is not Reason.CONSULTED,
        **following_urls("referrals", case),
        "can_follow": can_follow(member, part.case),
        "solicit_url": reverse("referrals:solicit", args=[case]) if part.role == "sender" else "",
        "solicitations": [line(row, member, on) for row in about(member, case)],
    }
    return render(request, "referrals/case.html", context)


def _withheld_from(part: Participation) -> str:
    """Who must not learn more than that the request was received, and when it is over; said to whoever works it."""
    return part.case.sender.name if part.role == "recipient" and is_withheld(part.case) else ""


def _before(request: MemberRequest) -> UUID | None:
    """The message that the address names, to show those before it; a broken one shows the last ones."""
    try:
        return UUID(request.GET.get(BEFORE, ""))
    except ValueError:
        return None


def _show_closed(request: MemberRequest, closed: queries.NotFollowed) -> HttpResponse:
    """The page of a referral that one does not follow: what it is and where it stands, not whom it is about."""
    member = acting_member(request)
    part, referral = closed.participation, closed.referral
    context = {
        **closed_context(member, closed),
        "service": service_name(part.case.service),
        "part": part,
        "state_label": part_words(part),
        "tone": tone_of(referral.state),
        "dates": dates_facts(part, referral, member),
        "acknowledges": can_work(member, part.case) and referral.state == State.SENT,
    }
    return render(request, "referrals/closed_case.html", context)


def _people(file: queries.File) -> dict[UUID, str]:
    """The names of those who acted: they work here, the directory is open to all."""
    referral = file.referral
    acted = (referral.sent_by, referral.acknowledged_by, referral.accepted_by, referral.closed_by)
    acted_here = file.history.people() | file.own.people() | file.thread.authors()
    ids = acted_here | {who for who in acted if who is not None}
    return dict(User.objects.filter(id__in=ids).values_list("id", "full_name"))
