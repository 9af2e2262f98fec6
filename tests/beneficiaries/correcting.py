"""Correcting the identity of a case, as somebody who follows it does."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from maillage.beneficiaries.correcting import correct, part_of, standing_of
from maillage.beneficiaries.models import Correction
from maillage.beneficiaries.rules import Identity
from maillage.core.clock import now
from tests.referrals.world import WORKER, member


def corrected(case: UUID, *, by: str = WORKER, **changes: Any) -> Correction:
    """Read, then put right."""
    with member(by) as someone:
        part = part_of(case, someone)
        known = standing_of(part, by=someone, why="pour corriger")
        right = replace(known.identity, **changes)
        return correct(part=part, corrected=right, seen=known.seen, by=someone, at=now())


def identity_of(case: UUID, by: str = WORKER) -> Identity:
    """What the case says now, to one of its sides."""
    with member(by) as someone:
        return standing_of(part_of(case, someone), by=someone, why="pour vérifier").identity
