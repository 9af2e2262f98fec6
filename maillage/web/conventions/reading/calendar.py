"""The calendar of all conventions together, and its address for other calendars."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from maillage.audit.actions import record
from maillage.conventions.calendar_feeds.actions import enter_by, live, renew, token_of
from maillage.conventions.lifecycle.recording import own_id
from maillage.conventions.terms.identity import Level
from maillage.core.identifiers import uuid7
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.coming import KINDS, MOST, Coming, coming
from maillage.web.conventions.reading.icalendar_text import calendar_text
from maillage.web.conventions.reading.opening import day_of
from maillage.web.conventions.reading.tables import whole
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.components import Confirmation, Month, month_strip
from maillage.web.presentation.dates import PARIS, due_in, long_date, month_year, weekday_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Column, Row, Table, headings, page_asked, pages, query_with
from maillage.web.presentation.tones import due_tone
from maillage.web.presentation.typography import NBSP
from maillage.web.rules import acting_member, page

PAGE_SIZE: Final = 100
_FEED_DAYS: Final = 730
_NO_FEED: Final = "Aucun calendrier ne répond à cette adresse.\n"
_COLUMNS: Final = (Column("Convention"), Column("Jour"), Column("Ce qui vient"), Column("Article"))


class CalendarFilters(forms.Form):
    """What the calendar is limited to."""

    niveau = forms.ChoiceField(
        label="Niveau",
        required=False,
        choices=[
            ("", "Tous"),
            *((one.value, capfirst(one.label)) for one in Level if one is not Level.TEMPLATE),
        ],
    )
    quoi = forms.ChoiceField(label="Ce qui vient", required=False, choices=[("", "Tout"), *KINDS])


@page(permission=Permission.READ_CONVENTIONS)
def calendar(request: MemberRequest) -> HttpResponse:
    """Twelve months of dates, month by month, a hundred a page; and how to follow them in one's own calendar."""
    member = acting_member(request)
    on = day_of(request, member)
    form = CalendarFilters(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    days = coming(
        member, on=on, until=_year_after(on), level=wanted.get("niveau", ""), kind=wanted.get("quoi", "")
    )
    query, found = request.GET.dict(), days.found
    number = min(page_asked(request.GET), max(1, -(-len(found) // PAGE_SIZE)))
    shown = found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    _journal("calendar_read", member, shown)
    context: dict[str, Any] = {
        "form": form,
        "url": reverse("conventions:calendar"),
        "strip": _strip(found, on, query, number),
        "months": _months(shown, on),
        "pages": pages(page=number, size=PAGE_SIZE, total=len(found), query=query)
        if len(found) > PAGE_SIZE
        else None,
        "most": MOST if days.is_cut else 0,
        "total": counted(len(found), "date"),
        "until": long_date(_year_after(on)),
        **_subscription(request, member),
    }
    return render(request, "conventions/calendar.html", context)


@page(permission=Permission.READ_CONVENTIONS, methods=("POST",))
def new_address(request: MemberRequest) -> HttpResponse:
    """Make a new address; the old one stops at once."""
    member = acting_member(request)
    try:
        new_id = UUID(request.POST.get("adresse", ""))
    except ValueError:
        new_id = uuid7()
    if renew(new_id=own_id(new_id, member), by=member, at=request.instant) is None:
        messages.error(request, "Cette adresse n’a pas pu être créée. Recommencez depuis cette page.")
    else:
        messages.success(request, "Nouvelle adresse créée. S’il y en avait une, elle ne répond plus.")
    return HttpResponseRedirect(reverse("conventions:calendar") + "#abonnement")


@page(anonymous=True)
def feed(request: MemberRequest, token: str) -> HttpResponse:
    """The same dates for a calendar, which has no session: the address itself is the key, checked at each reading."""
    member = enter_by(token, on=request.instant.astimezone(PARIS).date())
    if member is None or not member.may(Permission.READ_CONVENTIONS):
        return HttpResponseNotFound(_NO_FEED, content_type="text/plain; charset=utf-8")
    on = day_of(request, member)
    found = coming(member, on=on, until=on + timedelta(days=_FEED_DAYS), today=True).found
    _journal("calendar_feed_read", member, found)
    text = calendar_text(found, name=member.organisation_name, site=settings.SITE_URL, at=request.instant)
    headers = {"Content-Disposition": 'inline; filename="conventions.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


def _year_after(on: date) -> date:
    """The same day next year: an anniversary is always in sight."""
    return on + timedelta(days=366)


def _strip(found: Sequence[Coming], on: date, query: Mapping[str, str], number: int) -> list[Month]:
    """The year as a strip: each month leads to where it begins, on its own page."""
    first: dict[str, int] = {}
    for rank, one in enumerate(found):
        first.setdefault(f"#mois-{one.on:%Y-%m}", rank // PAGE_SIZE + 1)
    return [
        replace(month, url=_on_page(first[month.url], query) + month.url)
        if month.url and first[month.url] != number
        else month
        for month in month_strip((one.on for one in found), on=on, until=_year_after(on))
    ]


def _on_page(number: int, query: Mapping[str, str]) -> str:
    return query_with(query, page=str(number) if number > 1 else None)


def _months(found: Sequence[Coming], on: date) -> list[tuple[str, str, Table]]:
    """For each month that has something: its words, its id, its table."""
    return [
        (month_year(day), f"mois-{day:%Y-%m}", _table(day, list(ones), on))
        for day, ones in groupby(found, key=lambda one: one.on.replace(day=1))
    ]


def _table(month: date, found: Sequence[Coming], on: date) -> Table:
    rows = [
        Row(
            (
                one.title,
                whole(
                    format_html(
                        "{}<br>{}", _day(one.on), state_cell(due_in(one.on, on), due_tone(one.on, on))
                    )
                ),
                f"{one.what} (lecture : {one.reading})" if one.reading else one.what,
                one.article or "–",
            ),
            url=reverse("conventions:convention", args=[one.convention]) + "#vie",
        )
        for one in found
    ]
    return Table(f"table-{month:%Y-%m}", counted(len(rows), "date"), headings(_COLUMNS, query={}), rows)


def _day(day: date) -> str:
    """« jeudi 7 janvier 2027 », which a narrow cell may cut after the first word."""
    return weekday_date(day).replace(NBSP, " ", 1)


def _subscription(request: MemberRequest, member: Member) -> dict[str, Any]:
    known = live(member)
    consequences = [
        "Une adresse secrète est créée, pour vous et pour cet organisme.",
        "L’adresse précédente, s’il y en a une, ne répond plus : il faudra s’abonner de nouveau.",
    ]
    return {
        "address": request.build_absolute_uri(reverse("conventions:feed", args=[token_of(known)]))
        if known
        else "",
        "address_since": long_date(known.created_at) if known else "",
        "renewal": Confirmation(
            label="Faire une nouvelle adresse" if known else "Créer mon adresse de calendrier",
            action=reverse("conventions:feed_address"),
            consequences=consequences,
            button="Créer l’adresse",
            hidden={"adresse": str(uuid7())},
        ),
    }


def _journal(verb: str, member: Member, found: Sequence[Coming]) -> None:
    read = dict.fromkeys(str(one.convention) for one in found)
    record(
        verb=verb,
        object_type="convention",
        object_ref=",".join(read),
        by=member.user,
        organisation=member.organisation,
    )
