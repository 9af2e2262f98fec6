"""What hangs on the referents of each world's convention: planted for the probes of row security."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from maillage.conventions.referents.models import ReferentTraining
from maillage.conventions.solicitations.models import Solicitation
from maillage.core.identifiers import uuid7

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
    save(found, training, world.both, changers=holder, adders=holder)


def plant_solicitation(found: "Plant", world: "World", save: Callable[..., Any]) -> None:
    """A question about the case, sealed: its two sides read it, whoever is asked answers; no one adds one under a draft."""
    row = Solicitation(
        convention_id=world.ids["convention"], way="progress", article="4", caller_id=world.holder, called_id=world.other,
        called_key="other", asked_by=uuid7(), due_on=ON, case_id=world.ids["case"], sealed_question=world.canary.encode(),
        agreed_on=ON, agreement_means="oral", agreement_by=world.canary,
    )  # fmt: skip
    world.ids["solicitation"] = save(
        found, row, world.both, changers=frozenset({world.other}), adders=frozenset()
    )
