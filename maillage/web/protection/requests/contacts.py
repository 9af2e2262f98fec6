"""Her as a contact of a contract: looked for by what is typed, ticked, and what she gave, for another to take up."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse

from maillage.core.refusals import Refused
from maillage.core.spreadsheets.writing import csv_file
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.protection.requests import contacts as room
from maillage.protection.requests.contact_rules import Contact
from maillage.protection.requests.drawing import portable_for
from maillage.protection.requests.held import CONTACT_LABELS, portable_cells, portable_file
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.notifications import reference
from maillage.protection.requests.queries import person_of
from maillage.web.conventions.writing.refusals import acted, place
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset
from maillage.web.protection.requests.forms import ContactSearchForm, ContactsForm
from maillage.web.protection.requests.opening import followed, is_id, show_form, to_request, today
from maillage.web.rules import acting_member, page


def contact_words(one: Contact) -> str:
    """Who, at which address, under which convention."""
    reach = ", ".join(part for part in (one.mailbox, one.phone) if part)
    who = ", ".join(part for part in (one.name, one.function) if part)
    return typeset(f"{who} ({reach}) : {one.kind.label}, {one.about}" if reach else f"{who} : {one.kind.label}, {one.about}")  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"), fresh=True)
def search(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """Look for her among the contacts of one's own organisation; what is found is ticked on the same page."""
    file, member = followed(request, rights_request), acting_member(request)
    person = person_of(file)
    form = ContactSearchForm(
        request.POST if request.method == "POST" else None,
        initial={"words": person.surname if person else ""},
    )
    found: list[Contact] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            found = room.search(file=file, words=form.cleaned_data["words"], by=member, at=request.instant)
        except Refused as refused:
            place(form, refused)
        except TransitionRefused as refused:
            messages.warning(request, str(refused))
            return to_request(file, "contacts")
    known = room.contacts_in(member, file.contacts, request.instant) if found is not None else []
    offered = {one.id: one for one in (*known, *(found or ()))}
    more = {
        "searched": found is not None,
        "cases_form": ContactsForm(
            found=[(str(key), contact_words(one)) for key, one in offered.items()],
            ticked=[str(one) for one in file.contacts],
        )
        if offered
        else None,
        "file": file,
    }
    return show_form(
        request, form, file, title="Chercher parmi vos contacts", button="Chercher", template="protection/request_contacts.html", more=more,
        lead="Les référents que votre organisme a nommés, et ses personnes inscrites à des formations.",
    )  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("POST",))
def attach(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """Say which contacts are her: those ticked, or none."""
    file, member = followed(request, rights_request), acting_member(request)
    posted = [UUID(one) for one in request.POST.getlist("contacts") if is_id(one)]
    mine = [str(one.id) for one in room.contacts_in(member, posted, request.instant)]
    form = ContactsForm(request.POST, found=[(one, one) for one in mine])

    def act(values: dict[str, Any]) -> None:
        contacts = [UUID(one) for one in values["contacts"]]
        room.attach(file=file, contacts=contacts, by=member, at=request.instant)

    if not acted(request, form, act, "Contacts de la personne notés."):
        messages.warning(
            request,
            form.non_field_errors().as_text().removeprefix("* ") or "Choisissez des contacts de la liste.",
        )
    return to_request(file, "contacts")


def _json(found: list[Contact], file: RequestFile, member: Member, request: MemberRequest) -> bytes:
    return portable_file(
        found,
        organisation=member.organisation_name,
        reference=reference(file.request_id),
        on=today(request),
    )


def _csv(found: list[Contact], *_: object) -> bytes:
    return csv_file(CONTACT_LABELS, map(portable_cells, found))


_FORMS: Final[dict[str, tuple[str, Callable[..., bytes]]]] = {
    "json": ("application/json", _json),
    "csv": ("text/csv; charset=utf-8", _csv),
}


@page(permission=Permission.PROTECT_DATA, fresh=True)
def portable(request: MemberRequest, rights_request: UUID, form: str) -> HttpResponse:
    """What she gave of herself as a contact, for another to take up (GDPR art. 20). Drawn when asked for, kept nowhere."""
    file, member = followed(request, rights_request), acting_member(request)
    if form not in _FORMS:
        raise Http404
    try:
        found = portable_for(file, by=member, at=request.instant)
    except Refused as refused:
        messages.warning(request, str(refused))
        return to_request(file, "contacts")
    kind, write = _FORMS[form]
    answer = HttpResponse(write(found, file, member, request), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="contact-{reference(file.request_id)}.{form}"'
    return answer
