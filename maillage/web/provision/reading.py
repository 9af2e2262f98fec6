"""The provisions of a convention, and one of them: the triangle, the factors, the estimate and its error, the gap to what was paid."""

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.core.french import euros
from maillage.organisations.roles import Permission
from maillage.steering.provision.queries import Provision, provisions
from maillage.steering.provision.queries import provision as find
from maillage.steering.provision.rules import Estimate, Triangle, estimate, gap, remarks
from maillage.web.conventions.reading.tables import card_table
from maillage.web.credits.drawing import whole
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_date, long_instant
from maillage.web.presentation.numbers import counted, number, percent
from maillage.web.presentation.tables import Column, Row, Table, plain_table
from maillage.web.presentation.typography import typeset
from maillage.web.rules import page
from maillage.web.sheets.opening import above, may_write, names_of, reached_axes

TITLE: Final = "Provisions de fin d’année"
SLUGS: Final = {"dotation": "grant", "forfait": "package", "prix-de-journee": "day_price"}
"""The components by the word of their address."""
WORDS: Final = {component: slug for slug, component in SLUGS.items()}
_COLUMNS: Final = ("Exercice", "Composante", "Provision estimée", "Erreur-type", "Réalisé", "Écart")
RESTS_ON: Final = (
    (
        "Les paiements d’une année de soins se développent comme ceux des années d’avant : d’une fin d’année à la suivante, le cumul "
        "est multiplié par le facteur que leurs sommes donnent (chain-ladder)."
    ),
    "Après la dernière fin d’année du tableau, plus rien ne se paie : ce qui se paierait plus tard n’est pas compté.",
    (
        "Les années de soins sont indépendantes, et la variance de ce qui se paie grandit comme le cumul : c’est de là que vient "
        "l’erreur-type (T. Mack, ASTIN Bulletin 23, 1993)."
    ),
    (
        "Une mesure qui change le rythme des paiements, une hausse des prix, un rattrapage ne se voient pas dans le passé : "
        "l’estimation n’en sait rien."
    ),
)


@page(permission=Permission.READ_CONVENTIONS)
def board(request: MemberRequest, convention: UUID) -> HttpResponse:
    """Every provision, the latest year first."""
    known, _ = reached_axes(request, convention)
    found = provisions(known)
    context = {
        "convention": known.row,
        "breadcrumb": above(known),
        "title": TITLE,
        "lead": typeset(
            f"{counted(len(found), 'provision estimée', 'provisions estimées')} sous cette convention."
        ),
        "table": _table(known, found) if found else None,
        "new_url": reverse("provision:new", args=[known.id]) if may_write(request, known) else "",
    }
    return render(request, "provision/board.html", context)


@page(permission=Permission.READ_CONVENTIONS)
def provision(request: MemberRequest, convention: UUID, year: int, slug: str) -> HttpResponse:
    """One provision in full."""
    known, _ = reached_axes(request, convention)
    found = one_provision(known, year, slug)
    triangle, estimated = found.newest.triangle, found.estimate
    writes = may_write(request, known)
    context: dict[str, Any] = {
        "convention": known.row,
        "breadcrumb": above(known, (TITLE, "provision:board")),
        "title": title_of(found),
        "facts": _facts(known, found, estimated),
        "triangle": triangle_table(triangle),
        "factors": _factors_table(triangle, estimated),
        "origins": _origins_table(estimated),
        "remarks": [typeset(said) for said in remarks(triangle)],
        "rests_on": [typeset(said) for said in RESTS_ON],
        "history": _history(known, found),
        "actual_url": reverse("provision:actual", args=[known.id, year, slug]) if writes else "",
        "correct_url": f"{reverse('provision:new', args=[known.id])}?exercice={year}&composante={slug}"
        if writes
        else "",
    }
    return render(request, "provision/provision.html", context)


def one_provision(known: LoadedConvention, year: int, slug: str) -> Provision:
    """A provision of this convention. Raises Http404."""
    found = find(known, year, SLUGS[slug]) if slug in SLUGS else None
    if found is None:
        raise Http404
    return found


def title_of(found: Provision) -> str:
    """« Provision 2025, dotation globale »."""
    return typeset(f"Provision {found.year}, {found.component.label}")


def triangle_table(triangle: Triangle) -> Table:
    """The payments as they were given, one line for each year of care."""
    size = len(triangle.rows)
    columns: list[str | Column] = [
        "Année de soins",
        *(Column(_after(step), is_number=True) for step in range(size)),
    ]
    rows = [
        (str(triangle.first + place), *(euros(cell) for cell in row), *("" for _ in range(size - len(row))))
        for place, row in enumerate(triangle.rows)
    ]
    return plain_table("triangle", "Paiements cumulés", columns, rows)


def _after(step: int) -> str:
    return "Fin d’année" if not step else f"{counted(step, 'an')} après"


def _table(known: LoadedConvention, found: tuple[Provision, ...]) -> Table:
    rows, links = [], []
    for one in found:
        estimated = one.estimate
        links.append(reverse("provision:provision", args=[known.id, one.year, WORDS[one.component.value]]))
        rows.append(
            (
                str(one.year),
                capfirst(one.component.label),
                whole(estimated.reserve),
                _error(estimated),
                euros(one.actual.cents) if one.actual else "Pas encore connu",
                _gap(one, estimated) or "–",
            )
        )
    table = card_table("provisions", counted(len(rows), "provision"), _COLUMNS, rows)
    drawn = [Row(row.cells, url) for row, url in zip(table.rows, links, strict=True)]
    return Table(table.name, table.caption, table.headings, drawn, stacks=True)


def _facts(known: LoadedConvention, found: Provision, estimated: Estimate) -> list[Fact]:
    drawn, names = found.newest, names_of(known)
    who = f"{names.get(drawn.party, drawn.party)}, {long_instant(drawn.at, known.zone)}"
    facts = [
        Fact(
            "Provision estimée",
            whole(estimated.reserve),
            "Ce qui reste à payer pour les soins de ces années.",
        ),
        Fact("Erreur-type", _error(estimated), "L’ordre de grandeur de l’écart auquel s’attendre."),
        Fact("Source des paiements", typeset(drawn.source), typeset(who)),
    ]
    if found.actual is not None:
        actual = found.actual
        facts.append(
            Fact(
                "Réalisé",
                euros(actual.cents),
                typeset(f"Arrêté le {long_date(actual.known_on)}. {actual.source}"),
            )
        )
        facts.append(Fact("Écart", typeset(_gap(found, estimated))))
    return facts


def _error(estimated: Estimate) -> str:
    if estimated.error is None:
        return "Trop peu d’années (moins de quatre)"
    share = (
        f", {percent(estimated.error / estimated.reserve)} de la provision" if estimated.reserve > 0 else ""
    )
    return typeset(f"{whole(estimated.error)}{share}")


def _gap(found: Provision, estimated: Estimate) -> str:
    """« + 1 234 €, 0,8 erreur-type »; empty while nothing is known."""
    if found.actual is None:
        return ""
    difference, errors = gap(estimated, found.actual.cents)
    sign = "+" if difference > 0 else ""
    beside = f", {number(abs(float(errors)), 1)} fois l’erreur-type" if errors is not None else ""
    return f"{sign}{whole(difference)}{beside}"


def _factors_table(triangle: Triangle, estimated: Estimate) -> Table:
    rows = [
        (
            f"{_after(step)} → {_after(step + 1).lower()}",
            number(float(factor), 4),
            counted(len(triangle.rows) - 1 - step, "année"),
        )
        for step, factor in enumerate(estimated.factors)
    ]
    columns: list[str | Column] = ["De quand à quand", Column("Facteur", is_number=True), "Lu dans"]
    return plain_table("facteurs", "Facteurs de développement", columns, rows)


def _origins_table(estimated: Estimate) -> Table:
    columns: list[str | Column] = [
        "Année de soins",
        *(
            Column(label, is_number=True)
            for label in ("Payé", "Coût final estimé", "Reste à payer", "Erreur-type")
        ),
    ]
    rows = [
        (
            str(one.year),
            euros(one.paid),
            whole(one.ultimate),
            whole(one.reserve),
            whole(one.error) if one.error is not None else "–",
        )
        for one in estimated.origins
    ]
    total = sum(one.paid for one in estimated.origins)
    final = sum(one.ultimate for one in estimated.origins)
    error = whole(estimated.error) if estimated.error is not None else "–"
    rows.append(("Ensemble", euros(total), whole(final), whole(estimated.reserve), error))
    return plain_table("annees", "Estimation par année de soins", columns, rows)


def _history(known: LoadedConvention, found: Provision) -> Table | None:
    """The triangles and the amounts that were replaced, beside those that count; nothing while each is the first."""
    if len(found.drawn) < 2 and len(found.actuals) < 2:
        return None
    names = names_of(known)
    lines = [
        (one.at, "Tableau des paiements", whole(estimate(one.triangle).reserve), one.reason, one.party)
        for one in found.drawn
    ]
    lines += [(one.at, "Réalisé", euros(one.cents), one.reason, one.party) for one in found.actuals]
    rows = [
        (long_instant(at, known.zone), what, amount, typeset(reason) or "Premier", names.get(party, party))
        for at, what, amount, reason, party in sorted(lines, reverse=True)
    ]
    columns = ("Quand", "Quoi", "Montant", "Pourquoi", "Par qui")
    return card_table("histoire-table", "Ce qui a été donné, le plus récent d’abord", columns, rows)
