"""A year of an envelope drawn and told: the picture, its table, what the projection rests on."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import Final

from django.utils.text import capfirst

from maillage.core.french import MONTHS, euros, listed
from maillage.steering.credits.queries import Envelope
from maillage.steering.credits.rules import Projection, Unprojected, Year
from maillage.web.presentation.numbers import number, percent
from maillage.web.presentation.svg.cumulative import Ahead, Consumption, Curve, consumption
from maillage.web.presentation.tables import Column, Table, plain_table
from maillage.web.presentation.typography import NBSP, typeset

_MILLION: Final = 100_000_000
"""Cents."""


def short(cents: int) -> str:
    """An amount as a picture writes it: « 12,5 M€ », « 1 250 M€ », « 850 € »."""
    if abs(cents) < _MILLION:
        return euros(round(cents, -2))
    decimals = 0 if abs(cents) >= 100 * _MILLION else 1
    return f"{number(cents / _MILLION, decimals)}{NBSP}M€"


def whole(cents: int) -> str:
    """An amount that was computed, to the euro: its cents would say more than one knows."""
    return euros(round(cents, -2))


def month_name(month: int) -> str:
    """« mars »."""
    return MONTHS[month - 1]


def picture(envelope: Envelope, year: Year, projection: Projection | Unprojected) -> str:
    """The picture of a year: what it consumed, the year before it where it is whole, the objective, where it would end."""
    before = envelope.year(year.number - 1)
    ahead = (
        Ahead(projection.point, projection.low, projection.high)
        if isinstance(projection, Projection) and not projection.is_known
        else None
    )
    drawn = Consumption(
        name="consommation",
        title=f"{envelope.name}, {year.number} : cumul consommé mois après mois",
        description=typeset(" ".join(described(year, projection))),
        current=Curve(str(year.number), _sums(year)),
        said=short,
        before=Curve(f"{before.number} : {short(before.upto(12))}", _sums(before))
        if before.is_complete
        else None,
        objective=year.objective,
        ahead=ahead,
    )
    return consumption(drawn)


def described(year: Year, projection: Projection | Unprojected) -> list[str]:
    """The same in sentences, for who does not see the picture."""
    said = []
    if year.last:
        said.append(f"Fin {month_name(year.last)}, {euros(year.upto(year.last))} consommés.")
    if year.objective is not None:
        said.append(f"Objectif de l’année : {euros(year.objective)}.")
    if isinstance(projection, Projection) and not projection.is_known:
        bounds = (
            f", entre {whole(projection.low)} et {whole(projection.high)}"
            if projection.low is not None and projection.high is not None
            else ""
        )
        said.append(f"Fin décembre, {whole(projection.point)} projetés{bounds}.")
    return said


def resting_on(projection: Projection | Unprojected) -> list[str]:
    """What the projection rests on, and what its bounds are worth."""
    if isinstance(projection, Unprojected):
        return [projection.label]
    if projection.is_known:
        return ["Les douze mois sont connus : rien n’est projeté."]
    years = listed([str(one) for one in projection.years])
    said = [
        (
            f"Part de l’année consommée fin {month_name(projection.month)} dans les années passées complètes ({years}) : "
            f"{percent(float(projection.share), 2)} en moyenne. Projection : {euros(projection.consumed)} divisés par cette part."
        )
    ]
    if projection.frequency is None:
        return [
            *said,
            "Moins de trois années passées complètes : leur écart ne dit pas encore assez pour donner un intervalle.",
        ]
    return [
        *said,
        (
            "Intervalle : ce que donneraient la plus haute et la plus basse de ces parts. Si cette année ressemble aux autres, elle "
            f"s’y trouve {_in_words(projection.frequency)} : c’est un repère, pas une garantie."
        ),
    ]


def months_table(year: Year, sources: Mapping[int, str], on: date) -> Table:
    """The figures of a year, month by month; what misses is said."""
    total = 0
    rows = []
    for month in range(1, 13):
        amount = year.months.get(month)
        if amount is None:
            rows.append((capfirst(month_name(month)), _unknown(year.number, month, on), "–", "–", "–"))
            continue
        total += amount
        whole = not any(one < month for one in year.holes)
        share = percent(total / year.objective) if year.objective and whole else "–"
        rows.append(
            (
                capfirst(month_name(month)),
                euros(amount),
                euros(total) if whole else "–",
                share,
                typeset(sources.get(month, "")) or "–",
            )
        )
    columns: list[str | Column] = [
        "Mois",
        Column("Consommé", is_number=True),
        Column("Cumul", is_number=True),
        Column("Part de l’objectif", is_number=True),
        "Source",
    ]
    return plain_table("mois", f"Consommation de {year.number}, mois par mois", columns, rows, stacks=True)


def _unknown(year: int, month: int, on: date) -> str:
    if (year, month) == (on.year, on.month):
        return "en cours"
    return "à venir" if (year, month) > (on.year, on.month) else "manque"


def _sums(year: Year) -> list[int]:
    return list(accumulate(year.months[month] for month in range(1, year.last + 1)))


def _in_words(frequency: Fraction) -> str:
    return f"{frequency.numerator} fois sur {frequency.denominator}"
