"""The questions of a year, block by block, answered by the referents; the sheet handed over, given back, validated."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused, allowed
from maillage.indicators.figures import Figure, Year
from maillage.indicators.queries import bilans
from maillage.indicators.report import Bilan
from maillage.indicators.sheets import actions
from maillage.indicators.sheets.policies import can_answer, can_check
from maillage.indicators.sheets.queries import Filled, sheets_of
from maillage.indicators.sheets.states import TRANSITIONS, State
from maillage.indicators.trends import earlier
from maillage.indicators.years import years_of
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.texts import breadcrumb
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.indicators.forms import AnswerForm, ReasonForm
from maillage.web.indicators.questions import laid_out
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

YEARS_BESIDE: Final = 3
"""How many years before stand beside each question."""
DONE: Final = {
    "submit": "Fiche transmise : l’organisme qui tient la convention la vérifie.",
    "validate": "Fiche validée : ses chiffres ne changent plus.",
    "give_back": "La main est rendue ; les parties liront pourquoi.",
    "reopen": "Fiche ouverte de nouveau ; les parties liront pourquoi.",
}
_STEPS: Final = {"transmettre": "submit", "valider": "validate"}
_BACK: Final = {
    "rendre": ("give_back", "Rendre la main"),
    "rouvrir": ("reopen", "Ouvrir la fiche de nouveau"),
}
_BUTTONS: Final = {
    "submit": ("Transmettre la fiche", "transmettre"),
    "validate": ("Valider la fiche", "valider"),
    "give_back": ("Rendre la main…", "rendre"),
    "reopen": ("Ouvrir de nouveau…", "rouvrir"),
}


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def answers(request: MemberRequest, convention: UUID, year: int, block: int) -> HttpResponse:
    """The questions of one block. What differs from what was said is written; the rest stays as it is."""
    known, asked = reached_in(request, convention, year)
    require_answering(acting_member(request), known)
    years = [one for one in years_of(known, day_of(known.row, request.instant)) if one.number <= year]
    sheets = sheets_of(known.id, years[: 1 + YEARS_BESIDE])
    filled = sheets[asked]
    reports = bilans(known, list(sheets), day_of(known.row, request.instant), sheets)
    title, figures = _block(reports[0], block)
    data = request.POST if request.method == "POST" else None
    forms = [
        AnswerForm(
            data,
            figure=one,
            newest=filled.said.get(one.place),
            before=earlier(reports, one),
            is_open=filled.state is State.FILLING,
        )
        for one in figures
    ]
    if data is not None and _all_valid(forms):
        try:
            actions.answer(
                convention=known.row,
                year=asked,
                given=[one.given for one in forms],
                by=acting_member(request),
                at=request.instant,
            )
        except Refused as refused:
            _place(request, forms, refused)
        else:
            messages.success(request, "Réponses enregistrées.")
            return redirect("indicators:bilan", known.id, year)
    context = {
        "convention": known.row,
        "title": typeset(title),
        "lead": f"Bilan {year}",
        "breadcrumb": [
            *breadcrumb(known),
            (f"Bilan {year}", reverse("indicators:bilan", args=[known.id, year])),
        ],
        "questions": laid_out(forms, reports[0]),
        "is_open": filled.state is State.FILLING,
        "back": reverse("indicators:bilan", args=[known.id, year]),
    }
    return render(request, "indicators/answers.html", context)


def _all_valid(forms: Sequence[AnswerForm]) -> bool:
    """Whether every form is valid; each is looked at, so that each says what is wrong with it."""
    return sum(one.is_valid() for one in forms) == len(forms)


def _place(request: MemberRequest, forms: Sequence[AnswerForm], refused: Refused) -> None:
    for fault in refused.faults:
        if not any(one.take(fault) for one in forms):
            messages.warning(request, typeset(fault.message))


def reached_in(request: MemberRequest, convention: UUID, year: int) -> tuple[LoadedConvention, Year]:
    """A convention of one's own, signed by all, in force in that year. Raises Http404, PermissionDenied."""
    known = reached(request, convention)
    signing_party(known)
    if Year(year) not in years_of(known, day_of(known.row, request.instant)):
        raise Http404
    return known, Year(year)


def require_answering(member: Member, known: LoadedConvention) -> None:
    """Raise PermissionDenied for whoever answers nothing of this convention."""
    if not can_answer(member, known):
        raise PermissionDenied("Les référents des parties répondent, une fois la convention signée.")


def _block(report: Bilan, number: int) -> tuple[str, tuple[Figure, ...]]:
    """The heading and the questions of one block of the text, counted from 1. Raises Http404."""
    blocks = report.question_blocks()
    if not 1 <= number <= len(blocks):
        raise Http404
    title, figures = blocks[number - 1]
    return title or "Indicateurs de la convention", figures


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def step(request: MemberRequest, convention: UUID, year: int, verb: str) -> HttpResponse:
    """Hand the sheet over, or validate it."""
    if verb not in _STEPS:
        raise Http404
    known, asked = reached_in(request, convention, year)
    name = _STEPS[verb]
    act = {"submit": actions.submit, "validate": actions.validate}[name]
    try:
        act(convention=known.row, year=asked, by=acting_member(request), at=request.instant)
    except Refused as refused:
        messages.warning(request, typeset(refused.message))
    except TransitionRefused as late:
        messages.warning(request, typeset(str(late)))
    else:
        messages.success(request, DONE[name])
    return redirect("indicators:bilan", convention, year)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def back(request: MemberRequest, convention: UUID, year: int, verb: str) -> HttpResponse:
    """Give a sheet back, or open it again, with the reason."""
    if verb not in _BACK:
        raise Http404
    known, asked = reached_in(request, convention, year)
    if not can_check(acting_member(request), known):
        raise PermissionDenied("L’organisme qui tient la convention vérifie ses fiches.")
    name, title = _BACK[verb]
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        act = {"give_back": actions.give_back, "reopen": actions.reopen}[name]
        try:
            act(
                convention=known.row,
                year=asked,
                reason=form.cleaned_data["reason"],
                by=acting_member(request),
                at=request.instant,
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, typeset(refused.message))
        except TransitionRefused as late:
            messages.warning(request, typeset(str(late)))
            return redirect("indicators:bilan", convention, year)
        else:
            messages.success(request, DONE[name])
            return redirect("indicators:bilan", convention, year)
    context = {
        "form": form,
        "title": title,
        "lead": f"Bilan {year}",
        "back": reverse("indicators:bilan", args=[known.id, year]),
        "breadcrumb": [
            *breadcrumb(known),
            (f"Bilan {year}", reverse("indicators:bilan", args=[known.id, year])),
        ],
    }
    return render(request, "one_form.html", context)


def steps_for(member: Member, known: LoadedConvention, year: Year, filled: Filled, *, is_over: bool) -> dict[str, Any]:  # fmt: skip
    """What the member may do now with the sheet: buttons that post, and links to a reason."""
    verbs = allowed(TRANSITIONS, filled.state)
    checks = can_check(member, known)
    may = [
        verb
        for verb in verbs
        if (checks or (verb == "submit" and can_answer(member, known)))
        and (verb != "validate" or is_over)
        and (verb != "submit" or not checks)
    ]
    posts = [
        (_BUTTONS[verb][0], reverse("indicators:step", args=[known.id, year.number, _BUTTONS[verb][1]]))
        for verb in may
        if _BUTTONS[verb][1] in _STEPS
    ]
    links = [
        (_BUTTONS[verb][0], reverse("indicators:back", args=[known.id, year.number, _BUTTONS[verb][1]]))
        for verb in may
        if _BUTTONS[verb][1] in _BACK
    ]
    return {"posts": posts, "links": links}
