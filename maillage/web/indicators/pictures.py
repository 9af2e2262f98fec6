"""Where one would rather look than read: what was sent to which service, and what came of it, on the two axes apart."""

from dataclasses import dataclass
from typing import Final

from maillage.catalogue.measures import MEASURED
from maillage.indicators.report import Bilan
from maillage.web.presentation.numbers import number
from maillage.web.presentation.svg.bars import Bar, Bars, bar_chart
from maillage.web.presentation.tables import Column, Table, plain_table

_SERVICES: Final = ("referrals_misas", "referrals_ssam", "referrals_eps", "referrals_workshops")
_RIGHTS: Final = ("puma", "c2s", "c2s_participation", "ame")


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with the same facts in a table, and what it shows under its title."""

    name: str
    title: str
    svg: str
    definition: str
    table: Table


def pictures(bilan: Bilan) -> list[Picture]:
    """The pictures of a report that have something to show."""
    return [one for one in (_services(bilan), _outcomes(bilan)) if one is not None]


def _services(bilan: Bilan) -> Picture | None:
    counted = [(MEASURED[code].words, bilan.amounts.get(code, 0)) for code in _SERVICES]
    shown = [(words, amount) for words, amount in counted if amount]
    if not shown:
        return None
    title = f"Orientations par service, {bilan.year.number}"
    bars = [Bar(words, amount, number(amount)) for words, amount in shown]
    table = plain_table(
        "services-table",
        title,
        ["Service", Column("Orientations", is_number=True)],
        [(words, number(amount)) for words, amount in shown],
    )
    definition = "Envoyées dans l’année ; vers le service social, transmissions de la caisse comprises."
    return Picture("services", title, bar_chart(Bars("services", title, bars)), definition, table)


def _outcomes(bilan: Bilan) -> Picture | None:
    """Care and rights are two axes: what is done or opened, then what is not."""
    amounts = bilan.amounts
    axes = [
        ("Soins", amounts.get("care_done", 0), amounts.get("care_not_done", 0)),
        (
            "Droits",
            sum(amounts.get(f"{right}_granted", 0) for right in _RIGHTS),
            sum(amounts.get(f"{right}_refused", 0) for right in _RIGHTS),
        ),
    ]
    shown = [(axis, good, rest) for axis, good, rest in axes if good or rest]
    if not shown:
        return None
    title = f"Ce qui est advenu, {bilan.year.number}"
    parts = ("réalisés ou ouverts", "sans suite ou refusés")
    bars = [Bar(axis, good, f"{number(good)}, {number(rest)}", rest) for axis, good, rest in shown]
    table = plain_table(
        "issues-table",
        title,
        [
            "Axe",
            Column("Réalisés ou ouverts", is_number=True),
            Column("Sans suite ou refusés", is_number=True),
        ],
        [(axis, number(good), number(rest)) for axis, good, rest in shown],
    )
    definition = (
        "Soins : accompagnements finalisés où des soins étaient en cause. Droits : PUMa, C2S avec ou sans participation, AME, décidés dans "
        "l’année."
    )
    return Picture("issues", title, bar_chart(Bars("issues", title, bars, parts)), definition, table)
