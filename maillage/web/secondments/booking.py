"""Taking a slot, taking another one after « à revoir », and moving an appointment."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.data_roles.unsaid import unsaid_of
from maillage.core.identifiers import bound_id
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.roles import Permission
from maillage.referrals.references import reference
from maillage.secondments import actions, queries
from maillage.secondments.actions import Booking
from maillage.secondments.agenda import NotFollowed, file_of, visible_to
from maillage.secondments.policies import can_book, can_change
from maillage.secondments.queries import Known, Offered
from maillage.secondments.rules import SEEN_AGAIN
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.refusals import place
from maillage.web.referrals.refusals import without_roles
from maillage.web.rules import acting_member, page
from maillage.web.secondments.forms import BookForm, SlotForm, VisitForm
from maillage.web.secondments.reading import known_or_404
from maillage.web.secondments.words import in_words, place_of_hours, when
from maillage.web.secondments.working import appointment_or_404


@page(permission=Permission.SEND_REFERRALS, methods=("GET", "POST"))
def book(request: MemberRequest, secondment: UUID) -> HttpResponse:
    """Take a free slot for a person."""
    member, found = acting_member(request), _booked(request, secondment)
    offered = queries.offered(member, found.row, at=request.instant)
    if (known := _known_already(request)) is not None:
        return redirect("secondments:appointment", known)
    form = BookForm(
        request.POST if request.method == "POST" else None,
        **_visit(request, found, offered),
    )
    if form.is_valid():
        values = form.cleaned_data
        booking = Booking(
            form.chosen(), values["service"], tuple(values["papers"]), form.person(), form.told()
        )
        try:
            made = actions.book(
                token=form.new_id(), secondment=secondment, booking=booking, by=member, at=request.instant
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Rendez-vous pris. La caisse est prévenue.")
            return redirect("secondments:appointment", made)
    shown = {"roles": offered.roles}
    return _show(request, found, form, "Prendre un rendez-vous", "secondments/book.html", **shown)


@page(permission=Permission.SEND_REFERRALS, methods=("GET", "POST"))
def again(request: MemberRequest, appointment: UUID) -> HttpResponse:
    """Another appointment for the same person, after « à revoir »: she is not described again."""
    member = acting_member(request)
    before = appointment_or_404(request, appointment)
    found = _booked(request, before.secondment_id)
    if (known := _known_already(request)) is not None:
        return redirect("secondments:appointment", known)
    try:
        file = file_of(member, appointment)
    except NotFollowed:
        return redirect("secondments:appointment", appointment)
    if before.outcome not in SEEN_AGAIN or file.identity is None:
        messages.info(request, "Ce rendez-vous n’appelle pas de suite.")
        return redirect("secondments:appointment", appointment)
    offered = queries.offered(member, found.row, at=request.instant)
    form = VisitForm(request.POST if request.method == "POST" else None, **_visit(request, found, offered))
    if form.is_valid():
        values = form.cleaned_data
        booking = Booking(
            form.chosen(), values["service"], tuple(values["papers"]), file.identity, form.told(), appointment
        )
        try:
            made = actions.book(
                token=form.new_id(), secondment=found.row.id, booking=booking, by=member, at=request.instant
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Rendez-vous pris. La caisse est prévenue.")
            return redirect("secondments:appointment", made)
    context = {"person": file.identity.full_name, "roles": offered.roles}
    return _show(request, found, form, "Prendre le rendez-vous suivant", "secondments/book.html", **context)


@page(permission=Permission.READ_REFERRALS, methods=("GET", "POST"))
def move(request: MemberRequest, appointment: UUID) -> HttpResponse:
    """Another slot; the other side is told."""
    member = acting_member(request)
    row = appointment_or_404(request, appointment)
    if not can_change(member, row.case):
        raise PermissionDenied("Votre rôle ne permet pas de changer ce rendez-vous.")
    found = known_or_404(request, row.secondment_id)
    slots = queries.free_slots(found, at=request.instant)
    form = SlotForm(request.POST if request.method == "POST" else None, slots=slots, zone=found.zone)
    del form.fields["token"]  # moving twice to one slot is moving once
    if form.is_valid():
        try:
            actions.move(appointment=row, slot=form.chosen(), by=member, at=request.instant)
        except Refused as refused:
            place(form, refused)
        except TransitionRefused as refused:
            messages.warning(request, str(refused))
            return redirect("secondments:appointment", appointment)
        else:
            messages.success(
                request, "Rendez-vous déplacé. L’autre organisme est prévenu ; prévenez la personne."
            )
            return redirect("secondments:appointment", appointment)
    back = reverse("secondments:appointment", args=[appointment])
    context: dict[str, Any] = {
        "form": form,
        "title": "Déplacer le rendez-vous",
        "lead": f"Aujourd’hui prévu le {when(row, found.zone)}. {place_of_hours(found)}.",
        "breadcrumb": [("Agents délégués", reverse("secondments:list")), (reference(appointment), back)],
        "back": back,
        "button": "Déplacer",
    }
    return render(request, "one_form.html", context)


def _booked(request: MemberRequest, secondment: UUID) -> Known:
    """A secondment whose agenda the member fills; 403 for the caisse."""
    found = known_or_404(request, secondment)
    if not can_book(acting_member(request), found.row):
        raise PermissionDenied("Seule la structure d’accueil prend les rendez-vous.")
    return found


def _known_already(request: MemberRequest) -> UUID | None:
    """What the same form booked before: its slot is no longer among the free ones, and that is no refusal."""
    member = acting_member(request)
    try:
        token = UUID(request.POST.get("token", ""))
    except ValueError:
        return None
    made = bound_id(token, organisation=member.organisation, author=member.user)
    return made if visible_to(member).filter(case_id=made).exists() else None


def _visit(request: MemberRequest, found: Known, offered: Offered) -> dict[str, Any]:
    return {
        "slots": queries.free_slots(found, at=request.instant),
        "zone": found.zone,
        "reasons": in_words(offered.reasons),
        "caisse": found.row.caisse.name,
        "initial": {
            "slot": request.GET.get("creneau", ""),
            "given_on": request.instant.astimezone(found.zone).date(),
        },
    }


def _show(
    request: MemberRequest, found: Known, form: VisitForm, title: str, template: str, **more: Any
) -> HttpResponse:
    back = reverse("secondments:agenda", args=[found.row.id])
    member, row = acting_member(request), found.row.authorisation
    unsaid = unsaid_of(row, member, at=request.instant) if found.setting.is_closed else None
    context = {
        "form": form,
        "refusal": without_roles(unsaid) if unsaid else None,
        "title": title,
        "found": found,
        "zone": place_of_hours(found),
        "breadcrumb": [
            ("Agents délégués", reverse("secondments:list")),
            (found.agent, reverse("secondments:secondment", args=[found.row.id])),
        ],
        "back": back,
        **more,
    }
    return render(request, template, context)
