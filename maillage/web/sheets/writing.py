"""Writing on a sheet: something new, something said anew, a delivery, a step of a study."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.steering.sheets.actions import add as add_entry
from maillage.steering.sheets.actions import change as change_entry
from maillage.steering.sheets.models import SheetEntry
from maillage.steering.sheets.queries import Item, Sheet, one_sheet
from maillage.steering.sheets.rules import ANSWERS, BEFORE, Kind, Said, Step
from maillage.web.conventions.writing.refusals import place
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page
from maillage.web.sheets.forms import FORMS, STUDY_STEPS, EntryForm
from maillage.web.sheets.opening import above, names_of, recorded_axes
from maillage.web.sheets.words import SLUGS, TITLES

_STARTS: Final = {Kind.MILESTONE: Step.PLANNED, Kind.EXCHANGE: Step.RUNNING, Kind.RISK: Step.OPEN}
Send = Callable[[UUID, Said], object]


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def add(request: MemberRequest, convention: UUID, sheet: str, slug: str) -> HttpResponse:
    """Write something new on a sheet."""
    known, on = recorded_axes(request, convention)
    kind, found = SLUGS.get(slug), one_sheet(known, sheet, on)
    if kind is None or found is None:
        raise Http404
    if kind is Kind.SHEET and found.presentation is not None:
        return redirect("sheets:change", known.id, found.presentation.id)
    initial = {"token": uuid7(), "step": _STARTS.get(kind, ""), **_today(kind, on)}
    form = FORMS[kind](_data(request), parties=names_of(known), initial=initial)

    def send(token: UUID, said: Said) -> None:
        add_entry(
            convention=known.row,
            sheet=sheet,
            kind=kind,
            entry_id=token,
            said=said,
            by=acting_member(request),
            at=request.instant,
        )

    return _answer(request, known, found, form, send=send, title=TITLES[kind][0])


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def change(request: MemberRequest, convention: UUID, entry: UUID) -> HttpResponse:
    """Say anew what an entry said; from one that was said anew already, one is led to the newest."""
    known, on = recorded_axes(request, convention)
    found, item = _item(known, entry, on)
    kind = item.newest.kind
    if kind in {Kind.NOTE, Kind.DELIVERY, Kind.STUDY}:
        raise Http404
    if request.method != "POST" and entry != item.newest.id:
        return redirect("sheets:change", known.id, item.newest.id)
    form = FORMS[kind](
        _data(request), parties=names_of(known), before=item.newest, initial={"token": uuid7()}
    )
    return _answer(request, known, found, form, send=_changing(request, known, entry), title=TITLES[kind][1])


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def deliver(request: MemberRequest, convention: UUID, entry: UUID) -> HttpResponse:
    """Note that the data of an exchange were handed over."""
    known, on = recorded_axes(request, convention)
    found, item = _item(known, entry, on)
    if item.newest.kind is not Kind.EXCHANGE:
        raise Http404
    form = FORMS[Kind.DELIVERY](
        _data(request), parties=names_of(known), initial={"token": uuid7(), "day": on}
    )

    def send(token: UUID, said: Said) -> None:
        add_entry(
            convention=known.row,
            sheet=found.clause.key,
            kind=Kind.DELIVERY,
            entry_id=token,
            said=said,
            of=item.newest.item,
            by=acting_member(request),
            at=request.instant,
        )

    return _answer(
        request, known, found, form, send=send, title=TITLES[Kind.DELIVERY][0], lead=item.newest.said.text
    )


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def step(request: MemberRequest, convention: UUID, study: UUID, slug: str) -> HttpResponse:
    """Take a study one step further: agree or refuse, hand over data, tell the result."""
    known, on = recorded_axes(request, convention)
    found, item = _item(known, study, on)
    if slug not in STUDY_STEPS or item.newest.kind is not Kind.STUDY:
        raise Http404
    wanted, form_class, title = STUDY_STEPS[slug]
    mine = known.mine.key if known.mine else ""
    if wanted in ANSWERS and item.first.party == mine:
        raise PermissionDenied("La réponse revient à l’autre partie : votre organisme a demandé cette étude.")
    if request.method != "POST" and BEFORE[wanted] is not item.newest.said.step:
        messages.info(request, "Cette étude n’en est plus là.")
        return redirect("sheets:sheet", known.id, found.clause.key)
    form = form_class(_data(request), parties=names_of(known), initial={"token": uuid7(), "day": on})
    change_one = _changing(request, known, study)

    def send(token: UUID, said: Said) -> None:
        change_one(token, Said(said.text, wanted, said.day, None, said.detail))

    return _answer(request, known, found, form, send=send, title=title, lead=item.newest.said.text)


def _changing(request: MemberRequest, known: LoadedConvention, entry: UUID) -> Send:
    def send(token: UUID, said: Said) -> None:
        change_entry(
            convention=known.row,
            entry=entry,
            entry_id=token,
            said=said,
            by=acting_member(request),
            at=request.instant,
        )

    return send


def _today(kind: Kind, on: date) -> dict[str, date]:
    return {"day": on} if kind in {Kind.NOTE, Kind.STUDY} else {}


def _data(request: MemberRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _item(known: LoadedConvention, entry: UUID, on: date) -> tuple[Sheet, Item]:
    """The sheet and the item of an entry of this convention. Raises Http404."""
    row = SheetEntry.objects.filter(pk=entry, convention=known.row).first()
    sheet = one_sheet(known, row.sheet_key, on) if row else None
    found = next((one for one in sheet.items if row and one.newest.item == row.item), None) if sheet else None
    if sheet is None or found is None:
        raise Http404
    return sheet, found


def _answer(
    request: MemberRequest,
    known: LoadedConvention,
    sheet: Sheet,
    form: EntryForm,
    *,
    send: Send,
    title: str,
    lead: str = "",
) -> HttpResponse:
    """Send a well-filled form, and go back to the sheet; else show it, with what is wrong at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            send(form.cleaned_data["token"], form.said())
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "C’est noté sur la fiche.")
            return redirect("sheets:sheet", known.id, sheet.clause.key)
    back = reverse("sheets:sheet", args=[known.id, sheet.clause.key])
    context = {
        "form": form,
        "title": title,
        "lead": typeset(lead or sheet.clause.description),
        "back": back,
        "breadcrumb": [*above(known), (f"Fiche {sheet.clause.number}", back)],
    }
    return render(request, "one_form.html", context)
