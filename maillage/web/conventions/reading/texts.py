"""The text of a convention at any date, and what it did of its template and of its framework."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.terms import blanks
from maillage.core.calendar import DAY
from maillage.organisations.roles import Permission
from maillage.web.conventions.reading.clause_views import articles_of
from maillage.web.conventions.reading.comparison import comparisons
from maillage.web.conventions.reading.known import known_by
from maillage.web.conventions.reading.opening import day_of, opened
from maillage.web.conventions.reading.values import names_of
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.forms import FrenchDateField
from maillage.web.rules import acting_member, page

_FIRST, _LAST = date(1900, 1, 1), date(2999, 12, 31)
_OUT_OF_RANGE: Final = "Écrivez une date entre 1900 et 2999."


class AtDate(forms.Form):
    """The day at which the text is read."""

    au = FrenchDateField(label="Lire le texte tel qu’il était le", required=False)

    def clean_au(self) -> date | None:
        """A day of a possible convention."""
        day: date | None = self.cleaned_data["au"]
        if day is not None and not _FIRST <= day <= _LAST:
            raise forms.ValidationError(_OUT_OF_RANGE)
        return day


@page(permission=Permission.READ_CONVENTIONS)
def text(request: MemberRequest, convention: UUID) -> HttpResponse:
    """The clauses by article, avenants and filled blanks included, on the day asked for."""
    member = acting_member(request)
    known = opened(convention, member, verb="text_read")
    today = day_of(request, member)
    form = AtDate(request.GET)
    asked = form.cleaned_data.get("au") if form.is_valid() else None
    on = asked or today
    read = known_by(known, member, on)
    terms, articles = read.terms, articles_of(read.terms, read.names)
    local = terms.local_template
    context: dict[str, Any] = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "form": form,
        "url": reverse("conventions:text", args=[convention]),
        "articles": articles,
        "local": articles_of(local, names_of(local, {})) if local else (),
        "blank_count": len(blanks(terms)),
        "lead": _lead(known, on, is_today=on == today),
        "sections": [(article.article, article.anchor) for article in articles],
    }
    return render(request, "conventions/text.html", context)


@page(permission=Permission.READ_CONVENTIONS)
def difference(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Clause by clause, what became of the template that it was drawn from, and of its framework."""
    member = acting_member(request)
    known = opened(convention, member, verb="difference_read")
    read = known_by(known, member, day_of(request, member))
    context: dict[str, Any] = {
        "convention": known.row,
        "breadcrumb": breadcrumb(known),
        "comparisons": comparisons(read),
    }
    return render(request, "conventions/difference.html", context)


def breadcrumb(known: LoadedConvention) -> list[tuple[str, str]]:
    """The pages above a page of this convention."""
    return [
        ("Conventions", reverse("conventions:list")),
        (known.row.title, reverse("conventions:convention", args=[known.id])),
    ]


def _lead(known: LoadedConvention, on: date, *, is_today: bool) -> str:
    applied = [avenant for avenant in known.avenants if avenant.effect <= on]
    when = "aujourd’hui" if is_today else f"le {long_date(on)}"
    if not applied:
        said = f"Texte tel qu’il se lit {when} : aucun avenant n’a pris effet."
    else:
        last = applied[-1]
        said = f"Texte tel qu’il se lit {when}, avenant n° {last.number} compris (effet le {long_date(last.effect)})."
    coming = next((avenant for avenant in known.avenants if avenant.effect > on), None)
    if coming is not None:
        said += f" Il change le {long_date(coming.effect)} ; veille : {long_date(coming.effect - DAY)}."
    return said
