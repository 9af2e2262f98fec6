"""The register of commitments: what each party owes, for when, what shows that it is kept; a proof noted or taken back."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.commitments import queries
from maillage.conventions.commitments.queries import CommitmentLine
from maillage.conventions.commitments.rules import Occurrence, Standing, occurrences
from maillage.conventions.commitments.showing import Noted, cancel_evidence, note_evidence
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import can_record
from maillage.conventions.lifecycle.recording import day_of
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.commitments_table import register_table
from maillage.web.conventions.writing.facts.forms import note_field
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.conventions.writing.uploads import Need, PapersForm, file_field, keep_files, show_kept
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import short_date
from maillage.web.presentation.days import DayField
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

TITLE: Final = "Engagements"
_FIRST: Final = {Standing.LATE: 0, Standing.SOON: 1, Standing.OWED: 2}
_STATES: Final = {
    "a-faire": frozenset({Standing.LATE, Standing.SOON, Standing.OWED}),
    "en-retard": frozenset({Standing.LATE}),
}
_VIEWS: Final = {"": "Tous", "a-faire": "À faire", "en-retard": "En retard", "notres": "De notre organisme"}


class EvidenceForm(PapersForm):
    """The time that it is for, where the commitment comes back; the day, a word, a document."""

    papers: ClassVar[Sequence[str]] = ("document",)
    token = forms.UUIDField(widget=forms.HiddenInput)
    occurrence = forms.ChoiceField(label="Pour quelle échéance")
    day = DayField(label="Jour")
    note = note_field()
    document = file_field("Document", need=Need.OR_NOTE)

    def __init__(
        self, data: Any = None, files: Any = None, *, owed: Sequence[Occurrence], **options: Any
    ) -> None:
        super().__init__(data, files, **options)
        self.firsts = {one.first.isoformat(): one.first for one in owed}
        choices = [(key, typeset(_span(one))) for key, one in zip(self.firsts, owed, strict=True)]
        self.fields["occurrence"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if len(choices) < 2:
            del self.fields["occurrence"]

    def noted(self) -> Noted:
        """What was said, as actions take it."""
        values = self.cleaned_data
        first = self.firsts.get(values.get("occurrence", ""))
        return Noted(values["token"], values["day"], first, values["note"], self.kept("document"))


class ReasonForm(forms.Form):
    """Why a proof is taken back."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(
        label="Pourquoi la retirer", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


@page(permission=Permission.READ_CONVENTIONS)
def register(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Each commitment of the day's text and where it stands, what is late first."""
    known = reached(request, convention)
    lines = queries.register(known, day_of(known.row, request.instant))
    view = request.GET.get("vue", "")
    chosen = view if view in _VIEWS else ""
    mine = known.mine.key if known.mine else ""
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "title": TITLE,
        "lead": _lead(lines),
        "here": reverse("conventions:commitments", args=[known.id]),
        "views": [
            (label, len(_in_view(lines, key, mine)), f"?vue={key}" if key else "", key == chosen)
            for key, label in _VIEWS.items()
        ],
        "table": register_table(
            known, _in_view(lines, chosen, mine), may=can_record(acting_member(request), known)
        ),
    }
    return render(request, "conventions/writing/commitments.html", context)


def _lead(lines: Sequence[CommitmentLine]) -> str:
    late = sum(one.followed.standing is Standing.LATE for one in lines)
    said = f"{counted(len(lines), 'engagement')} dans le texte"
    return typeset(f"{said}, dont {late} en retard." if late else f"{said}, aucun en retard.")


def _in_view(lines: Sequence[CommitmentLine], view: str, mine: str) -> list[CommitmentLine]:
    """The lines of a view: late, then soon, then owed; the others in the order of the text."""
    if view == "notres":
        kept = [one for one in lines if mine in one.clause.debtors]
    else:
        kept = [one for one in lines if view not in _STATES or one.followed.standing in _STATES[view]]
    return sorted(kept, key=lambda one: _FIRST.get(one.followed.standing, len(_FIRST)))


def _span(one: Occurrence) -> str:
    if one.due is None:
        return f"Depuis le {short_date(one.first)}"
    return f"Du {short_date(one.first)} au {short_date(one.due)}"


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def note(request: MemberRequest, convention: UUID, key: str) -> HttpResponse:
    """Say what shows that a commitment of one's organisation is kept."""
    known = _recorded(request, convention)
    on = day_of(known.row, request.instant)
    line = next((one for one in queries.register(known, on) if one.clause.key == key), None)
    if line is None:
        raise Http404
    if known.mine is None or known.mine.key not in line.clause.debtors:
        raise PermissionDenied("Cet engagement n’est pas celui de votre organisme.")
    since = queries.running(known, on)
    owed = tuple(reversed(occurrences(line.clause.cadence, since, on))) if since else ()
    missing = line.followed.missing
    given = {"token": uuid7(), "day": on, "occurrence": missing[0].first.isoformat() if missing else None}
    data = request.POST if request.method == "POST" else None
    form = EvidenceForm(data, request.FILES or None, owed=owed, initial=given)
    if request.method == "POST" and form.is_valid() and keep_files(request, form, known):
        try:
            note_evidence(
                convention=known.row,
                commitment=key,
                noted=form.noted(),
                by=acting_member(request),
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Preuve notée.")
            return redirect("conventions:commitments", known.id)
    show_kept(request, form)
    return _form(request, known, form, "Noter ce qui montre que c’est tenu", line.clause.what)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def cancel(request: MemberRequest, convention: UUID, evidence: UUID) -> HttpResponse:
    """Take back a proof that one's organisation noted; it stays readable, with the reason."""
    known = _recorded(request, convention)
    lines = queries.register(known, day_of(known.row, request.instant))
    found = next(((one, each) for one in lines for each in one.evidence if each.id == evidence), None)
    if found is None:
        raise Http404
    line, shown = found
    if known.mine is None or shown.party != known.mine.key:
        raise PermissionDenied("Cette preuve n’est pas de votre organisme.")
    form = ReasonForm(request.POST if request.method == "POST" else None, initial={"token": uuid7()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        noted = Noted(values["token"], day_of(known.row, request.instant), note=values["note"])
        try:
            cancel_evidence(
                convention=known.row,
                evidence=evidence,
                noted=noted,
                by=acting_member(request),
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Preuve retirée ; elle reste lisible, avec sa raison.")
            return redirect("conventions:commitments", known.id)
    return _form(request, known, form, "Retirer une preuve", line.clause.what)


def _recorded(request: MemberRequest, convention: UUID) -> LoadedConvention:
    """A convention of which facts may be recorded now. Raises Http404, PermissionDenied."""
    known = reached(request, convention)
    signing_party(known)
    if not can_record(acting_member(request), known):
        raise PermissionDenied("Cette convention n’est pas encore signée par toutes les parties.")
    return known


def _form(
    request: MemberRequest, known: LoadedConvention, form: forms.Form, title: str, lead: str
) -> HttpResponse:
    above = [*breadcrumb(known), (TITLE, reverse("conventions:commitments", args=[known.id]))]
    context = {
        "form": form,
        "title": title,
        "lead": typeset(lead),
        "breadcrumb": above,
        "back": above[-1][1],
    }
    return render(request, "one_form.html", context)
