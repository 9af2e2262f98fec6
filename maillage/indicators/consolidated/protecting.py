"""The series of many conventions as tables, territory by network, with what must stay hidden (`disclosure/`). Pure.

The series of one family hide the same cells. Each of them alone can then not be computed, where it counts somebody; nor can they
together, whatever sums tie one to another: a movement of the hidden cells of a part that leaves everything published as it is, given to
it and to its total, is one for both, and a total that counts somebody has a part that does. Two series that would differ in one cell
only, because referents corrected it, tell nothing by their difference either.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from maillage.indicators.consolidated.series import Contribution, Series, SeriesKey, series_of
from maillage.indicators.disclosure.sensitive import Contributors, Policy, sensitive_with
from maillage.indicators.disclosure.suppression import protect
from maillage.indicators.disclosure.systems import Mask, System
from maillage.indicators.disclosure.tables import TOTAL, Classification, Table

NATION: Final = TOTAL
ALL: Final = TOTAL
"""Of territories and of networks: all of them."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of a release: a series, where (`NATION`, a region, a caisse), with which network (`ALL` for all of them).

    `amount` is None where it is hidden.
    """

    key: SeriesKey
    territory: str
    network: str
    amount: int | None


@dataclass(frozen=True)
class Ground:
    """Where and with whom the conventions are: the two classifications, and the place of each convention in them."""

    territories: Classification
    networks: Classification
    places: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, contributions: Iterable[Contribution]) -> "Ground":
        """That of these conventions; regions, caisses and networks in the order of their codes, so that the same input gives the same."""
        known = list(contributions)
        regions: dict[str, set[str]] = {}
        for one in known:
            regions.setdefault(one.region, set()).add(one.caisse)
        return cls(
            Classification.nested("territory", {name: sorted(regions[name]) for name in sorted(regions)}),
            Classification.flat("network", sorted({one.network for one in known})),
            {one.convention: (one.caisse, one.network) for one in known},
        )

    @property
    def everywhere(self) -> Mask:
        """Each of its cells."""
        return np.ones((len(self.territories.codes), len(self.networks.codes)), dtype=bool)

    def table(self, series: Series) -> Table:
        """The series with all its margins."""
        leaves: dict[tuple[str, ...], int] = {}
        for convention, amount in series.amounts.items():
            place = self.places[convention]
            leaves[place] = leaves.get(place, 0) + amount
        return Table.of_leaves((self.territories, self.networks), leaves)

    def contributors(self, series: Series) -> Contributors:
        """Of each cell, how many conventions contribute to it, and how much the largest of them."""
        shape = (len(self.territories.codes), len(self.networks.codes))
        number, largest = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        given = [(one, amount) for one, amount in series.amounts.items() if amount > 0]
        amounts = np.array([amount for _, amount in given], dtype=np.int64)
        caisses = np.array([self._territory[self.places[one][0]] for one, _ in given], dtype=np.intp)
        networks = np.array([self._network[self.places[one][1]] for one, _ in given], dtype=np.intp)
        regions = np.array(self.territories.parents, dtype=np.intp)[caisses]
        for rows in (caisses, regions, np.zeros_like(caisses)):
            for columns in (networks, np.zeros_like(networks)):
                np.add.at(number, (rows, columns), 1)
                np.maximum.at(largest, (rows, columns), amounts)
        return Contributors(number, largest)

    @cached_property
    def _territory(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.territories.codes)}

    @cached_property
    def _network(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.networks.codes)}


def released(
    contributions: Sequence[Contribution],
    policy: Policy | None = None,
    elsewhere: Collection[str] = (),
) -> list[Cell]:
    """Every cell of every series, hidden where it must be; the same input gives the same cells, in the same order.

    `elsewhere`: the families that went out already, over some of these conventions and others. They are hidden everywhere: the two
    sums would give the few that only one of them has.
    Raises CannotProtect when something would be computed whatever is hidden: nothing is then released.
    """
    if not contributions:
        return []
    ground, series = Ground.of(contributions), series_of(contributions)
    chosen = policy or Policy()
    masks: dict[str, Mask] = {}
    for family in dict.fromkeys(one.family for one in series if one.is_protected):
        members = [one for one in series if one.family == family]
        masks[family] = ground.everywhere if family in elsewhere else _hidden(ground, members, chosen)
    return [cell for one in series for cell in _cells(ground, one, masks.get(one.family))]


def _hidden(ground: Ground, family: Sequence[Series], policy: Policy) -> Mask:
    """The cells that every series of a family hides: grown until each of them is safe with it.

    Where a series counts nobody, that is taken for known: no count being negative, sums of zeros tell their parts.
    """
    tables = [ground.table(one) for one in family]
    hidden = np.zeros(tables[0].counts.shape, dtype=bool)
    for one, table in zip(family, tables, strict=True):
        hidden |= sensitive_with(table, policy, ground.contributors(one))
    systems = [System.of([table]) for table in tables]
    safe: set[bytes] = set()  # whatever the counts: the same cells in the same sums
    while True:
        before = hidden
        for table, system in zip(tables, systems, strict=True):
            there = hidden & (table.counts > 0)
            if there.tobytes() not in safe:
                found = _protected(system, there)
                safe.add(found.tobytes())
                hidden = hidden | found
        if np.array_equal(before, hidden):
            return hidden


def _protected(system: System, there: Mask) -> Mask:
    """These cells of the one table of a system, and what would give them away."""
    (cells,) = system.tables
    sensitive = np.zeros(len(system.counts), dtype=bool)
    sensitive[cells[there]] = True
    found: Mask = protect(system, sensitive).hidden[cells]
    return found


def _cells(ground: Ground, series: Series, hidden: Mask | None) -> Iterable[Cell]:
    counts = ground.table(series).counts
    for row, territory in enumerate(ground.territories.codes):
        for column, network in enumerate(ground.networks.codes):
            is_hidden = hidden is not None and bool(hidden[row, column])
            yield Cell(series.key, territory, network, None if is_hidden else int(counts[row, column]))
