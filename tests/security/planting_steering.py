"""What each world’s holder wrote on sheets, credits and provisions: both parties read it, the writer alone adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maillage.core.identifiers import uuid7
from maillage.steering.models import (
    CreditEnvelope,
    CreditFigure,
    ProvisionActual,
    ProvisionTriangle,
    RegulationMeasure,
    SheetEntry,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.security.planting import Plant, World


def plant_steering(found: Plant, world: World, save: Callable[..., Any]) -> None:
    """One row of each table, with the canary where words stand."""
    from tests.security.planting import AT, ON

    holder = frozenset({world.holder})
    known = {
        "convention_id": world.ids["convention"],
        "recorded_at": AT,
        "recorded_by": uuid7(),
        "recorded_for_id": world.holder,
    }
    new = uuid7()
    entry = SheetEntry(
        id=new,
        item=new,
        sheet_key="fiche_1",
        kind="milestone",
        text=world.canary,
        state="planned",
        day=ON,
        **known,
    )
    envelope = CreditEnvelope(name=world.canary, name_key=world.canary, target="ogd", **known)
    rows = (
        entry,
        envelope,
        CreditFigure(envelope=envelope, year=2026, month=1, cents=1, source=world.canary, **known),
        RegulationMeasure(envelope=envelope, day=ON, what=world.canary, **known),
        ProvisionTriangle(
            component="grant",
            year=2025,
            first_year=2023,
            cells=[[1, 2, 3], [1, 2], [1]],
            source=world.canary,
            **known,
        ),
        ProvisionActual(component="grant", year=2025, cents=1, known_on=ON, source=world.canary, **known),
    )
    for row in rows:
        save(found, row, world.both, writers=holder)
