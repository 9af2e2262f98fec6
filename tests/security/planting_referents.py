"""What hangs on the referents of each world's convention: planted for the probes of row security."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from maillage.conventions.referents.models import ReferentTraining

if TYPE_CHECKING:
    from tests.security.planting import Plant, World

ON = date(2026, 3, 2)


def plant_referents(found: "Plant", world: "World", save: Callable[..., Any]) -> None:
    """A training: both parties read it, the one that owes the post adds it."""
    holder = frozenset({world.holder})
    training = ReferentTraining(
        convention_id=world.ids["convention"], organisation_id=world.holder, referent_id=world.ids["referent"],
        trained_on=ON, subject=world.canary, organiser=world.canary,
    )  # fmt: skip
    save(found, training, world.both, changers=frozenset(), adders=holder)
