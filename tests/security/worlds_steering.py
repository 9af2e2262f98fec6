"""What each world's caisse wrote on its convention's sheets, credits and provisions: every party reads them, and writes beside her."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.steering.models import (
    CreditEnvelope,
    CreditFigure,
    ProvisionActual,
    ProvisionTriangle,
    RegulationMeasure,
    SheetEntry,
)

if TYPE_CHECKING:
    from tests.security.worlds import World


def with_axes(terms: Terms) -> Terms:
    """A text that has none, with the axes and sheets of S1."""
    return terms.model_copy(update={"axes": library.load("cnsa_2016_2019").axes})


def steer(world: World) -> None:
    """An exchange of data, a study that is asked, an envelope with a figure and a measure, a provision and what was paid."""
    from tests.security.worlds import SIGNED_AT

    body, canary, on = world.bodies["cpam"], f"CANARI{world.name}", SIGNED_AT.date()
    known = {
        "convention_id": world.ids["convention"],
        "recorded_at": SIGNED_AT,
        "recorded_by": uuid7(),
        "recorded_for_id": body,
    }
    entry, study = uuid7(), uuid7()
    exchange = {"supplier": "cpam", "pace": "monthly", "legal_basis": canary}
    told = {"component": "grant", "year": 2023, "source": canary}
    with transaction.atomic(), acting(organisation=body):
        SheetEntry.objects.create(
            id=entry,
            item=entry,
            sheet_key="fiche_1",
            kind="exchange",
            text=canary,
            state="running",
            day=on,
            detail=exchange,
            **known,
        )
        SheetEntry.objects.create(
            id=study,
            item=study,
            sheet_key="fiche_1",
            kind="study",
            text=canary,
            state="asked",
            day=on,
            **known,
        )
        envelope = CreditEnvelope.objects.create(name=canary, name_key=canary.lower(), target="ogd", **known)
        figure = CreditFigure.objects.create(
            envelope=envelope, year=2023, month=1, cents=1_000, source=canary, **known
        )
        measure = RegulationMeasure.objects.create(envelope=envelope, day=on, what=canary, **known)
        triangle = ProvisionTriangle.objects.create(
            first_year=2021, cells=[[1, 2, 3], [1, 2], [1]], **told, **known
        )
        paid = ProvisionActual.objects.create(cents=1, known_on=on, **told, **known)
    world.ids |= {
        "entry": entry,
        "study": study,
        "envelope": envelope.pk,
        "figure": figure.pk,
        "measure": measure.pk,
        "triangle": triangle.pk,
        "paid": paid.pk,
    }
