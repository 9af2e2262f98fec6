"""Which cells of a table must not be read: those of a few units, or that one partner makes almost alone. Pure."""

from dataclasses import dataclass

import numpy as np

from maillage.indicators.disclosure.systems import Mask
from maillage.indicators.disclosure.tables import Counts, Table


@dataclass(frozen=True, slots=True)
class Policy:
    """When a count is sensitive: positive and under `threshold` units; made by fewer than `partners` of them, or by one of them for
    more than `largest_share` of it, where who contributes is known. `version` goes with what is published under it.

    Eleven, the default, and why: ADR 30.
    """

    version: int = 1
    threshold: int = 11
    partners: int = 3
    largest_share: float = 0.85


def sensitive_cells(table: Table, policy: Policy, by_partner: Counts | None = None) -> Mask:
    """The sensitive cells of a table, in its shape. `by_partner`: its counts again, one first axis more for those who contribute.

    A zero is never sensitive: nobody is in it. Raises ValueError when the partners’ counts do not add up to the table’s.
    """
    some = table.counts > 0
    found: Mask = some & (table.counts < policy.threshold)
    if by_partner is None:
        return found
    if not np.array_equal(by_partner.sum(axis=0), table.counts):
        raise ValueError("what the partners contribute adds up to the table")
    few = (by_partner > 0).sum(axis=0) < policy.partners
    led = by_partner.max(axis=0) > policy.largest_share * table.counts
    alone: Mask = few | led
    return found | (some & alone)
