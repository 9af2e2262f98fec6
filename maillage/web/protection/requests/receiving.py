"""The list of requests, and the form by which anybody writes down one that she receives."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.protection.policies import can_follow
from maillage.protection.requests.models import Rectification, RequestFile
from maillage.protection.requests.notifications import reference
from maillage.protection.requests.queries import to_take_up, visible_to
from maillage.protection.requests.receiving import Received, receive
from maillage.protection.requests.rules import Subject
from maillage.protection.requests.states import WORDS, State
from maillage.referrals.references import reference as case_reference
from maillage.web.conventions.writing.refusals import place
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import due_cell, state_cell
from maillage.web.presentation.dates import long_instant, short_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Column, Row, Table, headings, page_asked, pages
from maillage.web.protection.filtering import StateFilter
from maillage.web.protection.requests.forms import ReceiveForm
from maillage.web.protection.requests.opening import show_form, to_request, today
from maillage.web.protection.requests.words import badge, rights_words, state_words
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page

SIZE = 50
_COLUMNS = [
    Column("Demande"),
    Column("Reçue le"),
    Column("Par"),
    Column("Droits"),
    Column("À répondre"),
    Column("État"),
]


@page()
def requests(request: MemberRequest) -> HttpResponse:
    """Those to answer first, by date; for whoever does not follow them, those that she wrote down."""
    member = acting_member(request)
    follows = can_follow(member)
    # For whoever wrote requests down only, a state would tell whether a person is known.
    form = StateFilter(request.GET, choices=WORDS.items()) if follows else None
    state = form.state() if form else ""
    rows, asked = visible_to(member), page_asked(request.GET)
    rows = rows.filter(state=state) if state else rows
    total = rows.count()
    shown = pages(page=asked, size=SIZE, total=total, query=request.GET.dict()) if total > SIZE else None
    first = (min(asked, max(1, -(-total // SIZE))) - 1) * SIZE
    table = Table(
        name="demandes",
        caption=counted(total, "demande"),
        detail="à répondre d’abord, par date" if follows else "la dernière reçue d’abord",
        headings=headings(_COLUMNS, query={}),
        rows=[_row(one, member, today(request)) for one in rows[first : first + SIZE]],
        pages=shown,
        empty="Aucune demande dans cet état." if state else "Aucune demande.",
    )
    told = to_take_up(member)
    return render(
        request,
        "protection/requests.html",
        {
            "table": table,
            "form": form if form and (total or form.is_set()) else None,
            "follows": follows,
            "rectifications": [_to_take_up(one, member) for one in told],
            "rectifications_more": told.is_cut,
        },
    )


def _to_take_up(one: Rectification, member: Member) -> tuple[str, str, str, str]:
    """What another put right in a shared case: which case, what, who says so, where one says that it is taken up."""
    return (
        case_reference(one.case_id),
        one.what,
        f"{one.organisation.name}, le {long_instant(one.told_at, zone_of(member))}",
        reverse("protection:take_up", args=[one.pk]),
    )


def _row(one: RequestFile, member: Member, on: date) -> Row:
    asked, follows = one.request, can_follow(member)
    return Row(
        (
            reference(asked.pk),
            short_date(asked.received_on),
            asked.organisation.short_name,
            rights_words(asked),
            due_cell(badge(asked, member, on))
            if one.state == State.ASKED and follows
            else short_date(asked.due_on),
            state_cell(*state_words(one, follows=follows)),
        ),
        url=reverse("protection:request", args=[asked.pk]),
    )


@page(methods=("GET", "POST"))
def new(request: MemberRequest) -> HttpResponse:
    """Write down a request: its month runs from the day received."""
    form = ReceiveForm(
        request.POST if request.method == "POST" else None,
        initial={"received_on": today(request), "subject": Subject.PERSON.value, "rights": ["access"]},
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        said = Received(
            received_on=values["received_on"],
            channel=values["channel"],
            subject=values["subject"],
            rights=tuple(values["rights"]),
            person=form.person(),
            check_made=values["check_made"],
        )
        try:
            file = receive(request_id=form.new_id(), said=said, by=acting_member(request), at=request.instant)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(
                request, "Demande notée. Votre délégué à la protection des données, ou votre administration, est prévenu."
            )  # fmt: skip
            return to_request(file)
    return show_form(
        request, form, None, title="Noter la demande d’une personne", button="Noter la demande",
        lead="Elle veut savoir ce qui est gardé sur elle, le faire corriger, ou s’y oppose : notez-le le jour même, que vous la "
        "connaissiez ou non. La réponse est due dans le mois.",
    )  # fmt: skip
