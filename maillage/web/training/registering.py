"""A partner's pages: registering its people, giving a place back, and who they are."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html_join

from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.training import queries, registering
from maillage.training.models import Attendee, Presence, Registration
from maillage.training.policies import is_open
from maillage.training.states import Place
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import link_cell
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.refusals import place
from maillage.web.presentation.tables import Column, Row, Table, headings
from maillage.web.rules import acting_member, page
from maillage.web.training import words
from maillage.web.training.forms import PersonForm, RegisterForm
from maillage.web.training.reading import ABOVE, session_or_404

_SHOWN = 500


@page(permission=Permission.READ_CONVENTIONS, methods=("GET", "POST"))
def register(request: MemberRequest, session: UUID) -> HttpResponse:
    """Ask a place for somebody of one's own organisation."""
    member, row = acting_member(request), session_or_404(request, session)
    back = reverse("training:session", args=[session])
    if not is_open(row, request.instant):
        messages.info(request, registering.CLOSED)
        return redirect(back)
    form = RegisterForm(
        request.POST if request.method == "POST" else None,
        people=list(queries.people(member)[:_SHOWN]),
        seats=queries.own_seats(member, row),
    )
    if form.is_valid():
        attendee = form.attendee_id()
        try:
            made = registering.register(
                token=form.new_id(),
                session=row,
                attendee=attendee,
                person=None if attendee else form.person(),
                convention=form.convention_id(),
                by=member,
                at=request.instant,
            )
        except Refused as refused:
            if any(fault.field == "name" for fault in refused.faults):
                form.ask_again()
            place(form, refused)
        else:
            _said(request, made)
            return redirect(back)
    full = row.registered >= row.capacity
    context = {
        "form": form,
        "title": "Inscrire quelqu’un",
        "lead": words.dated(row)
        + (". La séance est complète : la personne sera en liste d’attente." if full else ""),
        "breadcrumb": [*ABOVE, (words.titled(row), back)],
        "back": back,
        "button": "Inscrire",
    }
    return render(request, "training/form.html", context)


def _said(request: MemberRequest, made: Registration) -> None:
    if made.state == Place.WAITING:
        messages.info(
            request,
            "La séance est complète : la personne est en liste d’attente. Vous serez prévenus si une place se libère.",
        )
    else:
        messages.success(
            request, "Inscription enregistrée. Vous pouvez la retirer jusqu’au début de la séance."
        )


@page(permission=Permission.READ_CONVENTIONS, methods=("GET", "POST"))
def withdraw(request: MemberRequest, registration: UUID) -> HttpResponse:
    """Give a place back, or a rank in the waiting list."""
    member = acting_member(request)
    try:
        row = queries.place_of(member, registration)
    except Registration.DoesNotExist as unknown:
        raise Http404 from unknown
    session = session_or_404(request, row.session_id)
    back = reverse("training:session", args=[row.session_id])
    if request.method == "POST":
        try:
            registering.withdraw(place=row, by=member, at=request.instant)
        except Refused as refused:
            messages.warning(request, refused.message)
        else:
            messages.success(
                request, "Désinscription enregistrée. Si quelqu’un attendait, la place lui revient."
            )
        return redirect(back)
    context = {
        "title": "Désinscrire",
        "lead": f"{row.attendee.name}, {words.dated(session)}",
        "breadcrumb": [*ABOVE, (words.titled(session), back)],
        "back": back,
        "action": request.path,
    }
    return render(request, "training/withdraw.html", context)


@page(permission=Permission.READ_CONVENTIONS)
def people(request: MemberRequest) -> HttpResponse:
    """Those whom one's organisation registered, and what they followed."""
    member = acting_member(request)
    rows = list(queries.people(member)[:_SHOWN])
    followed: dict[UUID, list[Presence]] = {}
    for one in queries.followed(member, [row.id for row in rows]):
        followed.setdefault(one.attendee_id, []).append(one)
    context = {"table": _people(rows, followed), "breadcrumb": list(ABOVE)}
    return render(request, "training/people.html", context)


def _people(rows: Sequence[Attendee], followed: dict[UUID, list[Presence]]) -> Table:
    columns = [
        Column(label)
        for label in ("Personne", "Fonction", "Adresse", "Séances suivies, avec leur attestation")
    ]
    drawn = [
        Row(
            (one.name, one.function, one.email, _followed(followed.get(one.id, []))),
            url=reverse("training:person", args=[one.id]),
        )
        for one in rows
    ]
    return Table(
        "personnes",
        counted(len(drawn), "personne"),
        headings(columns, query={}),
        drawn,
        empty="Personne n’a encore été inscrit à une séance.",
    )


def _followed(rows: Sequence[Presence]) -> str:
    links = (
        (link_cell(words.dated(one.sign_off.session), reverse("training:certificate", args=[one.id])),)
        for one in rows
    )
    return format_html_join(" · ", "{}", links) if rows else "Aucune"


@page(permission=Permission.READ_CONVENTIONS, methods=("GET", "POST"))
def person(request: MemberRequest, attendee: UUID) -> HttpResponse:
    """Say otherwise who somebody is; what she followed stays hers."""
    member = acting_member(request)
    row = queries.people(member).filter(id=attendee).first()
    if row is None:
        raise Http404
    given = {"name": row.name, "function": row.function, "email": row.email}
    form = PersonForm(request.POST if request.method == "POST" else None, initial=given)
    del form.fields["token"]
    if form.is_valid():
        try:
            registering.change_person(attendee=row, person=form.person(), by=member)
        except Refused as refused:
            if any(fault.field == "name" for fault in refused.faults):
                form.ask_again()
            place(form, refused)
        else:
            messages.success(request, "Enregistré.")
            return redirect("training:people")
    context: dict[str, Any] = {
        "form": form,
        "title": "Changer le nom ou la fonction",
        "lead": "Ce que la personne a suivi reste à elle.",
        "breadcrumb": [*ABOVE, ("Personnes", reverse("training:people"))],
        "back": reverse("training:people"),
        "button": "Enregistrer",
    }
    return render(request, "training/form.html", context)
