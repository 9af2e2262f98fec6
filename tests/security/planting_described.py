"""Care renounced, of each world's case: planted for the probes of row security."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import connections

from maillage.referrals.models import Renunciation

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_described(found: "Plant", world: "World", save: Callable[..., Any]) -> None:
    """One line: both sides read it; it was written by the sending, so nobody adds one to a case that is there already."""
    row = Renunciation(case_id=world.ids["case"], care="optics", reason="cost")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come is not altered
        cursor.execute("ALTER TABLE referrals_renunciation DISABLE TRIGGER described")
        save(found, row, world.both, adders=frozenset())
        cursor.execute("ALTER TABLE referrals_renunciation ENABLE TRIGGER described")
