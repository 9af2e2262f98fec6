"""Absence and departure: who replaces whom, what remains to hand over, and the end of all roles together."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.models import Referent
from maillage.core.refusals import Refused
from maillage.organisations.models import Absence
from maillage.organisations.people import leaving
from maillage.organisations.people.queries import Colleague, colleague, colleagues
from maillage.organisations.roles import Permission
from maillage.referrals.drafts import hand_over, senders
from maillage.referrals.models import Draft
from maillage.web.middleware import MemberRequest
from maillage.web.people.changing import small_form
from maillage.web.people.forms import AbsenceForm, EndForm, HandOverForm
from maillage.web.people.members import day_of, label_of, reached
from maillage.web.presentation.dates import long_date, long_instant
from maillage.web.presentation.refusals import place
from maillage.web.rules import acting_member, page


@page(methods=("GET", "POST"))
def my_absence(request: MemberRequest) -> HttpResponse:
    """One's own absence."""
    member = acting_member(request)
    me = colleague(member, member.user, on=day_of(request, member))
    if me is None:
        raise Http404
    return _absence(request, me, back=reverse("home"))


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"))
def absence(request: MemberRequest, person: UUID) -> HttpResponse:
    """A colleague's absence, recorded by an administrator."""
    return _absence(request, reached(request, person), back=reverse("people:person", args=[person]))


def _absence(request: MemberRequest, one: Colleague, *, back: str) -> HttpResponse:
    member = acting_member(request)
    people = [
        (str(other.user.id), _offered(other))
        for other in colleagues(member, on=one.on)
        if other.current and other.user.id != one.user.id
    ]
    form = AbsenceForm(request.POST or None, people=people, initial={"since": one.on})

    def act() -> None:
        leaving.record_absence(
            person=one.user.id, away=leaving.Away(**form.cleaned_data), by=member, at=request.instant
        )

    said = ("Enregistrer une absence", f"{one.user.full_name}.", "Absence enregistrée.")
    coming = leaving.absences_of(member, one.user.id, on=one.on).select_related("replaced_by")
    more = {
        "absences": [
            (row.pk, long_date(row.since), long_date(row.until), row.replaced_by.full_name) for row in coming
        ],
        "is_alone": not people,
    }
    return small_form(request, form, act, said, back=back, more=more, template="people/absence.html")


@page(methods=("POST",))
def cancel_absence(request: MemberRequest, absence: UUID) -> HttpResponse:
    """She is back: one's own absence, or a colleague's for an administrator; 404 for any other."""
    member = acting_member(request)
    row = Absence.objects.filter(pk=absence, organisation=member.organisation).first()
    if row is None or (row.user_id != member.user and not member.may(Permission.MANAGE_ORGANISATION)):
        raise Http404
    try:
        leaving.cancel_absence(absence=row.pk, by=member)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Absence terminée : le remplacement s’arrête.")
    own = row.user_id == member.user
    return redirect("my_absence") if own else redirect("people:person", row.user_id)


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"), fresh=True)
def departure(request: MemberRequest, person: UUID) -> HttpResponse:
    """What somebody who leaves still holds, and the end of her roles."""
    one, member = reached(request, person), acting_member(request)
    form = EndForm(request.POST or None, initial={"when": "day", "last": one.on})
    if request.method == "POST" and form.is_valid():
        try:
            leaving.leave(person=one.user.id, last=form.last_day, by=member, at=request.instant)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Départ enregistré. Remettez ci-dessous ce qui reste.")
            return redirect("people:departure", one.user.id)
    return _show_departure(request, one, form, None)


@page(permission=Permission.MANAGE_ORGANISATION, methods=("POST",))
def hand(request: MemberRequest, person: UUID) -> HttpResponse:
    """Hand one draft over, unopened."""
    one, member = reached(request, person), acting_member(request)
    form = HandOverForm(request.POST, people=_successors(request, one))
    known = Draft.objects.filter(author=one.user.id, organisation=member.organisation)
    if form.is_valid() and known.filter(pk=form.cleaned_data["draft"]).exists():
        try:
            hand_over(
                draft=form.cleaned_data["draft"], to=form.cleaned_data["to"], by=member, at=request.instant
            )
        except (Refused, Draft.DoesNotExist):
            messages.error(request, "Ce brouillon a été envoyé ou remis entre-temps.")
        else:
            messages.success(request, "Brouillon remis.")
        return redirect("people:departure", one.user.id)
    if form.is_valid():
        messages.error(request, "Ce brouillon n’est plus à cette personne.")
        return redirect("people:departure", one.user.id)
    return _show_departure(request, one, EndForm(initial={"when": "day", "last": one.on}), form)


def _offered(other: Colleague) -> str:
    """A colleague to choose; who still waits for something would open nothing of what is handed to her."""
    return other.user.full_name + ("" if other.may_act else " (ne peut pas encore agir)")


def _successors(request: MemberRequest, one: Colleague) -> list[tuple[str, str]]:
    member = acting_member(request)
    able = senders(member, on=one.on) - {one.user.id}
    return [
        (str(other.user.id), _offered(other))
        for other in colleagues(member, on=one.on)
        if other.user.id in able
    ]


def _show_departure(
    request: MemberRequest, one: Colleague, form: EndForm, refused: HandOverForm | None
) -> HttpResponse:
    member = acting_member(request)
    people = _successors(request, one)
    drafts = Draft.objects.filter(author=one.user.id, organisation=member.organisation).order_by(
        "updated_at", "id"
    )
    tenures = Referent.objects.filter(organisation=member.organisation, until=None).select_related(
        "convention"
    )
    context = {
        "one": one,
        "form": form,
        "breadcrumb": [
            ("Membres", reverse("people:members")),
            ("Fiche", reverse("people:person", args=[one.user.id])),
        ],
        "roles": [
            label_of(row.role)
            for row in (*one.current, *one.coming)
            if row.until is None or row.until >= one.on
        ],
        "drafts": [
            (
                long_instant(row.updated_at),
                refused
                if refused is not None and refused["draft"].value() == str(row.id)
                else HandOverForm(people=people, initial={"draft": row.id}, auto_id=f"id_{row.id}_%s"),
            )
            for row in drafts
        ],
        "has_successors": bool(people),
        "tenures": [
            (row, row.convention.title, bool(row.mailbox) and row.mailbox.lower() == one.user.email)
            for row in tenures.order_by("convention__sort_title", "id")
        ],
        "may_name": member.may(Permission.WRITE_CONVENTIONS),
        "is_last_role_over": not one.current and not one.coming,
    }
    return render(request, "people/departure.html", context)
