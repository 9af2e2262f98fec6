"""A sample of each world's applications: drawn for its other organisation, the caisse, and told to its holder, which filed them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from maillage.core.identifiers import uuid7
from maillage.rights.models import Sample

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_board(found: Plant, world: World) -> None:
    """Both read it; nobody adds or changes one but the function that draws."""
    from tests.security.planting import AT, ON, _save

    case = world.ids["application"]
    sample = Sample(
        convention_id=world.ids["convention"], organisation_id=world.other, readers=[world.holder], since=ON - timedelta(days=90),
        until=ON, size=2, seed=b"s" * 32, population=[case], total_days=12, drawn=[case], days=[12], drawn_at=AT, drawn_by=uuid7(),
    )  # fmt: skip
    world.ids["sample"] = _save(found, sample, world.both, writers=frozenset())
