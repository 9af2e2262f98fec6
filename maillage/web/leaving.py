"""« Pour qui ? », asked by the form of each bulk export of persons' data, and decided here whatever the form says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from maillage.protection.authorisations.leaving import (
    OTHER,
    OWN,
    NotAuthorised,
    Parcel,
    may_leave,
    receivers,
)
from maillage.protection.authorisations.policies import can_follow
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member

FIELD: Final = "pour"
"""The parameter by which an export is told for whom it is; without it, for one's own organisation."""


@dataclass(frozen=True, slots=True)
class Button:
    """One format of the file, and where it is drawn."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ExportForm:
    """What the form of an export shows: for whom, what else its address carries, its formats."""

    form: forms.Form
    hidden: Sequence[tuple[str, str]]
    buttons: Sequence[Button]


def export_form(
    request: MemberRequest, parcel: Parcel, buttons: Sequence[Button], query: Mapping[str, str | Sequence[str]] | None = None
) -> ExportForm:  # fmt: skip
    """The form of an export; the usual answer is one's own organisation."""
    found = receivers(parcel, acting_member(request), request.instant)
    known = [(one.key, typeset(f"{one.name}, autorisé : {', '.join(one.references)}")) for one in found]
    form = forms.Form()
    form.fields[FIELD] = forms.ChoiceField(
        label="Pour qui ?", choices=[(OWN, "L’usage de mon organisme"), *known, (OTHER, "Un autre organisme")], initial=OWN
    )  # fmt: skip
    return ExportForm(form, list(_pairs(query or {})), buttons)


def _pairs(query: Mapping[str, str | Sequence[str]]) -> Sequence[tuple[str, str]]:
    return [
        (name, one)
        for name, value in query.items()
        if name != FIELD
        for one in ([value] if isinstance(value, str) else value)
    ]


def refused_to_leave(request: MemberRequest, parcel: Parcel) -> HttpResponse | None:
    """Ask the gate, by what the address says; the page that says why nothing leaves, or None when it may."""
    try:
        may_leave(parcel, to=_said(request), by=acting_member(request), at=request.instant)
    except NotAuthorised as refused:
        context = {"missing": refused.missing, "follows": can_follow(acting_member(request))}
        return render(request, "protection/leaving_refused.html", context, status=403)
    return None


def _said(request: HttpRequest) -> str:
    """For whom; said twice, it is for nobody that is known."""
    given = request.GET.getlist(FIELD)
    return given[0] if len(given) == 1 else OTHER if given else OWN
