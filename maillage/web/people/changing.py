"""What an administrator changes about people: invitations, roles, trainings."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.refusals import Refused
from maillage.organisations.base import Membership
from maillage.organisations.people import inviting, memberships
from maillage.organisations.people.entering import TrainingDone, record_training
from maillage.organisations.people.models import Invitation
from maillage.organisations.roles import Permission
from maillage.web.middleware import MemberRequest
from maillage.web.people.forms import EndForm, InvitationForm, RoleForm, TrainingForm
from maillage.web.people.members import day_of, label_of, reached
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.refusals import place
from maillage.web.rules import acting_member, page


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"), fresh=True)
def invite(request: MemberRequest) -> HttpResponse:
    """Invite somebody: the same page and the same answer whether or not she has an account."""
    member = acting_member(request)
    form = InvitationForm(
        request.POST or None, kind=member.organisation_kind, initial={"since": day_of(request, member)}
    )

    def act() -> None:
        given = form.cleaned_data
        guest = inviting.Guest(
            given["email"], given["full_name"], tuple(given["roles"]), given["since"], given["until"]
        )
        inviting.invite(guest=guest, by=member, at=request.instant)

    said = (
        "Inviter une personne",
        "Elle reçoit un lien personnel, valable quatorze jours. Le message ne dit ni votre organisme, ni le rôle.",
        "Invitation envoyée. Elle apparaît dans la liste tant qu’elle n’a pas servi.",
    )
    return small_form(request, form, act, said, button="Envoyer l’invitation")


@page(permission=Permission.MANAGE_ORGANISATION, methods=("POST",))
def invite_again(request: MemberRequest, invitation: UUID) -> HttpResponse:
    """Send another link; the former dies."""
    _own(request, invitation)
    try:
        inviting.invite_again(invitation=invitation, by=acting_member(request), at=request.instant)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Invitation renvoyée : le lien précédent n’ouvre plus rien.")
    return redirect("people:members")


@page(permission=Permission.MANAGE_ORGANISATION, methods=("POST",))
def revoke_invitation(request: MemberRequest, invitation: UUID) -> HttpResponse:
    """Close an invitation."""
    _own(request, invitation)
    try:
        inviting.revoke_invitation(invitation=invitation, by=acting_member(request))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Invitation annulée : son lien n’ouvre plus rien.")
    return redirect("people:members")


def _own(request: MemberRequest, invitation: UUID) -> None:
    if not Invitation.objects.filter(
        pk=invitation, organisation=acting_member(request).organisation
    ).exists():
        raise Http404


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"), fresh=True)
def give_role(request: MemberRequest, person: UUID) -> HttpResponse:
    """One role more."""
    found, member = reached(request, person), acting_member(request)
    form = RoleForm(request.POST or None, kind=member.organisation_kind, initial={"since": found.on})

    def act() -> None:
        given = form.cleaned_data
        memberships.add_role(
            person=found.user.id,
            given=memberships.Given(given["role"], given["since"], given["until"]),
            by=member,
            at=request.instant,
        )

    said = (
        "Donner un rôle",
        f"{found.user.full_name}. Le rôle s’ajoute à ceux que la personne a déjà.",
        "Rôle donné.",
    )
    return small_form(request, form, act, said, person=found.user.id)


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"), fresh=True)
def end_role(request: MemberRequest, membership: UUID) -> HttpResponse:
    """End a role, at once or after a day."""
    member = acting_member(request)
    row = (
        Membership.objects.filter(pk=membership, organisation=member.organisation)
        .select_related("user")
        .first()
    )
    if row is None:
        raise Http404
    form = EndForm(request.POST or None, initial={"when": "day", "last": day_of(request, member)})

    def act() -> None:
        memberships.end_role(membership=row.pk, last=form.last_day, by=member, at=request.instant)

    said = (
        "Mettre fin à un rôle",
        (
            f"{row.user.full_name}, « {label_of(row.role)} », depuis le {long_date(row.since)}. "
            "Ce que la personne a enregistré reste ; ses brouillons aussi."
        ),
        "Fin du rôle enregistrée.",
    )
    return small_form(request, form, act, said, person=row.user_id)


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"))
def training(request: MemberRequest, person: UUID) -> HttpResponse:
    """Date somebody's training."""
    found = reached(request, person)
    form = TrainingForm(request.POST or None)

    def act() -> None:
        record_training(
            person=found.user.id,
            training=TrainingDone(form.cleaned_data["done_on"], form.cleaned_data["title"]),
            by=acting_member(request),
            at=request.instant,
        )

    said = (
        "Dater une formation RGPD",
        f"{found.user.full_name}. Les conventions demandent que chaque personne autorisée soit formée à la protection des données.",
        "Formation enregistrée.",
    )
    return small_form(request, form, act, said, person=found.user.id)


def small_form(
    request: MemberRequest,
    form: forms.Form,
    act: Callable[[], None],
    said: tuple[str, str, str],
    *,
    person: UUID | None = None,
    button: str = "Enregistrer",
    back: str = "",
    more: Mapping[str, object] = MappingProxyType({}),
    template: str = "one_form.html",
) -> HttpResponse:
    """One form, one act: its title, its lead, and what is said once it is done; then the sheet of the person, or the list."""
    title, lead, done = said
    back = back or (reverse("people:person", args=[person]) if person else reverse("people:members"))
    above = [("Membres", reverse("people:members"))] if back != reverse("home") else []
    if person:
        above.append(("Fiche", back))
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, done)
            return redirect(back)
    context = {
        "form": form,
        "title": title,
        "lead": lead,
        "breadcrumb": above,
        "back": back,
        "button": button,
        **more,
    }
    return render(request, template, context)
