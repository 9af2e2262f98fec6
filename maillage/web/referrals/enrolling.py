"""PRADO at the caisse: its enrolments under a convention, a new one, one mother's page and what is noted there."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.lifecycle.models import Convention
from maillage.core.identifiers import bound_id
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.roles import Permission
from maillage.referrals import enrolling, enrolments
from maillage.referrals.enrolments import Opened, Rendered
from maillage.referrals.models import Enrolment
from maillage.referrals.prado.rules import STEPS, Step
from maillage.referrals.routing.router import Route
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.tables import page_asked
from maillage.web.referrals.acting import ALREADY
from maillage.web.referrals.enrolment_forms import (
    AnswerForm,
    CorrectForm,
    EnrolForm,
    MidwifeForm,
    PresentForm,
    VisitForm,
    shown_visit,
)
from maillage.web.referrals.enrolment_words import (
    TONES,
    correction_events,
    enrolment_facts,
    next_act,
    table_of,
)
from maillage.web.referrals.tasks import local_day
from maillage.web.rules import acting_member, page

_ACTIONS: Final[dict[str, Callable[..., Enrolment | bool]]] = {
    "visite": enrolling.visit,
    "presentation": enrolling.present,
    "reponse": enrolling.answer,
    "sage-femme": enrolling.choose_midwife,
    "correction": enrolling.correct,
}
_DONE: Final = {
    "visite": "Visite notée.",
    "presentation": "Présentation notée.",
    "reponse": "Réponse notée.",
    "sage-femme": "Sage-femme notée.",
    "correction": "Correction notée : ce qui était noté reste lisible plus bas.",
}


@page(permission=Permission.WORK_REFERRALS)
def listed(request: MemberRequest, prado: UUID) -> HttpResponse:
    """The enrolments under a convention: those where something is to do, or all of them."""
    member, under = acting_member(request), _rendered(request, prado)
    number, everything = page_asked(request.GET), request.GET.get("vue") == "toutes"
    rows, more = enrolments.page_of(member, prado, number, waiting=not everything)
    context = {
        "table": table_of(rows, page=number, more=more, everything=everything),
        "everything": everything,
        "is_open": under.is_open,
        "convention_url": reverse("conventions:convention", args=[prado]),
        "convention_title": under.convention.row.title,
        "new_url": reverse("referrals:enrol", args=[prado]),
    }
    return render(request, "referrals/enrolments.html", context)


@page(permission=Permission.WORK_REFERRALS, methods=("GET", "POST"))
def enrol(request: MemberRequest, prado: UUID) -> HttpResponse:
    """A mother who pre-registered, or whom the adviser meets."""
    member, under = acting_member(request), _rendered(request, prado)
    places = enrolments.maternities(member, on=local_day(request.instant, member))
    form = EnrolForm(request.POST or None, maternities=places)
    if request.method == "POST" and form.is_valid():
        new = bound_id(form.cleaned_data["token"], organisation=member.organisation, author=member.user)
        try:
            made = enrolling.enrol(convention=prado, begun=form.begun(new), by=member, at=request.instant)
        except Refused as refused:
            _place(form, refused)
        else:
            messages.success(request, "Inscription ouverte." if made else ALREADY)
            return redirect("referrals:enrolment", new)
    context = {
        "form": form,
        "is_open": under.is_open,
        "has_places": bool(places),
        "list_url": reverse("referrals:enrolments", args=[prado]),
    }
    return render(request, "referrals/enrol.html", context)


@page(permission=Permission.WORK_REFERRALS)
def enrolment(request: MemberRequest, enrolment: UUID) -> HttpResponse:
    """One mother: where she stands, what is known, the next thing to note."""
    return _show(request, enrolment)


@page(permission=Permission.WORK_REFERRALS, methods=("POST",))
def note(request: MemberRequest, enrolment: UUID, slug: str) -> HttpResponse:
    """Note the visit, the presentation, the answer or the midwife."""
    member = acting_member(request)
    row = _row(request, enrolment)
    form = _form(slug, request, row)
    if form is None:
        raise Http404
    if not form.is_valid():
        return _show(request, enrolment, (slug, form))
    action = _ACTIONS[slug]
    try:
        changed = action(enrolment=enrolment, by=member, at=request.instant, **form.values())
    except TransitionRefused:
        messages.warning(
            request, "Une autre étape a été notée entre-temps : voici où en est cette inscription."
        )
    except Refused as refused:
        _place(form, refused)
        return _show(request, enrolment, (slug, form))
    else:
        if changed is False:
            messages.info(request, "C’était noté ainsi : rien n’a changé.")
        else:
            messages.success(request, _DONE[slug])
    return redirect("referrals:enrolment", enrolment)


def _form(slug: str, request: MemberRequest, row: Enrolment) -> Any:
    if slug == "visite":
        under = _rendered(request, row.convention_id)
        return VisitForm(request.POST, questions=under.questions(_today(request)))
    kinds = {
        "presentation": PresentForm,
        "reponse": AnswerForm,
        "sage-femme": MidwifeForm,
        "correction": CorrectForm,
    }
    return kinds[slug](request.POST) if slug in kinds else None


def _show(request: MemberRequest, enrolment: UUID, refused: tuple[str, Form] | None = None) -> HttpResponse:
    member = acting_member(request)
    _row(request, enrolment)
    found = enrolments.read(member, enrolment)
    forms = _acts(request, found) if found.mother else []
    noted = {
        "visite": found.row.visited_on is not None,
        "sage-femme": bool(found.mother and found.mother.midwife),
    }
    acts = [
        (
            next_act(slug, enrolment, again=noted.get(slug, False)),
            refused[1] if refused and refused[0] == slug else form,
        )
        for slug, form in forms
    ]
    context = {
        "name": found.mother.name if found.mother else "Données détruites",
        "maternity": found.row.maternity.name,
        "state": STEPS[found.step],
        "tone": TONES[found.step],
        "facts": enrolment_facts(found, _judged(request, found), member),
        "acts": acts,
        "corrections": correction_events(enrolments.corrections_of(found.row), found.mother, member),
        "list_url": reverse("referrals:enrolments", args=[found.row.convention_id]),
    }
    return render(request, "referrals/enrolment.html", context)


def _acts(request: MemberRequest, found: Opened) -> list[tuple[str, Form]]:
    """What may be noted now, the next thing first, what was noted by error last."""
    if found.mother is None:
        return []
    noted = [("correction", CorrectForm.of(found.row, found.mother))] if found.row.presented_on else []
    return [*_next_acts(request, found), *noted]


def _next_acts(request: MemberRequest, found: Opened) -> list[tuple[str, Form]]:
    today, mother, step = _today(request), found.mother, found.step
    if mother is None:
        return []
    if step is Step.ANSWER:
        return [("reponse", AnswerForm(initial={"answered_on": today}))]
    if step in (Step.MIDWIFE, Step.ENROLLED):
        return [("sage-femme", MidwifeForm(initial={"midwife": mother.midwife}))]
    acts: list[tuple[str, Form]] = []
    if step is Step.PRESENT:
        acts.append(("presentation", PresentForm(initial={"presented_on": today})))
    under = _under(request, found)
    if under is not None and step is not Step.REFUSED:
        shown = {"visited_on": today, **shown_visit(mother, found.row.visited_on)}
        acts.append(("visite", VisitForm(questions=under.questions(today), initial=shown)))
    return acts


def _under(request: MemberRequest, found: Opened) -> Rendered | None:
    """The convention of an enrolment; None where its text no longer gives PRADO to the caisse."""
    try:
        return enrolments.rendered(acting_member(request), found.row.convention_id, at=request.instant)
    except Convention.DoesNotExist:
        return None


def _judged(request: MemberRequest, found: Opened) -> Route | None:
    """The conditions of the text for her, once she was visited; None before, and where nothing can be read."""
    mother = found.mother
    under = _under(request, found) if mother is not None and found.row.visited_on else None
    return under.judged(mother.facts, mother.answers, _today(request)) if under and mother else None


def _rendered(request: MemberRequest, convention: UUID) -> Rendered:
    try:
        return enrolments.rendered(acting_member(request), convention, at=request.instant)
    except Convention.DoesNotExist as unknown:
        raise Http404 from unknown


def _row(request: MemberRequest, enrolment: UUID) -> Enrolment:
    try:
        return enrolments.enrolment_of(acting_member(request), enrolment)
    except Enrolment.DoesNotExist as unknown:
        raise Http404 from unknown


def _today(request: MemberRequest) -> date:
    return local_day(request.instant, acting_member(request))


def _place(form: Form, refused: Refused) -> None:
    for fault in refused.faults:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
