"""« Déploiement » of a framework: where each caisse stands, on a map and in a table; and a caisse's own page, where it says why (A8)."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.conventions.deployment.actions import COMMENT_LETTERS, Reason, note_reason
from maillage.conventions.deployment.policies import can_note, is_concerned
from maillage.conventions.deployment.queries import Deployment, deployment, own_deployments
from maillage.conventions.deployment.rules import Line, Standing
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.terms.services import Item
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.spreadsheets.writing import csv_file, xlsx
from maillage.organisations.roles import Permission
from maillage.organisations.territories import regions
from maillage.web.conventions.deploying import words
from maillage.web.conventions.reading.opening import day_of, opened
from maillage.web.conventions.reading.texts import breadcrumb
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.days import DayField
from maillage.web.presentation.refusals import place
from maillage.web.presentation.tables import query_with
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

TITLE: Final = "Déploiement"
_TYPES: Final = {
    "csv": ("text/csv; charset=utf-8", csv_file),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda labels, rows: xlsx("Déploiement", labels, rows),
    ),
}


class Filters(forms.Form):
    """What the map, the table and the export are limited to."""

    etat = forms.ChoiceField(
        label="Où elle en est",
        required=False,
        choices=[("", "Toutes"), *((one.value, one.label) for one in Standing)],
    )
    region = forms.ChoiceField(label="Région", required=False)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        named = sorted((one.name, one.code) for one in regions().values())
        self.fields["region"].choices = [("", "Toutes"), *((code, name) for name, code in named)]  # type: ignore[attr-defined]

    def kept(self, lines: tuple[Line, ...]) -> list[Line]:
        """The lines that it lets through; what was not understood limits nothing and says so at its field."""
        self.is_valid()
        asked = self.cleaned_data
        return words.shown(lines, asked.get("etat", ""), asked.get("region", ""))


class ReasonForm(forms.Form):
    """Why there is none: a reason of the framework's text, the day that it is true of, a few words."""

    use_required_attribute = False
    token = forms.UUIDField(widget=forms.HiddenInput)
    key = forms.ChoiceField(
        label="Pourquoi aucune convention n’est signée",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez un motif de la liste.",
            "invalid_choice": "Choisissez un motif de la liste.",
        },
    )
    day = DayField(label="À la date du")
    comment = forms.CharField(
        label="Précision",
        required=False,
        max_length=COMMENT_LETTERS,
        help_text="Une phrase, lue par les référents nationaux. Jamais le nom ni la situation d’une personne.",
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={"max_length": f"Écrivez {COMMENT_LETTERS} caractères au plus."},
    )

    def __init__(self, *given: Any, reasons: tuple[Item, ...], **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["key"].choices = [(one.key, typeset(one.label)) for one in reasons]  # type: ignore[attr-defined]

    def reason(self) -> Reason:
        """What was said, as the action takes it."""
        said = self.cleaned_data
        return Reason(said["token"], said["key"], said["day"], said["comment"])


@page(permission=Permission.READ_CONVENTIONS)
def framework(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Where each caisse stands with a framework, for its parties."""
    known = opened(convention, acting_member(request), verb="deployment_read")
    found = _of_a_party(request, known)
    context: dict[str, Any] = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "here": reverse("conventions:deployment", args=[convention]),
    }
    if found is not None:
        context |= _figures(request, known, found)
    return render(request, "conventions/deploying/framework.html", context)


def _of_a_party(request: MemberRequest, known: LoadedConvention) -> Deployment | None:
    """Nothing for what is no national text, or to a body that was only informed of it."""
    if known.mine is None or not known.mine.signs:
        return None
    return deployment(known.id, on=day_of(request, acting_member(request)))


def _figures(request: MemberRequest, known: LoadedConvention, found: Deployment) -> dict[str, Any]:
    form = Filters(request.GET)
    kept = form.kept(found.lines)
    is_whole = len(kept) == len(found.lines)
    query = {name: request.GET[name] for name in ("etat", "region") if request.GET.get(name)}
    return {
        "found": found,
        "lead": f"En vigueur depuis le {long_date(found.since)}." if found.since else "",
        "form": form,
        "tiles": words.tiles(found.lines),
        "map": words.picture(
            kept, "aucune caisse dans l’annuaire" if is_whole else "hors de ce filtre, ou sans caisse"
        ),
        "map_title": words.MAP_TITLE,
        "definition": words.DEFINITION,
        "reasons": words.reasons_table(kept),
        "table": words.table(kept),
        "former": words.former_table(kept),
        "exports": [
            (
                kind.upper(),
                reverse("conventions:deployment_export", args=[known.id, kind])
                + query_with(query).rstrip("?"),
            )
            for kind in _TYPES
        ],
    }


@page(permission=Permission.READ_CONVENTIONS)
def export(request: MemberRequest, convention: UUID, kind: str) -> HttpResponse:
    """The table as a file: the lines shown, in the same order, under the same labels."""
    if kind not in _TYPES:
        raise Http404
    known = opened(convention, acting_member(request), verb="deployment_exported")
    found = _of_a_party(request, known)
    if found is None:
        return redirect("conventions:deployment", convention)
    content_type, write = _TYPES[kind]
    rows = [words.cells(line) for line in Filters(request.GET).kept(found.lines)]
    answer = HttpResponse(write(words.LABELS, rows), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="deploiement.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@page(permission=Permission.READ_CONVENTIONS)
def own(request: MemberRequest) -> HttpResponse:
    """Where one's own caisse stands with each framework above it."""
    member = acting_member(request)
    found = own_deployments(on=day_of(request, member)) if is_concerned(member) else []
    may = can_note(member)
    context: dict[str, Any] = {
        "breadcrumb": [("Conventions", reverse("conventions:list"))],
        "is_concerned": is_concerned(member),
        "frameworks": [_own(one, may=may) for one in found],
    }
    return render(request, "conventions/deploying/own.html", context)


def _own(one: Deployment, *, may: bool) -> dict[str, Any]:
    line = one.lines[0]
    return {
        "id": one.framework,
        "title": one.title,
        "standing": line.standing.label,
        "tone": words.TONES[line.standing],
        "concluded": words.concluded_words(line) if line.concluded else "",
        "history": words.history(line),
        "note_url": words.note_url(one.framework) if may and not line.concluded else "",
        "again": bool(line.noted),
    }


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def reason(request: MemberRequest) -> HttpResponse:
    """Say why one's own caisse has none under the framework of the address."""
    member, on = acting_member(request), day_of(request, acting_member(request))
    found = own_deployments(on=on) if can_note(member) else []
    known = next((one for one in found if str(one.framework) == request.GET.get("cadre")), None)
    if known is None:
        return redirect("conventions:deployments")
    data = request.POST if request.method == "POST" else None
    form = ReasonForm(data, reasons=known.reasons, initial={"token": uuid7(), "day": on})
    if request.method == "POST" and form.is_valid():
        try:
            note_reason(framework=known.framework, reason=form.reason(), by=member, at=request.instant)
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, "Motif noté : les référents nationaux du cadre le lisent.")
            return redirect("conventions:deployments")
    context: dict[str, Any] = {
        "form": form,
        "lead": known.title,
        "back": reverse("conventions:deployments"),
        "breadcrumb": [
            ("Conventions", reverse("conventions:list")),
            (TITLE, reverse("conventions:deployments")),
        ],
    }
    return render(request, "conventions/deploying/reason.html", context)
