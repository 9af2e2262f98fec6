"""Keeping one's own sheet, offers and mailboxes: its administrator's pages."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.identifiers import bound_id, uuid7
from maillage.core.refusals import Refused
from maillage.organisations.directory import actions, offering
from maillage.organisations.directory.models import Mailbox, Offer
from maillage.organisations.models import Organisation
from maillage.organisations.roles import Permission
from maillage.web.directory.closing import closing
from maillage.web.directory.forms import MailboxForm, OfferForm, PlacedForm, SheetForm
from maillage.web.directory.reading import opened
from maillage.web.directory.words import zones_as_typed
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member, page

Kept = TypeVar("Kept", Offer, Mailbox)


def own(request: MemberRequest) -> Organisation:
    """The member's own organisation."""
    member = acting_member(request)
    return opened(member, member.organisation)


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"))
def sheet(request: MemberRequest) -> HttpResponse:
    """Change one's own sheet; saving it assures it."""
    row = own(request)
    form = SheetForm(
        request.POST or None,
        initial={
            "address": row.address,
            "commune": zones_as_typed([row.commune]) if row.commune else "",
            "phone": row.phone,
            "mailbox": row.mailbox,
            "territory": zones_as_typed(row.territory),
        },
    )

    def act() -> None:
        actions.change_sheet(
            organisation=row, sheet=form.sheet(), by=acting_member(request), at=request.instant
        )

    return _form(request, form, act, "Tenir la fiche à jour", "Fiche enregistrée et assurée.")


@page(permission=Permission.MANAGE_ORGANISATION, methods=("POST",))
def assure(request: MemberRequest) -> HttpResponse:
    """« J’assure que cette fiche est à jour », in one click."""
    row = own(request)
    actions.assure_sheet(organisation=row, by=acting_member(request), at=request.instant)
    messages.success(request, "Merci : la fiche, ses lieux et ses boîtes sont assurés à ce jour.")
    return redirect("directory:organisation", row.pk)


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"), fresh=True)
def close_own(request: MemberRequest) -> HttpResponse:
    """Close one's own organisation."""
    return closing(request, own(request))


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"))
def new_offer(request: MemberRequest) -> HttpResponse:
    """Say where one goes for a service or a right."""
    form = OfferForm(request.POST or None, initial={"token": uuid7(), "reception": "open"})
    return _offer(request, form, None, "Ajouter un lieu ou une ligne", "Ajouté à l’annuaire.")


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"))
def offer(request: MemberRequest, offer: UUID) -> HttpResponse:
    """Change one of one's own offers."""
    row = _own_row(request, Offer, offer)
    names = ("service", "place", "reception", "address", "hours", "phone", "mailbox", "bring")
    initial = {
        **{name: getattr(row, name) for name in names},
        "commune": zones_as_typed([row.commune]) if row.commune else "",
        "territory": zones_as_typed(row.territory),
    }
    form = OfferForm(request.POST or None, initial=initial)
    return _offer(request, form, row.pk, "Changer un lieu ou une ligne", "Enregistré et assuré.")


def _offer(
    request: MemberRequest, form: OfferForm, known: UUID | None, title: str, done: str
) -> HttpResponse:
    def act() -> None:
        offering.keep_offer(
            offer_id=known or _new_id(request, form),
            sheet=form.sheet(),
            by=acting_member(request),
            at=request.instant,
        )

    return _form(request, form, act, title, done)


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"))
def new_mailbox(request: MemberRequest) -> HttpResponse:
    """Say where one writes for a use."""
    form = MailboxForm(request.POST or None, initial={"token": uuid7(), "level": "local"})
    return _mailbox(request, form, None, "Ajouter une boîte générique", "Ajoutée à l’annuaire.")


@page(permission=Permission.MANAGE_ORGANISATION, methods=("GET", "POST"))
def mailbox(request: MemberRequest, mailbox: UUID) -> HttpResponse:
    """Change one of one's own mailboxes."""
    row = _own_row(request, Mailbox, mailbox)
    initial = {name: getattr(row, name) for name in ("use", "level", "address", "label")}
    form = MailboxForm(request.POST or None, initial={**initial, "territory": zones_as_typed(row.territory)})
    return _mailbox(request, form, row.pk, "Changer une boîte générique", "Enregistrée et assurée.")


def _mailbox(
    request: MemberRequest, form: MailboxForm, known: UUID | None, title: str, done: str
) -> HttpResponse:
    def act() -> None:
        offering.keep_mailbox(
            mailbox_id=known or _new_id(request, form),
            sheet=form.sheet(),
            by=acting_member(request),
            at=request.instant,
        )

    return _form(request, form, act, title, done)


@page(permission=Permission.MANAGE_ORGANISATION, methods=("POST",))
def withdraw_offer(request: MemberRequest, offer: UUID) -> HttpResponse:
    """Take an offer off the directory."""
    return _withdraw(request, _own_row(request, Offer, offer))


@page(permission=Permission.MANAGE_ORGANISATION, methods=("POST",))
def withdraw_mailbox(request: MemberRequest, mailbox: UUID) -> HttpResponse:
    """Take a mailbox off the directory."""
    return _withdraw(request, _own_row(request, Mailbox, mailbox))


def _withdraw(request: MemberRequest, row: Offer | Mailbox) -> HttpResponse:
    offering.withdraw(row=row, by=acting_member(request), at=request.instant)
    messages.success(request, "Retiré de l’annuaire.")
    return redirect("directory:organisation", row.organisation_id)


def _own_row(request: MemberRequest, model: type[Kept], identifier: UUID) -> Kept:
    """Everybody reads it on its organisation's sheet; only its administrator changes it."""
    row = model.objects.select_related("organisation").filter(pk=identifier, withdrawn_on=None).first()
    if row is None:
        raise Http404
    if row.organisation_id != acting_member(request).organisation:
        raise PermissionDenied("Cette ligne est celle d’un autre organisme : c’est à lui de la tenir.")
    return row


def _new_id(request: MemberRequest, form: PlacedForm) -> UUID:
    """Bound to who adds: the same form sent twice adds one row, and a token read elsewhere leads nowhere."""
    member = acting_member(request)
    token = form.cleaned_data.get("token") or uuid7()
    return bound_id(token, organisation=member.organisation, author=member.user)


def _form(
    request: MemberRequest, form: PlacedForm, act: Callable[[], None], title: str, done: str
) -> HttpResponse:
    """One form, one act; back to one's own sheet."""
    back = reverse("directory:organisation", args=[acting_member(request).organisation])
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, done)
            return redirect(back)
    above = [("Annuaire", reverse("directory:list")), (acting_member(request).organisation_name, back)]
    context: dict[str, Any] = {"form": form, "title": title, "breadcrumb": above, "back": back}
    return render(request, "one_form.html", context)
