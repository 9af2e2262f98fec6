"""Writing credits: open an envelope, give a figure or a table of them, log a measure."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.core.french import euros
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.spreadsheets.tables import Unreadable
from maillage.organisations.roles import Permission
from maillage.steering.credits import actions
from maillage.steering.credits.lines import LABELS, Judged, Outcome, ReadTable, judge, read_lines
from maillage.steering.credits.queries import envelopes, known_amounts
from maillage.steering.credits.rules import Target
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.uploads import rebind
from maillage.web.credits.forms import EnvelopeForm, FigureForm, LinesForm, MeasureForm
from maillage.web.credits.reading import TITLE, one_envelope
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Table, plain_table
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page
from maillage.web.sheets.opening import above, recorded_axes

_TONES: Final = {
    Outcome.NEW: Tone.GOOD,
    Outcome.CORRECTION: Tone.SOON,
    Outcome.SAME: Tone.NEUTRAL,
    Outcome.WRONG: Tone.LATE,
}
_SHOWN: Final = 200
_EXAMPLE: Final = "Enveloppe A ; 2026 ; mars ; 1 234 567,50 ; état de mars ; "


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def new(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Follow one more envelope."""
    known, _ = recorded_axes(request, convention)
    form = EnvelopeForm(_data(request), initial={"token": uuid7()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            row = actions.open_envelope(
                convention=known.row,
                envelope_id=values["token"],
                name=values["name"],
                target=Target.of(values["target"]),
                by=acting_member(request),
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Enveloppe ouverte : donnez ses premiers chiffres.")
            return redirect("credits:envelope", known.id, row.pk)
    return _form(
        request,
        known,
        form,
        "Ouvrir une enveloppe",
        back=reverse("credits:board", args=[known.id]),
        over=TITLE,
    )


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def figure(request: MemberRequest, convention: UUID, envelope: UUID) -> HttpResponse:
    """Give what a month consumed or the objective of a year; where it is known already, correct it with its reason."""
    known, on = recorded_axes(request, convention)
    found = one_envelope(known, envelope)
    asked = request.GET.get("annee", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else on.year
    following = min(found.year(year).last + 1, 12)
    form = FigureForm(_data(request), initial={"token": uuid7(), "year": year, "month": str(following)})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        given = actions.Given(
            figure_id=values["token"],
            year=values["year"],
            month=int(values["month"]),
            cents=values["amount"],
            source=values["source"],
            reason=values["reason"],
            seen=values["shown"],
        )
        try:
            row = actions.give_figure(
                convention=known.row,
                envelope=found.id,
                given=given,
                by=acting_member(request),
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
            _show_known(form, found.counting.get((given.year, given.month)))
        else:
            messages.success(
                request, "Chiffre corrigé ; l’ancien reste lisible." if row.corrects_id else "Chiffre noté."
            )
            return redirect(f"{reverse('credits:envelope', args=[known.id, found.id])}?annee={row.year}")
    back = f"{reverse('credits:envelope', args=[known.id, found.id])}?annee={year}"
    return _form(request, known, form, "Donner un chiffre", back=back, over=found.name)


def _show_known(form: FigureForm, known: Any) -> None:
    """Once it is said that the figure is known: which one, so that whoever corrects knows what she replaces."""
    if known is None:
        return
    form["amount"].help_text = typeset(f"Le montant connu est {euros(known.cents)}. En euros : 1 234 567,50")
    rebind(form, shown=str(known.cents))


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def measure(request: MemberRequest, convention: UUID, envelope: UUID) -> HttpResponse:
    """Log what was decided to keep to the objective."""
    known, on = recorded_axes(request, convention)
    found = one_envelope(known, envelope)
    form = MeasureForm(_data(request), initial={"token": uuid7(), "day": on})
    back = reverse("credits:envelope", args=[known.id, found.id])
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            row = actions.log_measure(
                convention=known.row,
                envelope=found.id,
                measure_id=values["token"],
                day=values["day"],
                what=values["what"],
                cents=values["amount"],
                by=acting_member(request),
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Mesure notée.")
            return redirect(f"{back}?annee={row.day.year}")
    return _form(request, known, form, "Noter une mesure de régulation", back=back, over=found.name)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def imported(request: MemberRequest, convention: UUID) -> HttpResponse:
    """A table of figures: first what each line would do, then, once nothing is wrong, all of them at once."""
    known, on = recorded_axes(request, convention)
    form = LinesForm(_data(request), request.FILES or None, columns=LABELS.values(), example=_EXAMPLE)
    judged: tuple[Judged, ...] = ()
    read: ReadTable | None = None
    if request.method == "POST" and form.is_valid():
        try:
            read = read_lines(form.data_read())
        except Unreadable as unreadable:
            form.add_error("file" if form.cleaned_data.get("file") else "lines", typeset(str(unreadable)))
    if read is not None:
        found = envelopes(known)
        judged = judge(read.lines, known_amounts(found), [one.name for one in found], on)
        rebind(form, lines=read.text)
        if "confirm" in request.POST and not form.cleaned_data.get("file"):
            try:
                actions.import_lines(
                    convention=known.row, lines=read.lines, by=acting_member(request), at=request.instant
                )
            except Refused as refused:
                place(form, refused)
            else:
                messages.success(request, _done(judged))
                return redirect("credits:board", known.id)
    context = {
        "form": form,
        "title": "Importer des chiffres",
        "told": typeset(read.told) if read else "",
        "breadcrumb": above(known, (TITLE, "credits:board")),
        "back": reverse("credits:board", args=[known.id]),
        "table": _judged_table(judged) if judged else None,
        "empty": read is not None and not judged,
        "counts": _counts(judged),
        "ready": bool(judged) and all(one.outcome is not Outcome.WRONG for one in judged),
    }
    return render(request, "credits/import.html", context)


def _counts(judged: Sequence[Judged]) -> str:
    parts = []
    for outcome in Outcome:
        many = sum(one.outcome is outcome for one in judged)
        if many:
            parts.append(f"{outcome.label} : {many}")
    return typeset(" ; ".join(parts))


def _done(judged: Sequence[Judged]) -> str:
    written = sum(one.outcome in {Outcome.NEW, Outcome.CORRECTION} for one in judged)
    return f"{counted(written, 'chiffre écrit', 'chiffres écrits')}."


def _judged_table(judged: Sequence[Judged]) -> Table:
    """The lines that are wrong first, then the others; only the first ones of a long table."""
    ordered = sorted(judged, key=lambda one: one.outcome is not Outcome.WRONG)
    rows = [
        (
            str(one.line.number),
            typeset(one.line.envelope) or "–",
            f"{one.line.month or 'objectif'} / {one.line.year}" if one.line.year else "–",
            euros(one.line.cents) if not one.line.faults else "–",
            state_cell(capfirst(one.outcome.label), _TONES[one.outcome]),
            typeset(" ".join(one.faults)) or _replaced(one),
        )
        for one in ordered[:_SHOWN]
    ]
    columns = ("Ligne", "Enveloppe", "Mois / année", "Montant", "Ce qu’elle ferait", "Précision")
    return plain_table("lignes", counted(len(judged), "ligne"), columns, rows, stacks=True)


def _replaced(one: Judged) -> str:
    if one.outcome is not Outcome.CORRECTION or one.before is None:
        return "–"
    return f"remplace {euros(one.before)}"


def _data(request: MemberRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _form(
    request: MemberRequest, known: LoadedConvention, form: Any, title: str, *, back: str, over: str
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "lead": "" if over == TITLE else typeset(over),
        "back": back,
        "breadcrumb": [*above(known), (over, back)],
    }
    return render(request, "one_form.html", context)
