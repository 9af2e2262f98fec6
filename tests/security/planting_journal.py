"""A sealed and a pruned segment of each world's journal: nobody but the owner reads what the database knows of anchors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_segment(found: Plant, world: World) -> None:
    """An anchor, the seal of the end of the world's chain, and the same declared pruned, which no guard would allow."""
    from tests.security.planting import Row

    anchor = 1 + found.worlds.index(world)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_anchor (number, at, retention_days, digest) VALUES (%s, now(), 365, '')",
            [anchor],
        )
        cursor.execute(
            "INSERT INTO audit_seal (chain, lane, number, digest, anchor) SELECT chain, lane, number, digest, %s FROM audit_chain"
            " WHERE chain = %s",
            [anchor, world.holder],
        )
        cursor.execute("ALTER TABLE audit_pruning DISABLE TRIGGER pruning_guard")
        cursor.execute(
            "INSERT INTO audit_pruning (chain, lane, number, digest, transaction) SELECT chain, lane, number, digest, 0"
            " FROM audit_seal WHERE chain = %s",
            [world.holder],
        )
        cursor.execute("ALTER TABLE audit_pruning ENABLE TRIGGER pruning_guard")
    for table, key in (("audit_anchor", "number"), ("audit_seal", "chain"), ("audit_pruning", "chain")):
        value = anchor if key == "number" else world.holder
        found.rows.append(Row(table, key, value, frozenset(), frozenset()))  # type: ignore[arg-type]  # a number, here
