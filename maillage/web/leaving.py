"""« Pour qui ? », asked by the form of each bulk export of persons' data, and decided here whatever the form says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from maillage.protection.authorisations.leaving import (
    OTHER,
    OWN,
    Missing,
    NotAuthorised,
    Parcel,
    may_leave,
    receivers,
)
from maillage.protection.policies import can_follow
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member

FIELD: Final = "pour"
"""The parameter by which an export is told for whom it is; without it, for one's own organisation."""
SCOPE: Final = "portee"
"""The parameter, once for each, by which the form of a request is told for which data several are asked at once."""
LIKE: Final = "comme"
"""The parameter by which it is told of which request of one's own it takes up the words."""


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
        context = {
            "missing": refused.missing,
            "asking": asking_for(refused.missing),
            "follows": can_follow(acting_member(request)),
        }
        return render(request, "protection/leaving_refused.html", context, status=403)
    return None


@dataclass(frozen=True, slots=True)
class Asking:
    """All that misses, asked in one go: for a body that is authorised for a part of it, or for one that is not yet."""

    label: str
    url: str


def asking_for(missing: Sequence[Missing]) -> list[Asking]:
    """The ways to ask for what misses; none where every convention ended."""
    open_ones = [one for one in missing if not one.ended]
    if not open_ones:
        return []
    known = {name: transfer for one in open_ones for transfer, name in one.authorised}
    found = []
    for name, transfer in known.items():
        left = [one.key for one in open_ones if name not in {body for _, body in one.authorised}]
        if left:
            found.append(_asking(f"Demander ce qui manque à {name}", left, str(transfer)))
    label = "Demander toutes ces autorisations" if len(open_ones) > 1 else "Demander cette autorisation"
    return [
        *found,
        _asking(f"{label} pour un autre organisme" if known else label, [one.key for one in open_ones]),
    ]


def _asking(label: str, keys: Sequence[str], like: str = "") -> Asking:
    query = [*((SCOPE, one) for one in keys), *([(LIKE, like)] if like else [])]
    return Asking(typeset(label), f"{reverse('protection:transfer_new')}?{urlencode(query)}")


def _said(request: HttpRequest) -> str:
    """For whom; said twice, it is for nobody that is known."""
    given = request.GET.getlist(FIELD)
    return given[0] if len(given) == 1 else OTHER if given else OWN
