"""Obligations: ticked as kept, an approval asked and answered, a procedure opened and closed."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.commitments import actions, queries
from maillage.conventions.commitments.queries import MarkLine, ObligationLine
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import WRITABLE
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.terms.base import article_named
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.facts.forms import note_field
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.conventions.writing.uploads import PapersForm, file_field, keep_files, show_kept
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.days import DayField
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

_BEGIN: Final[dict[str, tuple[str, str, Callable[..., object]]]] = {
    "cocher": ("Dire que c’est fait", "Enregistré.", actions.tick),
    "demander": ("Demander l’accord des autres parties", "Demande envoyée aux autres parties.", actions.ask),
    "ouvrir": (
        "Ouvrir la procédure",
        "Procédure ouverte ; les autres parties sont prévenues.",
        actions.open_procedure,
    ),
}
_GESTURES: Final = {"tick": "cocher", "approve": "demander", "open": "ouvrir"}
_FINISH: Final = {
    "accorder": ("Donner l’accord", "Accord donné."),
    "refuser": ("Refuser", "Refus enregistré."),
    "clore": ("Clore la procédure", "Procédure close."),
}
_SAID: Final = {
    "ticked": "tenue", "asked": "accord demandé", "approved": "accordé", "refused": "refusé", "opened": "procédure ouverte",
    "closed": "procédure close",
}  # fmt: skip


class MarkForm(PapersForm):
    """The day, a word, a document."""

    papers: ClassVar[Sequence[str]] = ("document",)
    token = forms.UUIDField(widget=forms.HiddenInput)
    day = DayField(label="Jour")
    note = note_field()
    document = file_field("Document")

    def mark(self) -> actions.Mark:
        """The act, as actions take it."""
        values = self.cleaned_data
        return actions.Mark(values["token"], values["day"], values["note"], self.kept("document"))


@page(permission=Permission.WRITE_CONVENTIONS)
def obligations(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Each obligation of the text, what was done of it, and what one may do now."""
    known = reached(request, convention)
    if (elsewhere := _closed(request, known)) is not None:
        return elsewhere
    names = {party.key: party.name for party in known.signatories}
    lines = queries.obligations(known, day_of(known.row, request.instant))
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "lines": [_line(known, one, names) for one in lines],
    }
    return render(request, "conventions/writing/obligations.html", context)


def _line(known: LoadedConvention, one: ObligationLine, names: dict[str, str]) -> dict[str, Any]:
    clause, mine = one.clause, known.mine.key if known.mine else ""
    verb = _GESTURES[clause.gesture.value]
    may = verb != "cocher" or not clause.debtors or mine in clause.debtors
    return {
        "what": typeset(clause.what),
        "article": article_named(clause.article),
        "kind": clause.kind.label,
        "marks": [_mark(known, mark, names, mine) for mark in one.marks],
        "label": _BEGIN[verb][0],
        "url": reverse("conventions:obligation", args=[known.id, clause.key, verb]) if may else "",
    }


def _mark(known: LoadedConvention, mark: MarkLine, names: dict[str, str], mine: str) -> dict[str, Any]:
    verbs = () if not mark.is_open else ("clore",) if mark.kind == "opened" else ("accorder", "refuser")
    if mark.kind == "asked" and mark.party == mine:
        verbs = ()
    return {
        "said": [_words(one, names) for one in (mark, *mark.answers)],
        "answers": [
            (_FINISH[verb][0], reverse("conventions:obligation_answer", args=[known.id, mark.id, verb]))
            for verb in verbs
        ],
    }


def _words(mark: MarkLine, names: dict[str, str]) -> str:
    note = f" : {mark.note}" if mark.note else ""
    return typeset(f"{long_date(mark.day)}, {names.get(mark.party, mark.party)}, {_SAID[mark.kind]}{note}")


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def begin(request: MemberRequest, convention: UUID, key: str, verb: str) -> HttpResponse:
    """Tick, ask, or open."""
    known = reached(request, convention)
    if (elsewhere := _closed(request, known)) is not None:
        return elsewhere
    lines = queries.obligations(known, day_of(known.row, request.instant))
    line = next((one for one in lines if one.clause.key == key), None)
    if line is None or verb not in _BEGIN:
        raise Http404
    title, done, action = _BEGIN[verb]

    def act(mark: actions.Mark) -> None:
        action(convention=known.row, obligation=key, mark=mark, by=acting_member(request), at=request.instant)

    return _form(request, known, act, (title, typeset(line.clause.what), done))


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def finish(request: MemberRequest, convention: UUID, mark: UUID, verb: str) -> HttpResponse:
    """Approve, refuse, or close."""
    known = reached(request, convention)
    if (elsewhere := _closed(request, known)) is not None:
        return elsewhere
    lines = queries.obligations(known, day_of(known.row, request.instant))
    line = next((one for one in lines if any(each.id == mark for each in one.marks)), None)
    if line is None or verb not in _FINISH:
        raise Http404
    title, done = _FINISH[verb]

    def act(given: actions.Mark) -> None:
        common: dict[str, Any] = {
            "convention": known.row, "mark": given, "by": acting_member(request), "at": request.instant,
        }  # fmt: skip
        if verb == "clore":
            actions.close_procedure(opened=mark, **common)
        else:
            actions.answer(asked=mark, approved=verb == "accorder", **common)

    return _form(request, known, act, (title, typeset(line.clause.what), done))


def _closed(request: MemberRequest, known: LoadedConvention) -> HttpResponse | None:
    signing_party(known)
    if known.row.state not in WRITABLE:
        return None
    messages.warning(request, "Cette convention n’est pas encore signée par toutes les parties.")
    return redirect("conventions:convention", known.id)


def _form(
    request: MemberRequest,
    known: LoadedConvention,
    act: Callable[[actions.Mark], None],
    said: tuple[str, str, str],
) -> HttpResponse:
    title, lead, done = said
    given = {"token": uuid7(), "day": day_of(known.row, request.instant)}
    data = request.POST if request.method == "POST" else None
    form = MarkForm(data, request.FILES or None, initial=given)
    if request.method == "POST" and form.is_valid() and keep_files(request, form, known):
        try:
            act(form.mark())
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, done)
            return redirect("conventions:obligations", known.id)
    show_kept(request, form)
    above = [*breadcrumb(known), ("Obligations", reverse("conventions:obligations", args=[known.id]))]
    context = {"form": form, "title": title, "lead": lead, "breadcrumb": above, "back": above[-1][1]}
    return render(request, "one_form.html", context)
