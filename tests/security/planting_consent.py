"""What the person of each world's case answered, and what was corrected of her identity: nobody adds its like to a case that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillage.beneficiaries.models import Consent, Correction, ProgressChoice
from maillage.core.identifiers import uuid7

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_consent(found: Plant, world: World) -> None:
    """Both sides read it, and either notes that she takes it back, or chooses otherwise: never what counts already. A correction of the
    holder's, which the other takes up."""
    from tests.security.planting import AT, ON, _save

    row = Consent(
        case_id=world.ids["case"], answer="agreed", how="mandate", sealed_mandate=world.canary.encode(), noted_at=AT,
        noted_by=uuid7(),
    )  # fmt: skip
    _save(found, row, world.both, adders=frozenset())
    choice = ProgressChoice(
        case_id=world.ids["case"], former="received", progress="all", how="oral", said_on=ON, said_to="sender", noted_at=AT,
        noted_by=uuid7(),
    )  # fmt: skip
    _save(found, choice, world.both, adders=frozenset())
    correction = Correction(
        case_id=world.ids["case"], organisation_id=world.holder, fields=["surname"], former=world.canary.encode(), corrected_at=AT,
        corrected_by=uuid7(), addressee_id=world.other,
    )  # fmt: skip
    _save(found, correction, world.both, adders=frozenset(), changers=frozenset({world.other}))
