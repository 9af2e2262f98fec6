"""The page « Seuils d’alerte » of a convention: from how many days both sides want to be told, and who said so (row D10)."""

from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from maillage.conventions.lifecycle.recording import day_of
from maillage.core.refusals import Refused
from maillage.organisations.roles import Permission
from maillage.referrals.heeding.rules import DEFAULTS, HIGHEST, LOWEST, Source, Threshold
from maillage.referrals.thresholds.actions import set_days
from maillage.referrals.thresholds.policies import can_set
from maillage.referrals.thresholds.queries import settings_of, thresholds_of
from maillage.web.conventions.reading.beyond import LABELS, WHAT, since_words, source_words
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.refusals import place
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page

_WRONG: Final = f"Écrivez un nombre de jours, de {LOWEST} à {HIGHEST}."


def _days(label: str, help_text: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=typeset(help_text),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short-input", "autocomplete": "off"}),
        error_messages={"required": _WRONG, "invalid": _WRONG},
    )


class ThresholdsForm(forms.Form):
    """Both numbers of days."""

    use_required_attribute = False
    late = _days(
        "Jours sans accusé de réception",
        "À partir de combien de jours un accusé de réception est-il en retard ?",
    )
    blocked = _days(
        "Jours sans étape", "À partir de combien de jours sans rien de nouveau un dossier est-il bloqué ?"
    )


@page(permission=Permission.WRITE_CONVENTIONS, methods=("GET", "POST"))
def thresholds(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Read the thresholds that count, those that were set before; the referents of each party set them."""
    known, member = reached(request, convention), acting_member(request)
    signing_party(known)
    found = thresholds_of(known, on=day_of(known.row, request.instant))
    # A text may count in months or in working days: the form asks for plain days.
    late, blocked = (one.period.days or DEFAULTS[one.kind] for one in found)
    form = ThresholdsForm(
        request.POST if request.method == "POST" else None, initial={"late": late, "blocked": blocked}
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = set_days(
                known=known,
                late=form.cleaned_data["late"],
                blocked=form.cleaned_data["blocked"],
                by=member,
                at=request.instant,
            )
        except Refused as refused:
            place(form, refused)
        else:
            messages.success(request, _DONE if changed else "Ces seuils étaient déjà fixés ainsi.")
            return redirect("conventions:thresholds", convention)
    context = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "facts": [_fact(one) for one in found],
        "form": form if can_set(member, known) else None,
        "has_text": any(one.source is Source.TEXT for one in found),
        "past": [
            typeset(
                f"{long_date(one.agreed.since)}, {one.by} : {counted(one.agreed.late_days, 'jour')} sans accusé de réception, "
                f"{counted(one.agreed.blocked_days, 'jour')} sans étape"
            )
            for one in settings_of(known)
        ],
    }
    return render(request, "conventions/writing/thresholds.html", context)


_DONE: Final = "Seuils fixés : les listes s’y tiennent dès maintenant, les alertes dès cette nuit."


def _fact(found: Threshold) -> Fact:
    text = f"{WHAT[found.kind]} {since_words(found.period)}"
    return Fact(LABELS[found.kind], typeset(text), typeset(source_words(found)))
