"""Which cells of a table must not be read: those of a few units, or that one partner makes almost alone. Pure."""

from dataclasses import dataclass
from typing import Self

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


@dataclass(frozen=True, slots=True)
class Contributors:
    """Of each cell of a table, in its shape: how many contribute to it, and the most that one of them does."""

    number: Counts
    largest: Counts

    @classmethod
    def of(cls, by_partner: Counts) -> Self:
        """From a table again for each of those who contribute, along one first axis more."""
        return cls((by_partner > 0).sum(axis=0), by_partner.max(axis=0))


def sensitive_cells(table: Table, policy: Policy, by_partner: Counts | None = None) -> Mask:
    """The sensitive cells of a table, in its shape. `by_partner`: its counts again, one first axis more for those who contribute.

    A zero is never sensitive: nobody is in it. Raises ValueError when the partners’ counts do not add up to the table’s.
    """
    if by_partner is None:
        found: Mask = (table.counts > 0) & (table.counts < policy.threshold)
        return found
    if not np.array_equal(by_partner.sum(axis=0), table.counts):
        raise ValueError("what the partners contribute adds up to the table")
    return sensitive_with(table, policy, Contributors.of(by_partner))


def sensitive_with(table: Table, policy: Policy, contributors: Contributors) -> Mask:
    """The same, from how many contribute to each cell and how much the largest does."""
    some = table.counts > 0
    small = table.counts < policy.threshold
    few = contributors.number < policy.partners
    led = contributors.largest > policy.largest_share * table.counts
    found: Mask = some & (small | few | led)
    return found
