"""A support that each world's holder prepares, its draft, its stock and a count: nobody else's until it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillage.catalogue.models import Stock, StockMovement, Support, SupportCount, SupportVersion
from maillage.core.identifiers import uuid7

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_supports(found: Plant, world: World) -> None:
    """The holder alone reads and writes them; counts are written by nobody."""
    from tests.security.planting import AT, ON, _save

    holder = frozenset({world.holder})
    support = Support(
        organisation_id=world.holder, kind="leaflet", title=world.canary, sort_title=world.canary, words=world.canary,
        purpose=world.canary, audience=["publics"], languages=["fr"], code=world.name.lower() * 10, created_at=AT,
        created_by=uuid7(),
    )  # fmt: skip
    world.ids["support"] = _save(found, support, holder)
    version = SupportVersion(
        support=support, organisation_id=world.holder, label=world.canary, document_id=world.ids["document"], created_at=AT,
        created_by=uuid7(),
    )  # fmt: skip
    world.ids["version"] = _save(found, version, holder)
    stock = Stock(organisation_id=world.holder, support=support, threshold=3)
    _save(found, stock, holder)
    movement = StockMovement(
        stock=stock,
        organisation_id=world.holder,
        kind="counted",
        quantity=5,
        day=ON,
        noted_at=AT,
        noted_by=uuid7(),
    )
    _save(found, movement, holder)
    count = SupportCount(version=version, day=ON, organisation_id=world.other, way="page", openings=1)
    _save(found, count, holder)
