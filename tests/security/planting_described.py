"""Care renounced and a right followed, of each world's case: planted for the probes of row security."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import connections

from maillage.core.identifiers import uuid7
from maillage.referrals.models import Renunciation, RightFollowed

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_described(found: "Plant", world: "World", save: Callable[..., Any]) -> None:
    """Both sides read them. The line was written by the sending, so nobody adds its like to a case that is there already; the
    caisse settles it, and follows the right."""
    from tests.security.planting import AT

    caisse = frozenset({world.other})
    row = Renunciation(case_id=world.ids["case"], care="optics", reason="cost")
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come is not altered
        cursor.execute("ALTER TABLE referrals_renunciation DISABLE TRIGGER described")
        save(found, row, world.both, adders=frozenset(), changers=caisse)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # its entry of the journal is still to be chained
        cursor.execute("ALTER TABLE referrals_renunciation ENABLE TRIGGER described")
        cursor.execute("ALTER TABLE referrals_rightfollowed DISABLE TRIGGER while_worked")
        right = RightFollowed(case_id=world.ids["case"], right="c2s", noted_at=AT, noted_by=uuid7())
        save(found, right, world.both, adders=caisse, changers=caisse)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE referrals_rightfollowed ENABLE TRIGGER while_worked")
