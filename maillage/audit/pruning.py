"""Removing the segments of the journal whose retention has passed: sealed, anchored and verified ones only."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connections, transaction

from maillage.audit.anchors import Anchor, AnchorFault, read_anchors
from maillage.audit.rules import Alteration
from maillage.audit.verification import verify


class Altered(Exception):
    """The journal does not hold: what is wrong must be looked at, not removed."""

    def __init__(self, found: list[Alteration]) -> None:
        super().__init__(f"{len(found)} altération(s)")
        self.found = found


@dataclass(frozen=True, slots=True)
class Pruned:
    """What a pruning removed: how many entries, up to which anchor (0 when nothing is old enough)."""

    entries: int
    anchor: int


def prune(*, directory: Path, trusted: str, at: datetime, using: str = "owner") -> Pruned:
    """Remove every segment past the retention that its anchor names, after verifying the whole journal against the anchors.

    Raises AnchorFault when an anchor is missing or altered, Altered when the journal does not hold.
    """
    anchors = list(read_anchors(directory, trusted=trusted))
    old = past_retention(anchors, at)
    if not old:
        return Pruned(0, 0)
    _, found = verify(using, anchors=anchors, at=at)
    if found:
        raise Altered(found)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT digest FROM audit_anchor WHERE number = %s", [old])
        row = cursor.fetchone()
        if row is None or bytes(row[0]) != anchors[old - 1].digest:
            raise AnchorFault("Les ancres du dossier ne sont pas celles que la base a scellées.")
        cursor.execute("SELECT audit_prune(%s)", [old])
        (removed,) = cursor.fetchone()
    return Pruned(int(removed), old)


def past_retention(anchors: list[Anchor], at: datetime) -> int:
    """The last anchor such that it and all before it are past the retention written in them; 0 when there is none."""
    for anchor in anchors:
        if anchor.prunable_at > at:
            return anchor.number - 1
    return anchors[-1].number if anchors else 0
