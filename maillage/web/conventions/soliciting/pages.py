"""Calling on a referent, reading what was asked and answered, answering."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.referents.queries import on_duty
from maillage.conventions.solicitations import queries
from maillage.conventions.solicitations.actions import (
    Question,
    answer,
    ask,
    callable_parties,
    follows,
    withdraw,
)
from maillage.conventions.solicitations.models import Solicitation
from maillage.conventions.solicitations.notifications import reference
from maillage.conventions.solicitations.policies import can_answer, can_withdraw
from maillage.conventions.solicitations.rules import Called, Way
from maillage.conventions.terms.base import article_named
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading import opening
from maillage.web.conventions.soliciting.forms import AnswerForm, QuestionForm
from maillage.web.conventions.soliciting.words import facts, line
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.numbers import phone
from maillage.web.rules import acting_member, page

ANSWERED_SHOWN: Final = 50
OPEN_SHOWN: Final = 200


@page(permission=Permission.READ_CONVENTIONS)
def solicitations(request: MemberRequest) -> HttpResponse:
    """What awaits an answer of the member's organisation, what it awaits itself, and what was answered."""
    member = acting_member(request)
    on = opening.day_of(request, member)
    sections = [
        ("À répondre", queries.to_answer(member)[:OPEN_SHOWN], "Personne n’attend de réponse de vos référents."),
        ("Demandées par votre organisme", queries.asked_open(member)[:OPEN_SHOWN], "Votre organisme n’attend pas de réponse."),
        ("Répondues", queries.answered(member)[:ANSWERED_SHOWN], "Aucune réponse pour le moment."),
        ("Retirées par qui les a posées", queries.withdrawn(member)[:ANSWERED_SHOWN], "Aucune question n’a été retirée."),
    ]  # fmt: skip
    context = {
        "sections": [
            (title, [line(row, member, on) for row in rows], empty) for title, rows, empty in sections
        ],
    }
    return render(request, "conventions/soliciting/list.html", context)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def solicit(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Call on a referent of another party: for information or for the right service. A case goes through its own page."""
    known = reached(request, convention)
    signing_party(known)
    member, on = acting_member(request), day_of(known.row, request.instant)
    open_to = callable_parties(known, on)
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        parties=[(one.party, _name(known, one)) for one in open_to],
        ways=[(way.value, capfirst(way.label)) for way in Way if not way.is_personal],
        initial={"token": uuid7(), "party": open_to[0].party if len(open_to) == 1 else None},
    )
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        question = Question(question_id=values.pop("token"), **values)
        try:
            row = ask(convention=known.row, question=question, by=member, at=request.instant)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(
                request, "Question envoyée : les référents sont prévenus, sans rien de son contenu."
            )
            return redirect("conventions:solicitation", row.pk)
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "form": form if open_to and known.row.state == "in_force" else None,
        "runs": known.row.state == "in_force",
        "called": [
            (_name(known, one), article_named(one.article), _duty(known, one, request)) for one in open_to
        ],
        "progress": any(Way.PROGRESS in one.ways for one in open_to),
        "cases_url": reverse("referrals:list") if member.may(Permission.READ_REFERRALS) else "",
    }
    return render(request, "conventions/soliciting/solicit.html", context)


def _name(known: LoadedConvention, called: Called) -> str:
    party = known.party(called.party)
    return party.name if party else called.party


def _duty(known: LoadedConvention, called: Called, request: MemberRequest) -> list[str]:
    """Who answers there today, by function."""
    return [
        f"{row.function} ({', '.join(part for part in (row.mailbox, phone(row.phone)) if part)})"
        for row in on_duty(known, day_of(known.row, request.instant))
        if row.party_key == called.party
    ]


@page(permission=Permission.READ_CONVENTIONS)
def solicitation(request: MemberRequest, solicitation: UUID) -> HttpResponse:
    """One question and its answer. About a case, only whoever may open the case reads them."""
    member = acting_member(request)
    row = _reached(member, solicitation)
    try:
        words = queries.words_of(member, row)
    except queries.NotFollowed:
        words = None
    context = {
        "row": row,
        "code": reference(row.pk),
        "facts": facts(row),
        "words": words,
        "line": line(row, member, opening.day_of(request, member)),
        "case_url": reverse("referrals:case", args=[row.case_id])
        if row.case_id and member.may(Permission.READ_REFERRALS)
        else "",
        "answer_url": _answer_url(row) if _waits(row) and can_answer(member, row) else "",
        "withdraw_url": _withdraw_url(row) if _waits(row) and can_withdraw(member, row) else "",
        "breadcrumb": [("Sollicitations", reverse("conventions:solicitations"))],
    }
    return render(request, "conventions/soliciting/solicitation.html", context)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def answer_plain(request: MemberRequest, solicitation: UUID) -> HttpResponse:
    """Answer a question about nobody."""
    row = _reached(acting_member(request), solicitation)
    if row.case_id:
        raise Http404
    return _answer(request, row)


@page(permission=Permission.WORK_REFERRALS, methods=("GET", "POST"))
def answer_progress(request: MemberRequest, progress: UUID) -> HttpResponse:
    """Answer where a case stands: whoever follows it."""
    row = _reached(acting_member(request), progress)
    if not row.case_id:
        raise Http404
    return _answer(request, row)


def _answer(request: MemberRequest, row: Solicitation) -> HttpResponse:
    member = acting_member(request)
    if not can_answer(member, row):
        raise PermissionDenied("C’est aux référents de l’organisme sollicité de répondre.")
    if not _waits(row):
        gone = "Cette question a été retirée par qui l’a posée." if row.withdrawn_at else ""
        messages.info(request, gone or "Quelqu’un de votre organisme a déjà répondu.")
        return redirect("conventions:solicitation", row.pk)
    may_open = not row.case_id or follows(member, row.case_id)
    form = AnswerForm(request.POST if request.method == "POST" else None, is_personal=bool(row.case_id))
    if may_open and request.method == "POST" and form.is_valid():
        try:
            answer(solicitation=row.pk, text=form.cleaned_data["text"], by=member, at=request.instant)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Réponse envoyée : l’organisme est prévenu, sans rien de son contenu.")
            return redirect("conventions:solicitation", row.pk)
    context = {
        "row": row,
        "code": reference(row.pk),
        "facts": facts(row),
        "form": form if may_open else None,
        "case_url": reverse("referrals:case", args=[row.case_id]) if row.case_id else "",
        "words": queries.words_of(member, row) if may_open else None,
        "breadcrumb": [
            ("Sollicitations", reverse("conventions:solicitations")),
            (reference(row.pk), reverse("conventions:solicitation", args=[row.pk])),
        ],
    }
    return render(request, "conventions/soliciting/answer.html", context)


@page(permission=Permission.WRITE_CONVENTIONS, methods=("POST",))
def withdraw_plain(request: MemberRequest, asked: UUID) -> HttpResponse:
    """Take back a question about nobody."""
    return _withdraw(request, asked, is_about_a_case=False)


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def withdraw_progress(request: MemberRequest, asked_progress: UUID) -> HttpResponse:
    """Take back a question about a case."""
    return _withdraw(request, asked_progress, is_about_a_case=True)


def _withdraw(request: MemberRequest, solicitation: UUID, *, is_about_a_case: bool) -> HttpResponse:
    member = acting_member(request)
    row = _reached(member, solicitation)
    if bool(row.case_id) is not is_about_a_case:
        raise Http404
    if not can_withdraw(member, row):
        raise PermissionDenied("C’est à l’organisme qui a posé la question de la retirer.")
    try:
        withdraw(solicitation=row.pk, by=member, at=request.instant)
    except Refused as refused:
        messages.warning(request, refused.message)
    else:
        messages.success(
            request,
            "Question retirée : elle n’attend plus de réponse. L’organisme à qui elle était posée est prévenu.",
        )
    return redirect("conventions:solicitation", row.pk)


def _waits(row: Solicitation) -> bool:
    return row.answered_at is None and row.withdrawn_at is None


def _withdraw_url(row: Solicitation) -> str:
    name = "solicitation_progress_withdraw" if row.case_id else "solicitation_withdraw"
    return reverse(f"conventions:{name}", args=[row.pk])


def _answer_url(row: Solicitation) -> str:
    name = "solicitation_progress_answer" if row.case_id else "solicitation_answer"
    return reverse(f"conventions:{name}", args=[row.pk])


def _reached(member: Member, solicitation: UUID) -> Solicitation:
    row = queries.visible_to(member).filter(pk=solicitation).first()
    if row is None:
        raise Http404
    return row
