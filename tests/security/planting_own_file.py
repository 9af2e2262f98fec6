"""The caisse's own file about each world's case: its key, an assessment and an action, read by the caisse alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections

from maillage.core.identifiers import uuid7
from maillage.referrals.models import Assessment, CaseFile, PlannedAction

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_own_file(found: Plant, world: World) -> None:
    """One row of each table. The case is only sent: what is written while it is worked is planted past that guard."""
    from tests.security.planting import AT, ON, _save

    known = {"case_id": world.ids["case"], "organisation_id": world.other}
    caisse, said = frozenset({world.other}), world.canary.encode()
    file = CaseFile(convention_id=world.ids["convention"], wrapped_key=said, **known)
    _save(found, file, caisse)
    with connections["owner"].cursor() as cursor:
        for row in (
            Assessment(number=1, sealed=said, made_at=AT, made_by=uuid7(), **known),
            PlannedAction(
                kind="other", due_on=ON, sealed_words=said, planned_at=AT, planned_by=uuid7(), **known
            ),
        ):
            table = row._meta.db_table
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER own_work")
            _save(found, row, caisse)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER own_work")
