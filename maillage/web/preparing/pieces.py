"""The pieces of a file: the check-list, adding one, opening it, taking it away; the handing over beside them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from maillage.core.refusals import Refused
from maillage.documents.actions import describe
from maillage.documents.uploading import CUT
from maillage.organisations.roles import Permission
from maillage.rights import preparing
from maillage.rights.content import Step
from maillage.rights.models import PreparedPiece
from maillage.web.middleware import MemberRequest
from maillage.web.preparing.openings import sent_incomplete_words
from maillage.web.preparing.pieces_form import ADDED, PiecesForm
from maillage.web.preparing.stage import Stage
from maillage.web.preparing.words import checked, piece_label, stray
from maillage.web.presentation.refusals import place
from maillage.web.rules import acting_member, page
from maillage.web.serving import download


def show_pieces(request: MemberRequest, stage: Stage, form: PiecesForm | None = None) -> HttpResponse:
    """The step, as it is kept or with what was just refused."""
    if form is None:
        typed = stage.content.typed.get(Step.PIECES)
        form = PiecesForm(MultiValueDict(typed) if typed else None, stage=stage)
    declared = stage.content.declared
    context: dict[str, Any] = {
        "form": form,
        "stage": stage,
        "slug": "pieces",
        "steps": stage.links("pieces"),
        **stage.heading,
        "declared": declared,
        "lines": checked(stage),
        "stray": stray(stage),
        "without": sent_incomplete_words(stage.promise),
        "print_url": reverse("preparations:paper", args=[stage.preparation]),
    }
    return render(request, "preparing/step_pieces.html", context)


def answer_pieces(request: MemberRequest, stage: Stage) -> HttpResponse:
    """Add a piece where one is given, keep the rest as accepted or as typed, then go where the button leads."""
    form, added = PiecesForm(request.POST, request.FILES, stage=stage), False
    form.is_valid()
    if request.META.get(CUT):
        form.cut()
    elif form.wants_piece():
        added = _add(request, stage, form)
        if not added:
            return _kept_as_typed(request, stage, form)
    if form.errors.keys() & set(ADDED):
        return _kept_as_typed(request, stage, form)
    if added:
        stage = _again(request, stage)
        form = PiecesForm(_without_piece(request.POST), stage=stage)
    is_right = form.is_valid()
    if is_right:
        content = stage.content.accepting(Step.PIECES, **form.answers())
    elif _said_nothing(request.POST, form):
        content = stage.content
    else:
        content = stage.content.keeping(Step.PIECES, _typed(request.POST, form, added=added))
    kept = stage.with_content(content)
    if (elsewhere := _leaves(request, kept, form)) is not None:
        return elsewhere
    if added and "ajouter" in request.POST:
        shown = {
            name: request.POST[name] for name in form.fields if name in request.POST and name not in ADDED
        }
        return show_pieces(request, kept, PiecesForm(stage=kept, shown=shown))
    return (
        HttpResponseRedirect(stage.url(kept.after("pieces")))
        if is_right
        else show_pieces(request, kept, form)
    )


def _add(request: MemberRequest, stage: Stage, form: PiecesForm) -> bool:
    """Whether the piece is there now; what is refused of it stands at its fields."""
    scanned = form.scanned()
    if scanned is None or stage.preparation is None:
        return False
    try:
        preparing.add_piece(
            preparation=stage.preparation, scanned=scanned, by=acting_member(request), at=request.instant
        )
    except Refused as refused:
        form.refuse_piece(refused)
        return False
    messages.success(request, "Pièce ajoutée : elle est chiffrée, et reste chez vous jusqu’à l’envoi.")
    return True


def _kept_as_typed(request: MemberRequest, stage: Stage, form: PiecesForm) -> HttpResponse:
    kept = stage.with_content(stage.content.keeping(Step.PIECES, _typed(request.POST, form, added=False)))
    if "ajouter" in request.POST:
        form.judge_piece_alone()
    return _leaves(request, kept, form) or show_pieces(request, kept, form)


def _leaves(request: MemberRequest, kept: Stage, form: PiecesForm) -> HttpResponse | None:
    """Keep the step; then where a button that needs no right answer leads, or the reason why nothing could be kept."""
    assert kept.preparation is not None  # noqa: S101 - the caller has just opened it
    try:
        preparing.keep(
            preparation=kept.preparation, content=kept.content, by=acting_member(request), at=request.instant
        )
    except Refused as refused:
        place(form, refused)
        return show_pieces(request, kept, form)
    if "retour" in request.POST:
        return HttpResponseRedirect(kept.url(kept.before("pieces")))
    return _to_removal(kept, request.POST["retirer"]) if "retirer" in request.POST else None


def _again(request: MemberRequest, stage: Stage) -> Stage:
    """The same place, with the piece that was just added."""
    assert stage.preparation is not None  # noqa: S101 - a piece was added to it
    opened = preparing.open_preparation(acting_member(request), stage.preparation, for_update=True)
    return Stage(stage.member, stage.at, opened.content, stage.preparation, opened.pieces)


def _typed(data: QueryDict, form: PiecesForm, *, added: bool) -> dict[str, list[str]]:
    """What was typed; a file cannot be shown again, and what belonged to a piece that was added is done with."""
    left = {"token", *(ADDED if added else ())}
    return {name: data.getlist(name) for name in form.fields if name in data and name not in left}


def _without_piece(data: QueryDict) -> QueryDict:
    rest = data.copy()
    for name in ADDED:
        rest.pop(name, None)
    return rest


def _said_nothing(data: QueryDict, form: PiecesForm) -> bool:
    """Whether a piece was added before anything else of the step was answered: nothing is to be corrected yet."""
    mine = (name for name in form.fields if name not in ADDED)
    return "ajouter" in data and not any(data.get(name, "").strip() for name in mine)


def _to_removal(stage: Stage, wanted: str) -> HttpResponse:
    found = next((piece for piece in stage.pieces if str(piece.id) == wanted), None)
    if found is None:  # taken away already, or never there
        return HttpResponseRedirect(stage.url("pieces"))
    return redirect("preparations:remove_piece", stage.preparation, found.id)


@page(permission=Permission.SEND_REFERRALS)
def piece(request: MemberRequest, preparation: UUID, prepared: UUID) -> HttpResponse:
    """A piece, as a download, for its author and whoever replaces her."""
    member = acting_member(request)
    try:
        document = preparing.piece_of(member, preparation, prepared).document
    except PreparedPiece.DoesNotExist as unknown:
        raise Http404 from unknown
    return download(document, by=member)


@page(permission=Permission.SEND_REFERRALS, methods=("GET", "POST"))
def remove_piece(request: MemberRequest, preparation: UUID, prepared: UUID) -> HttpResponse:
    """Look once more, then take a piece away with its file."""
    member, back = acting_member(request), reverse("preparations:step", args=[preparation, "pieces"])
    try:
        found = preparing.piece_of(member, preparation, prepared)
    except PreparedPiece.DoesNotExist as unknown:
        raise Http404 from unknown
    if request.method == "POST":
        preparing.remove_piece(preparation=preparation, piece=prepared, by=member, at=request.instant)
        messages.success(request, "Pièce retirée : son fichier est effacé.")
        return HttpResponseRedirect(back)
    context = {
        "title": "Retirer une pièce",
        "label": piece_label(found.key),
        "name": describe(found.document).name,
        "back": back,
    }
    return render(request, "preparing/remove.html", context)
