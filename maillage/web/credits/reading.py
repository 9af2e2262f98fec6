"""The credits of a convention: every envelope on a year, and one envelope in full."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.core.french import euros, listed
from maillage.organisations.roles import Permission
from maillage.steering.credits.queries import Envelope, Figure, envelopes
from maillage.steering.credits.rules import Projection, Unprojected, Year
from maillage.web.conventions.reading.tables import card_table
from maillage.web.credits.drawing import (
    described,
    month_name,
    months_table,
    picture,
    resting_on,
    short,
    whole,
)
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.cells import state_cell
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_instant, short_date
from maillage.web.presentation.numbers import counted, percent
from maillage.web.presentation.tables import Table
from maillage.web.presentation.tones import Tone
from maillage.web.presentation.typography import typeset
from maillage.web.rules import page
from maillage.web.sheets.opening import above, may_write, names_of, reached_axes

TITLE: Final = "Crédits en cours d’année"
_COLUMNS: Final = ("Enveloppe", "Consommé", "Objectif", "Fin d’année projetée", "Où elle en est")


@page(permission=Permission.READ_CONVENTIONS)
def board(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Each envelope on one year: consumed, objective, projected end."""
    known, on = reached_axes(request, convention)
    found = envelopes(known)
    years = sorted({year.number for one in found for year in one.years}, reverse=True)
    year = chosen_year(request.GET.get("annee", ""), years, on)
    writes = may_write(request, known)
    context = {
        "convention": known.row,
        "breadcrumb": above(known),
        "title": TITLE,
        "lead": typeset(f"{counted(len(found), 'enveloppe')} sous cette convention. Année {year}."),
        "here": reverse("credits:board", args=[known.id]),
        "years": _views(years, year, lambda number: sum(bool(one.year(number).months) for one in found)),
        "table": _table(known, found, year, on) if found else None,
        "new_url": reverse("credits:new", args=[known.id]) if writes else "",
        "import_url": reverse("credits:import", args=[known.id]) if writes and found else "",
    }
    return render(request, "credits/board.html", context)


@page(permission=Permission.READ_CONVENTIONS)
def envelope(request: MemberRequest, convention: UUID, envelope: UUID) -> HttpResponse:
    """One envelope: its year drawn and told, its corrections, its measures."""
    known, on = reached_axes(request, convention)
    found = one_envelope(known, envelope)
    years = [one.number for one in reversed(found.years)]
    year = found.year(chosen_year(request.GET.get("annee", ""), years, on))
    projection = found.projected(year.number)
    counting = found.counting
    sources = {month: one.source for (number, month), one in counting.items() if number == year.number}
    here = reverse("credits:envelope", args=[known.id, found.id])
    context: dict[str, Any] = {
        "convention": known.row,
        "breadcrumb": above(known, (TITLE, "credits:board")),
        "title": typeset(f"{found.name}, {year.number}"),
        "state": state_of(year, projection, on)[0],
        "tone": state_of(year, projection, on)[1],
        "here": here,
        "years": _views(years, year.number, lambda number: len(found.year(number).months)),
        "facts": _facts(year, projection, counting.get((year.number, 0))),
        "missing": _missing(year),
        "picture": picture(found, year, projection) if year.months else "",
        "picture_title": typeset("Cumul consommé, objectif et fin d’année projetée"),
        "definition": typeset(" ".join([*described(year, projection), *resting_on(projection)])),
        "months": months_table(year, sources, on),
        "corrections": _corrections(known, found, year.number),
        "measures": _measures(known, found, year.number),
        **_links(request, known, found, year.number),
    }
    return render(request, "credits/envelope.html", context)


def one_envelope(known: LoadedConvention, which: UUID) -> Envelope:
    """An envelope of this convention. Raises Http404."""
    found = envelopes(known, which)
    if not found:
        raise Http404
    return found[0]


def chosen_year(asked: str, years: list[int], on: date) -> int:
    """The year of the address if it is known; else the latest one known, not after this one."""
    if asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) in years:
        return int(asked)
    return next((year for year in years if year <= on.year), on.year)


def state_of(year: Year, projection: Projection | Unprojected, on: date) -> tuple[str, Tone]:
    """Where a year stands, in words: a month that misses, over its objective, within it."""
    due = on.month - 1 if on.year == year.number else 12 if on.year > year.number else 0
    if year.holes:
        return "Un mois manque", Tone.LATE
    if isinstance(projection, Unprojected):
        return "Pas de projection", Tone.NEUTRAL
    if year.objective is None:
        return "Sans objectif", Tone.NEUTRAL
    if year.last < due - 1 and projection.point <= year.objective:
        return "Chiffres en attente", Tone.SOON
    return _against(year.objective, projection)


def _against(objective: int, projection: Projection) -> tuple[str, Tone]:
    if (projection.low if projection.low is not None else projection.point) > objective:
        return "Au-dessus de l’objectif", Tone.LATE
    if (projection.high if projection.high is not None else projection.point) > objective:
        return "Pourrait dépasser", Tone.SOON
    return "Dans l’objectif", Tone.GOOD


def _views(years: list[int], chosen: int, many: Callable[[int], int]) -> list[tuple[str, int, str, bool]]:
    """The years as views, each with its count."""
    return [(str(year), many(year), f"?annee={year}", year == chosen) for year in years]


def _table(known: LoadedConvention, found: Sequence[Envelope], number: int, on: date) -> Table:
    rows = []
    for one in found:
        year, projection = one.year(number), one.projected(number)
        label, tone = state_of(year, projection, on)
        rows.append(
            (
                _name(known, one, number),
                _consumed(year),
                euros(year.objective) if year.objective is not None else "–",
                _projected(projection),
                state_cell(label, tone),
            )
        )
    return card_table("enveloppes", counted(len(rows), "enveloppe"), _COLUMNS, rows)


def _name(known: LoadedConvention, one: Envelope, year: int) -> SafeString:
    url = f"{reverse('credits:envelope', args=[known.id, one.id])}?annee={year}"
    return format_html(
        '<a href="{}">{}</a><span class="d-block small soft">{}</span>',
        url,
        typeset(one.name),
        one.target.label,
    )


def _consumed(year: Year) -> str:
    if not year.last:
        return "Rien encore"
    done = year.upto(year.last)
    share = f", {percent(done / year.objective)} de l’objectif" if year.objective else ""
    return typeset(f"{euros(done)} fin {month_name(year.last)}{share}")


def _projected(projection: Projection | Unprojected) -> str:
    if isinstance(projection, Unprojected):
        return "–"
    if projection.is_known:
        return typeset(f"{euros(projection.point)}, année complète")
    if projection.low is None or projection.high is None:
        return typeset(f"{whole(projection.point)}, sans intervalle")
    return typeset(f"{whole(projection.point)}, entre {short(projection.low)} et {short(projection.high)}")


def _facts(year: Year, projection: Projection | Unprojected, objective: Figure | None) -> list[Fact]:
    facts = [Fact("Consommé", _consumed(year))]
    if objective is not None:
        facts.append(Fact("Objectif", euros(objective.cents), typeset(objective.source)))
    facts.append(Fact("Fin d’année projetée", _projected(projection)))
    if year.objective is not None and isinstance(projection, Projection):
        gap = projection.point - year.objective
        facts.append(
            Fact(
                "Écart à l’objectif",
                typeset(f"{'+' if gap > 0 else ''}{whole(gap)} ({percent(gap / year.objective)})"),
            )
        )
    return facts


def _missing(year: Year) -> str:
    """The months that miss before one that is there: what comes after them is not projected."""
    if not year.holes:
        return ""
    names = listed([month_name(month) for month in year.holes])
    plural = "nt" if len(year.holes) > 1 else ""
    return typeset(
        f"Il manque{plural} : {names}. Les mois d’après ne comptent ni dans le cumul ni dans la projection."
    )


def _corrections(known: LoadedConvention, found: Envelope, year: int) -> Table | None:
    names = names_of(known)
    lines = found.history(year)
    rows = [
        (
            capfirst(month_name(one.month)) if one.month else "Objectif",
            euros(one.cents),
            typeset(f"Correction : {one.reason}") if one.corrects else "Premier chiffre",
            typeset(f"{names.get(one.party, one.party)}, {long_instant(one.at, known.zone)}"),
        )
        for one in lines
    ]
    if not rows:
        return None
    return card_table(
        "corrections",
        "Chiffres corrigés, le plus récent d’abord",
        ("Mois", "Montant", "Pourquoi", "Par qui"),
        rows,
    )


def _measures(known: LoadedConvention, found: Envelope, year: int) -> Table | None:
    names = names_of(known)
    rows = [
        (
            short_date(one.day),
            typeset(one.what),
            euros(one.cents) if one.cents is not None else "Non chiffrée",
            names.get(one.party, one.party),
        )
        for one in found.measures
        if one.day.year == year
    ]
    if not rows:
        return None
    return card_table(
        "mesures", counted(len(rows), "mesure"), ("Décidée le", "Mesure", "Montant", "Notée par"), rows
    )


def _links(request: MemberRequest, known: LoadedConvention, found: Envelope, year: int) -> dict[str, str]:
    if not may_write(request, known):
        return {"figure_url": "", "measure_url": ""}
    return {
        "figure_url": f"{reverse('credits:figure', args=[known.id, found.id])}?annee={year}",
        "measure_url": reverse("credits:measure", args=[known.id, found.id]),
    }
