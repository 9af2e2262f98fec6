"""After the signature: blanks that the parties fill (a missing annex arrives), options that they choose. Facts, not avenants."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID, uuid5

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from maillage.conventions.lifecycle.completing import (
    choose_after_signature,
    fill_after_signature,
    protects_data,
)
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import BINDING, can_fill
from maillage.conventions.lifecycle.recording import day_of, kept_from
from maillage.conventions.terms import Terms, undecided
from maillage.conventions.terms.base import OptionalClause, article_named
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.web.conventions.writing.facts.forms import note_field
from maillage.web.conventions.writing.forms import AnswersForm, words
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.questions import Question, article_rank, questions
from maillage.web.conventions.writing.refusals import place, sentence
from maillage.web.conventions.writing.revising import Given, Option, plain_value
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.conventions.writing.uploads import Need, PapersForm, file_field, keep_files, show_kept
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page


class ProofForm(PapersForm):
    """By which document, and the id that makes a double click one fact."""

    papers: ClassVar[Sequence[str]] = ("document",)
    token = forms.UUIDField(widget=forms.HiddenInput)
    document = file_field("Document qui le dit", need=Need.OR_NOTE)
    note = note_field()


@page(permission=Permission.RECORD_DATA_ROLES)
def blanks(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Every blank of the text of the day: those that one may fill lead to their page."""
    known = reached(request, convention)
    if (elsewhere := _closed(request, known)) is not None:
        return elsewhere
    text, member = _text(request, known), acting_member(request)
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for one in _asked(text):
        url = _url(known, "conventions:fill", one.path) if _may(member, one.path) else ""
        groups.setdefault(one.article, []).append((typeset(one.blank.asked), one.blank.why.label, url))
    options = undecided(text) if member.may(Permission.WRITE_CONVENTIONS) else ()
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "groups": [(article_named(article), groups[article]) for article in sorted(groups, key=article_rank)],
        "options": [
            (words(Option(one.path, one.clause, "", None)), _url(known, "conventions:decide", one.path))
            for one in options
            if isinstance(one.clause, OptionalClause)
        ],
        "data_only": not member.may(Permission.WRITE_CONVENTIONS),
    }
    return render(request, "conventions/writing/blanks.html", context)


@page(permission=Permission.RECORD_DATA_ROLES, methods=("GET", "POST"))
def fill(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Fill one blank, named by its path in the text (`chemin`)."""
    known = reached(request, convention)
    if (elsewhere := _closed(request, known) or _already(request, known)) is not None:
        return elsewhere
    text, path = _text(request, known), request.GET.get("chemin", "")
    question = next((one for one in _asked(text) if one.path == path), None)
    if question is None:
        raise Http404
    if not _may(acting_member(request), path):
        raise PermissionDenied("Votre rôle ne permet de compléter que la protection des données.")
    names = [(party.key, party.name) for party in known.signatories]
    data = request.POST if request.method == "POST" else None
    form = AnswersForm(data, questions=[question], parties=names, alone=True)
    proof = ProofForm(data, request.FILES or None, initial={"token": uuid7()})
    if request.method == "POST" and _filled(request, known, text, form, proof):
        messages.success(request, f"Complété : {typeset(question.blank.asked)}.")
        return redirect("conventions:blanks", convention)
    show_kept(request, proof)
    return _show(
        request,
        known,
        "fill.html",
        {
            "form": form,
            "proof": proof,
            "question": question,
            "question_article": article_named(question.article),
        },
    )


def _filled(
    request: MemberRequest, known: LoadedConvention, text: Terms, form: AnswersForm, proof: ProofForm
) -> bool:
    """Record the answer; False when something is to put right, which the forms then say."""
    typed = form.typed()
    if form.errors or not proof.is_valid() or not keep_files(request, proof, known):
        return False
    question, answer = typed[0]
    if not answer or answer == Given():
        form.refuse({question.number: "Rien n’est écrit : répondez, ou revenez à la liste."})
        return False
    if not question.is_typed and proof.kept("document") is None:
        proof.add_error("document", "Joignez le document lui-même.")
        return False
    try:
        token = proof.cleaned_data["token"]
        with transaction.atomic():
            for rank, (path, _) in enumerate(question.places):
                fill_after_signature(
                    convention=known.row,
                    path=path,
                    value=plain_value(text, path, answer),
                    by=acting_member(request),
                    at=request.instant,
                    note=proof.cleaned_data["note"],
                    document=proof.kept("document"),
                    fact_id=uuid5(token, path) if rank else token,
                )
    except Refused as refused:
        on_proof = refused.field in proof.fields
        if on_proof:
            place(proof, refused)
        else:
            form.refuse({question.number: sentence(refused.faults[0])})
        return False
    return True


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def decide(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Keep or drop an option on which the signed text leaves the choice open."""
    known = reached(request, convention)
    if (elsewhere := _closed(request, known) or _already(request, known)) is not None:
        return elsewhere
    path = request.GET.get("chemin", "")
    found = next((one for one in undecided(_text(request, known)) if one.path == path), None)
    if found is None or not isinstance(found.clause, OptionalClause):
        raise Http404
    form = DecisionForm(request.POST or None, request.FILES or None, initial={"token": uuid7()})
    if request.method == "POST" and form.is_valid() and keep_files(request, form, known):
        kept = form.cleaned_data["keep"] == "oui"
        try:
            choose_after_signature(
                convention=known.row,
                path=path,
                keep=kept,
                by=acting_member(request),
                at=request.instant,
                note=form.cleaned_data["note"],
                document=form.kept("document"),
                fact_id=form.cleaned_data["token"],
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Clause retenue." if kept else "Clause écartée.")
            return redirect("conventions:blanks", convention)
    show_kept(request, form)
    clause = words(Option(path, found.clause, "", None))
    return _show(request, known, "decide.html", {"form": form, "clause": clause})


class DecisionForm(ProofForm):
    """Kept or not."""

    keep = forms.ChoiceField(
        label="Ce que les parties ont décidé", choices=[("oui", "La retenir"), ("non", "L’écarter")],
        widget=forms.RadioSelect, error_messages={"required": "Choisissez une réponse."},
    )  # fmt: skip
    agreed = forms.BooleanField(
        label="Les autres parties sont d’accord",
        error_messages={
            "required": "Ce choix appartient à toutes les parties : cochez quand elles sont d’accord."
        },
    )
    field_order = ("keep", "agreed", "note", "document")


def _asked(text: Terms) -> tuple[Question, ...]:
    return questions(text, text)


def _may(member: Member, path: str) -> bool:
    return member.may(Permission.WRITE_CONVENTIONS) or protects_data(path)


def _text(request: MemberRequest, known: LoadedConvention) -> Terms:
    return known.terms(day_of(known.row, request.instant))


def _closed(request: MemberRequest, known: LoadedConvention) -> HttpResponse | None:
    """None while blanks may be filled by this member."""
    signing_party(known)
    if can_fill(acting_member(request), known):
        return None
    ended = known.row.state not in BINDING and known.row.state == "ended"
    messages.warning(
        request,
        "Cette convention est terminée : ses blancs restent tels quels."
        if ended
        else "Cette convention n’est pas encore signée par toutes les parties : c’est le brouillon qui se complète.",
    )
    return redirect("conventions:convention", known.id)


def _already(request: MemberRequest, known: LoadedConvention) -> HttpResponse | None:
    if kept_from(request.POST.get("token", ""), known, acting_member(request)):
        messages.info(request, "C’était déjà enregistré : votre premier envoi a suffi.")
        return redirect("conventions:blanks", known.id)
    return None


def _url(known: LoadedConvention, name: str, path: str) -> str:
    return f"{reverse(name, args=[known.id])}?{urlencode({'chemin': path})}"


def _show(
    request: MemberRequest, known: LoadedConvention, name: str, context: dict[str, Any]
) -> HttpResponse:
    above = [*breadcrumb(known), ("Blancs", reverse("conventions:blanks", args=[known.id]))]
    return render(
        request, f"conventions/writing/{name}", {"convention": known.row, "breadcrumb": above, **context}
    )
