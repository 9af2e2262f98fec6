"""Tying a convention to others and to instruments outside; taking back a tie that is wrong."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import can_relate
from maillage.conventions.lifecycle.queries import visible_to
from maillage.conventions.lifecycle.recording import day_of
from maillage.conventions.lifecycle.relations import Tie, relate, texts_above, ties, unrelate
from maillage.conventions.terms.identity import RelationKind
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.graph import detail_of, label_of, said
from maillage.web.conventions.reading.known import Known, known_by
from maillage.web.conventions.reading.values import article_words
from maillage.web.conventions.writing.forms import CHOOSE
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.conventions.writing.uploads import PapersForm, file_field, keep_files, show_kept
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member, page

_OUTSIDE: Final = "outside"
_KINDS: Final = (
    (RelationKind.IMPLEMENTS.value, "Elle met en œuvre…"),
    (RelationKind.BACKED_ON.value, "Elle s’adosse à…"),
    (RelationKind.SUCCEEDS.value, "Elle succède à…"),
    (RelationKind.COUNTERPART_OF.value, "Elle est la contrepartie, ou le pendant local, de…"),
    (_OUTSIDE, "Elle est adossée à un instrument externe : un outil, un texte qui n’est pas dans Maillage"),
)
_MOST: Final = 500


class TieForm(PapersForm):
    """Which tie, with which convention or which text outside; its document."""

    papers: ClassVar[Sequence[str]] = ("document",)
    token = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="Lien", choices=_KINDS, widget=forms.RadioSelect, error_messages=CHOOSE)
    target = forms.ChoiceField(
        label="Avec cette convention", required=False, error_messages=CHOOSE,
        help_text="Celles auxquelles votre organisme a part, et les textes nationaux de son réseau.",
    )  # fmt: skip
    text = forms.CharField(
        label="Ou avec ce texte, cet outil, hors de Maillage", required=False, max_length=300,
        help_text="Son nom et sa référence : « Espace Partenaires, convention n° 2023-12 ». Jamais le nom d’une personne.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "Écrivez 300 caractères au plus."},
    )  # fmt: skip
    document = file_field("Pièce", "La lettre d’intention, l’instrument… PDF, PNG ou JPEG, 20 Mo au plus.")

    def __init__(
        self, data: Any = None, files: Any = None, *, others: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["target"].choices = [("", "Aucune"), *others]  # type: ignore[attr-defined]  # a ChoiceField
        self.order_fields(["kind", "target", "text", "document", "document_kept", "token"])

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("kind") == _OUTSIDE:
            if values.get("target"):
                self.add_error("target", "Un instrument externe n’est pas une convention de Maillage.")
            if not values.get("text", "").strip():
                self.add_error("text", "Nommez cet instrument et sa référence.")
        return values


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def relations(request: MemberRequest, convention: UUID) -> HttpResponse:
    """The ties of a convention, those of its text included, and a form that adds one."""
    known = _open(request, convention)
    others = _others(request, known)
    if request.method != "POST":
        return _show(request, known, TieForm(others=others, initial={"token": uuid7()}))
    form = TieForm(request.POST, request.FILES, others=others)
    if form.is_valid() and keep_files(request, form, known):
        try:
            _relate(request, known, form)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Lien enregistré.")
            return redirect("conventions:relations", known.id)
    return _show(request, known, form)


def _relate(request: MemberRequest, known: LoadedConvention, form: TieForm) -> None:
    values, member = form.cleaned_data, acting_member(request)
    kind = RelationKind.BACKED_ON.value if values["kind"] == _OUTSIDE else values["kind"]
    relate(
        convention=known.row,
        kind=kind,
        target=UUID(values["target"]) if values["target"] else None,
        text=values["text"],
        document=form.kept("document"),
        relation_id=values["token"],
        by=member,
        at=request.instant,
    )


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def remove(request: MemberRequest, convention: UUID, relation: UUID) -> HttpResponse:
    """Take back a tie, after a second look."""
    known = _open(request, convention)
    shown = _known(request, known)
    tie = next((one for one in _own(shown) if one.id == relation), None)
    if tie is None:
        raise Http404
    if request.method == "POST":
        unrelate(convention=known.row, relation=relation, by=acting_member(request))
        messages.success(request, "Lien retiré.")
        return redirect("conventions:relations", known.id)
    context = {
        "convention": known.row,
        "title": "Retirer ce lien",
        "lead": f"{capfirst(said(tie))} : {label_of(tie)}",
        "consequences": _consequences(tie),
        "button": "Retirer ce lien",
        "back": reverse("conventions:relations", args=[known.id]),
        "breadcrumb": [*breadcrumb(known), _crumb(known)],
    }
    return render(request, "conventions/writing/confirm.html", context)


def _consequences(tie: Tie) -> list[str]:
    told = ["Le lien disparaît des deux pages ; le journal garde trace de votre geste."]
    if tie.article:
        told.append(
            "Ce que le texte énonce lui-même reste montré : seul ce qui a été enregistré en plus est retiré."
        )
    if tie.document is not None:
        told.append("La pièce jointe à ce lien n’est plus montrée avec la convention.")
    if tie.kind == RelationKind.IMPLEMENTS and tie.target is not None:
        told.append(
            "Les organismes du cadre qui n’étaient informés de cette convention qu’à cause de ce lien ne la liront plus."
        )
    return told


def _open(request: MemberRequest, convention: UUID) -> LoadedConvention:
    known = reached(request, convention)
    signing_party(known)
    if not can_relate(acting_member(request), known):
        raise PermissionDenied("Votre rôle ne permet pas de lier cette convention à d’autres.")
    return known


def _others(request: MemberRequest, known: LoadedConvention) -> list[tuple[str, str]]:
    """The conventions that she may name: those that she sees, then the national texts of her network."""
    rows = visible_to(acting_member(request)).exclude(pk=known.id).order_by("sort_title", "id")
    seen = list(rows.values_list("id", "title")[:_MOST])
    above = [one for one in texts_above() if one[0] != known.id and one not in seen]
    return [(str(pk), title) for pk, title in (*seen, *above)]


def _known(request: MemberRequest, known: LoadedConvention) -> Known:
    return known_by(known, acting_member(request), day_of(known.row, request.instant))


def _own(known: Known) -> list[Tie]:
    """The ties that this convention says, without those of other conventions towards it."""
    return [tie for tie in ties(known.member, known.convention, known.terms) if not tie.incoming]


def _crumb(known: LoadedConvention) -> tuple[str, str]:
    return ("Liens avec d’autres textes", reverse("conventions:relations", args=[known.id]))


def _show(request: MemberRequest, known: LoadedConvention, form: TieForm) -> HttpResponse:
    show_kept(request, form)
    shown = _known(request, known)
    clauses = {clause.key: clause for clause in shown.terms.relations}
    lines = [
        {
            "kind": capfirst(said(tie)),
            "label": label_of(tie),
            "url": reverse("conventions:convention", args=[tie.target]) if tie.target else "",
            "detail": detail_of(shown, tie, clauses),
            "article": article_words(tie.article) if tie.article else "",
            "remove": reverse("conventions:relation_remove", args=[known.id, tie.id]) if tie.id else "",
        }
        for tie in _own(shown)
    ]
    succeeds = any(tie.kind == RelationKind.SUCCEEDS for tie in _own(shown))
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "lines": lines,
        "form": form,
        "report": reverse("conventions:fact", args=[known.id, "bilan-precedent"]) if succeeds else "",
    }
    return render(request, "conventions/writing/relations.html", context)
