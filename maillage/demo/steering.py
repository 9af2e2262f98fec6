"""A national convention of the demonstration with axes: a few sheets filled, four years of credits, two provisions. Figures are made up.

The text is that of the library, dated anew. The CNSA has nobody in the cast: what it would write is still to come.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final

from django.db import transaction

from maillage.conventions import library
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import visible_to
from maillage.conventions.terms import Terms
from maillage.core.clock import now, today
from maillage.core.identifiers import uuid7
from maillage.core.spreadsheets.writing import csv_file
from maillage.demo.conventions import PARIS, acting_for, body_of, convention_id, is_there
from maillage.demo.local import conclude_locally
from maillage.organisations.member import Member
from maillage.steering.credits.actions import Given, give_figure, import_lines, log_measure, open_envelope
from maillage.steering.credits.lines import LABELS, read_lines
from maillage.steering.credits.rules import Target
from maillage.steering.provision.actions import GivenActual, GivenTriangle, draw_triangle, tell_actual
from maillage.steering.provision.rules import Component
from maillage.steering.sheets.actions import add
from maillage.steering.sheets.rules import Kind, Said, Step

NAME: Final = "cnsa_en_cours"
_BODIES: Final = {"cnamts": "cnam", "cnsa": "cnsa"}
_SINCE: Final = timedelta(days=300)
_MILLION: Final = 100_000_000  # cents
ENVELOPES: Final = (
    ("Établissements pour personnes âgées", 900),
    ("Établissements pour personnes handicapées", 1_050),
)
_PROFILES: Final = (
    (80, 78, 84, 82, 83, 85, 81, 79, 84, 86, 88, 90),
    (74, 76, 80, 82, 80, 82, 80, 78, 84, 88, 95, 101),
    (86, 82, 86, 83, 85, 86, 82, 79, 83, 85, 82, 81),
)
"""How past years spread over their months, in thousandths."""
_PAID: Final = (
    (410, 462, 471, 474, 475),
    (422, 478, 486, 490),
    (431, 486, 497),
    (445, 503),
    (452,),
)
"""Payments summed, in millions of euros."""


def load_steering() -> None:
    """Enter what is missing: the convention and all that is followed under it, at once."""
    if is_there(convention_id(NAME), "cnam"):
        return
    on = today(PARIS)
    with transaction.atomic(), acting_for("cnam") as drafter:
        bodies = {party: body_of(key).id for party, key in _BODIES.items()}
        signers = dict.fromkeys(_BODIES, "cnam")
        conclude_locally(convention_id(NAME), _text(on), bodies, drafter, since=_SINCE, signers=signers)
        row = visible_to(drafter).get(id=convention_id(NAME))
        _sheets(row, drafter, on)
        for number, (name, millions) in enumerate(ENVELOPES):
            _credits(row, drafter, on, name=name, millions=millions, number=number)
        _provisions(row, drafter, on)


def _text(on: date) -> Terms:
    """The text of the library, for the years that run: what it says of its own past is left out."""
    terms, last = library.load("cnsa_2016_2019"), date(on.year + 2, 12, 31)
    term = terms.term.model_copy(
        update={"starts": "last_signature", "ends_on": last, "ends_with": None, "readings": (), "quote": None}
    )
    title = f"Convention entre la Cnam et la CNSA jusqu’en {last.year}"
    return terms.model_copy(
        update={"id": "cnsa-en-cours", "title": title, "term": term, "relations": (), "signatures": ()}
    )


def _sheets(row: Convention, by: Member, on: date) -> None:
    leads = {"lead_cnamts": "Direction de l’offre de soins", "lead_cnsa": "Direction des établissements"}
    exchange = {
        "supplier": "cnamts",
        "pace": "monthly",
        "format": "Tableur",
        "legal_basis": "CASF, art. L. 14-10-1",
    }
    study = "Recours aux soins des résidents d’EHPAD, par tranche d’âge et par région"
    risk = {"gravity": "medium", "answer": "État des rejets joint chaque mois"}
    ago = partial(_ago, on)
    written: Sequence[tuple[str, Kind, Said]] = (
        ("fiche_8", Kind.SHEET, Said("Études et recherches partagées", detail=leads)),
        ("fiche_8", Kind.STUDY, Said(study, day=ago(20))),
        ("fiche_12", Kind.SHEET, Said("Suivi des crédits en cours d’année", detail=leads)),
        ("fiche_12", Kind.MILESTONE, Said("Premier état partagé", Step.DONE, ago(200), ago(204))),
        ("fiche_12", Kind.MILESTONE, Said("Bilan de mi-année", Step.STARTED, ago(12))),
        ("fiche_12", Kind.MILESTONE, Said("Préparation de la campagne suivante", Step.PLANNED, ago(-60))),
        (
            "fiche_12",
            Kind.RISK,
            Said("Facturation décalée par un changement d’outil", Step.OPEN, detail=risk),
        ),
        ("fiche_12", Kind.NOTE, Said("Les deux caisses comparent leurs états chaque mois.", day=ago(30))),
        ("fiche_14", Kind.SHEET, Said("Provision de fin d’année", detail=leads)),
        ("fiche_14", Kind.MILESTONE, Said("Note de méthode", Step.PLANNED, ago(-21))),
    )
    for sheet, kind, said in written:
        add(convention=row, sheet=sheet, kind=kind, entry_id=uuid7(), said=said, by=by, at=now())
    monthly = Said(
        "Dépenses mensuelles par catégorie d’établissement, en agrégats",
        Step.RUNNING,
        ago(90),
        detail=exchange,
    )
    made = add(
        convention=row, sheet="fiche_12", kind=Kind.EXCHANGE, entry_id=uuid7(), said=monthly, by=by, at=now()
    )
    delivered = Said("État du mois", day=ago(40))
    add(
        convention=row, sheet="fiche_12", kind=Kind.DELIVERY, entry_id=uuid7(), said=delivered, of=made.pk, by=by, at=now()
    )  # fmt: skip


def _ago(on: date, days: int) -> date:
    return on - timedelta(days=days)


def _credits(row: Convention, by: Member, on: date, *, name: str, millions: int, number: int) -> None:
    """Three whole years by a table, this one to last month; a month corrected, a measure."""
    envelope = open_envelope(
        convention=row, envelope_id=uuid7(), name=name, target=Target.OGD, by=by, at=now()
    )
    lines = [
        (name, *said)
        for back in (3, 2, 1, 0)
        for said in _year(on, back, millions * (106 - 2 * back) // 100, number)
    ]
    table = read_lines(csv_file(list(LABELS.values()), lines))
    import_lines(convention=row, lines=table.lines, by=by, at=now())
    corrected = Given(
        uuid7(),
        on.year - 1,
        12,
        millions * 93 * _MILLION // 1000,
        "Comptes arrêtés",
        "Factures arrivées après la clôture",
    )
    give_figure(convention=row, envelope=envelope.pk, given=corrected, by=by, at=now())
    log_measure(
        convention=row,
        envelope=envelope.pk,
        measure_id=uuid7(),
        day=on - timedelta(days=45),
        what="Mise en réserve d’une part des crédits non reconductibles",
        cents=(number + 1) * 4 * _MILLION,
        by=by,
        at=now(),
    )


def _year(on: date, back: int, total: int, number: int) -> list[tuple[str, ...]]:
    """The objective of a year so long ago, and its months that are over."""
    year, profile = str(on.year - back), _PROFILES[(back + number) % 3]
    objective = f"{1_000_000 * (total + 3 * (number - back))}"
    months = [
        (year, str(month), f"{1_000 * total * part}", "État mensuel", "")
        for month, part in enumerate(profile, 1)
        if back or month < on.month
    ]
    return [(year, "objectif", objective, "Arrêté de campagne", ""), *months]


def _provisions(row: Convention, by: Member, on: date) -> None:
    """One that is compared with what was paid, one whose payments are still to come."""
    size = len(_PAID)
    for component, closed in ((Component.GRANT, on.year - 2), (Component.DAY_PRICE, on.year - 1)):
        cells = tuple(tuple(cell * _MILLION for cell in line) for line in _PAID)
        given = GivenTriangle(
            uuid7(), component, closed - size + 1, cells, "Comptes des caisses, à chaque clôture"
        )
        draw_triangle(convention=row, given=given, by=by, at=now())
    paid = GivenActual(
        uuid7(), 80 * _MILLION, date(on.year - 1, 6, 30), "Comptes arrêtés de l’année suivante"
    )
    tell_actual(convention=row, year=on.year - 2, component=Component.GRANT, given=paid, by=by, at=now())
