"""The directory as a whole: its manager opens and closes organisations one by one."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.core.identifiers import bound_id, uuid7
from maillage.core.refusals import Fault, Refused
from maillage.organisations.directory.actions import open_body
from maillage.organisations.directory.imports.columns import COLUMNS
from maillage.organisations.directory.imports.lines import Entry, read_line
from maillage.organisations.directory.policies import can_manage_directory
from maillage.organisations.directory.tasks import KEYS, queue
from maillage.organisations.roles import Permission
from maillage.web.directory.closing import closing, named_body, reopening
from maillage.web.directory.forms import OpenForm
from maillage.web.directory.reading import opened
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member, page

_FIELDS = (
    "kind",
    "name",
    "short_name",
    "siret",
    "code",
    "finess",
    "departement",
    "commune",
    "mailbox",
    "phone",
)


@page(permission=Permission.MANAGE_DIRECTORY, methods=("GET", "POST"), fresh=True)
def open_organisation(request: MemberRequest) -> HttpResponse:
    """Open one organisation; its keys follow within seconds."""
    check_manager(request)
    form = OpenForm(request.POST or None, initial={"token": uuid7()})
    if request.method == "POST" and form.is_valid():
        try:
            identifier = _open(request, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, "Organisme ouvert. Ses clés sont faites dans la minute.")
            return redirect("directory:organisation", identifier)
    context = {
        "form": form,
        "title": "Ouvrir un organisme",
        "breadcrumb": [("Annuaire", reverse("directory:list"))],
        "back": reverse("directory:list"),
    }
    return render(request, "one_form.html", context)


def _open(request: MemberRequest, form: OpenForm) -> UUID:
    """The same reading of each cell as an import's: one rule, one wording."""
    member = acting_member(request)
    known = form.cleaned_data
    entry = _entry([known[name] for name in _FIELDS], known["territory"])
    identifier = open_body(
        new_id=bound_id(known.get("token") or uuid7(), organisation=member.organisation, author=member.user),
        entry=entry,
        parent=named_body(known["parent"], "parent"),
        by=member,
    )
    queue(KEYS)
    return identifier


def _entry(cells: list[str], territory: tuple[str, ...]) -> Entry:
    places = {name: at for at, name in enumerate(_FIELDS)}
    entry, faults = read_line(1, [*cells, " ".join(territory)], {**places, "territory": len(_FIELDS)})
    if entry is None:
        labels = {column.label: column.key for column in COLUMNS}
        raise Refused.because(_placed(fault, labels) for fault in faults)
    return entry


def _placed(fault: str, labels: dict[str, str]) -> Fault:
    label, _, why = fault.partition(" : ")
    return Fault(f"{why[:1].upper()}{why[1:]}", labels.get(label))


@page(permission=Permission.MANAGE_DIRECTORY, methods=("GET", "POST"), fresh=True)
def close(request: MemberRequest, organisation: UUID) -> HttpResponse:
    """Close any organisation."""
    check_manager(request)
    return closing(request, opened(acting_member(request), organisation))


@page(permission=Permission.MANAGE_DIRECTORY, methods=("GET", "POST"), fresh=True)
def reopen(request: MemberRequest, organisation: UUID) -> HttpResponse:
    """Open a closed organisation again, for a reason that the journal keeps."""
    check_manager(request)
    return reopening(request, opened(acting_member(request), organisation))


def check_manager(request: MemberRequest) -> None:
    """The role is worth what it says at the Cnam only."""
    if not can_manage_directory(acting_member(request)):
        raise PermissionDenied("L’annuaire est tenu par la Cnam.")
