"""What the person of each world's case answered: written by the sending, so nobody adds its like to a case that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillage.beneficiaries.models import Consent
from maillage.core.identifiers import uuid7

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_consent(found: Plant, world: World) -> None:
    """Both sides read it, and either notes that she takes it back."""
    from tests.security.planting import AT, _save

    row = Consent(
        case_id=world.ids["case"], answer="agreed", how="mandate", sealed_mandate=world.canary.encode(), noted_at=AT,
        noted_by=uuid7(),
    )  # fmt: skip
    _save(found, row, world.both, adders=frozenset())
