"""A sealed and a pruned segment of each world's journal: nobody but the owner reads what the database knows of anchors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections

from maillage.cases.models import Alert, Following, Freeze, Threshold
from maillage.core.identifiers import uuid7

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


def plant_following(found: Plant, world: World) -> None:
    """Someone of the holder's who follows the world's case, its threshold, and an alert about it."""
    from tests.security.planting import AT, ON, _save

    holder = frozenset({world.holder})
    known = {"organisation_id": world.holder, "user_id": world.ids["user"]}
    _save(found, Following(case_id=world.ids["case"], reason="taken", since=AT, **known), holder)
    freeze = Freeze(
        case_id=world.ids["case"], organisation_id=world.holder, ground="accuracy", since=AT, frozen_by=uuid7(), told_on=ON,
        told_how="letter", lifted_at=AT, lifted_by=uuid7(), lifted_why=world.canary,
    )  # fmt: skip
    _save(found, freeze, world.both, writers=holder)
    threshold = Threshold(organisation_id=world.holder, cases_per_day=60, set_at=AT, set_by=uuid7())
    _save(found, threshold, holder)
    alert = Alert(kind="consultation", day=ON, case_id=world.ids["case"], raised_at=AT, word="", **known)
    _save(found, alert, holder)
