"""The page « Boîte de la convention »: what its parties wrote to each other about nobody, and the form to write."""

from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.solicitations.box import box_runs, can_note, write_note
from maillage.core.identifiers import bound_id, uuid7
from maillage.core.refusals import Refused
from maillage.exchange.models import Note
from maillage.exchange.queries import Box, box_of
from maillage.exchange.rules import LONGEST
from maillage.organisations.member import Member
from maillage.organisations.models import User
from maillage.organisations.roles import Permission
from maillage.web.conventions.soliciting.forms import NOBODY
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import ThreadLine
from maillage.web.presentation.dates import long_instant
from maillage.web.presentation.forms import ParagraphsField
from maillage.web.presentation.numbers import number
from maillage.web.rules import acting_member, page

BEFORE: Final = "avant"
_ALREADY: Final = "C’était déjà fait : votre premier clic a suffi."


class NoteForm(forms.Form):
    """A note: about nobody."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Rechargez la page."})
    text = ParagraphsField(
        label="Votre mot aux autres parties",
        help_text=NOBODY,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={
            "required": "Écrivez quelques mots.",
            "max_length": f"Écrivez {number(LONGEST)} caractères au plus.",
        },
    )


@page(permission=Permission.READ_CONVENTIONS, methods=("GET", "POST"))
def box(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Read the box, and write in it."""
    known, member = reached(request, convention), acting_member(request)
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"token": uuid7()})
    if request.method == "POST":
        signing_party(known)
        if form.is_valid() and _written(request, known, member, form):
            return redirect("conventions:box", convention)
    notes = box_of(convention, before=_before(request))
    people = dict(
        User.objects.filter(id__in={note.author for note in notes.notes}).values_list("id", "full_name")
    )
    runs = box_runs(known, request.instant)
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "lines": [_line(note, people, member) for note in notes.notes],
        **_urls(convention, notes),
        "runs": runs,
        "form": form if form.errors or (runs and can_note(member, known)) else None,
    }
    return render(request, "conventions/soliciting/box.html", context)


def _written(request: MemberRequest, known: LoadedConvention, member: Member, form: NoteForm) -> bool:
    """Whether the note is there; what is refused is said at its field."""
    own = bound_id(form.cleaned_data["token"], organisation=member.organisation, author=member.user)
    try:
        new = write_note(
            known=known, note_id=own, text=form.cleaned_data["text"], by=member, at=request.instant
        )
    except Refused as refused:
        place(form, refused)
        return False
    if new:
        messages.success(request, "C’est écrit. Les autres parties sont prévenues, sans rien de son contenu.")
    else:
        messages.info(request, _ALREADY)
    return True


def _before(request: MemberRequest) -> UUID | None:
    try:
        return UUID(request.GET.get(BEFORE, ""))
    except ValueError:
        return None


def _urls(convention: UUID, shown: Box) -> dict[str, str]:
    here = reverse("conventions:box", args=[convention])
    return {
        "older_url": f"{here}?{BEFORE}={shown.older}" if shown.older else "",
        "latest_url": "" if shown.is_whole_end else here,
    }


def _line(note: Note, people: dict[UUID, str], member: Member) -> ThreadLine:
    return ThreadLine(
        body=note.organisation.name,
        who=people.get(note.author, ""),
        when=long_instant(note.at, ZoneInfo(member.time_zone)),
        text=note.text,
        is_mine=note.organisation_id == member.organisation,
    )
