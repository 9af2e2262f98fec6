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
from maillage.indicators.disclosure.systems import Cells, Mask, System
from maillage.indicators.disclosure.tables import TOTAL, Classification, Counts, Table

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
        return np.ones(self._shape, dtype=bool)

    def table(self, series: Series) -> Table:
        """The series with all its margins."""
        territories, networks, amounts = self._placed(series)
        counts = np.zeros(self._shape, dtype=np.int64)
        np.add.at(counts, (territories, networks), amounts)
        return Table.of_counts((self.territories, self.networks), counts)

    def contributors(self, series: Series) -> Contributors:
        """Of each cell, how many conventions contribute to it, and how much the largest of them."""
        number, largest = np.zeros(self._shape, dtype=np.int64), np.zeros(self._shape, dtype=np.int64)
        caisses, networks, amounts = self._placed(series)
        some = amounts > 0
        caisses, networks, amounts = caisses[some], networks[some], amounts[some]
        regions = np.array(self.territories.parents, dtype=np.intp)[caisses]
        for rows in (caisses, regions, np.zeros_like(caisses)):
            for columns in (networks, np.zeros_like(networks)):
                np.add.at(number, (rows, columns), 1)
                np.maximum.at(largest, (rows, columns), amounts)
        return Contributors(number, largest)

    def _placed(self, series: Series) -> tuple[Cells, Cells, Counts]:
        """The place of each convention of a series, and its amount."""
        places = [self._places[one] for one in series.amounts]
        territories, networks = np.array(places, dtype=np.intp).reshape(-1, 2).T
        return territories, networks, np.array(list(series.amounts.values()), dtype=np.int64)

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self.territories.codes), len(self.networks.codes)

    @cached_property
    def _places(self) -> Mapping[str, tuple[int, int]]:
        """By convention, the places of its caisse and of its network among the codes."""
        territories = {code: place for place, code in enumerate(self.territories.codes)}
        networks = {code: place for place, code in enumerate(self.networks.codes)}
        return {
            one: (territories[caisse], networks[network]) for one, (caisse, network) in self.places.items()
        }


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
    tables = {one.key: ground.table(one) for one in series}
    chosen = policy or Policy()
    masks: dict[str, Mask] = {}
    for family in dict.fromkeys(one.family for one in series if one.is_protected):
        members = [(tables[one.key], ground.contributors(one)) for one in series if one.family == family]
        masks[family] = ground.everywhere if family in elsewhere else _hidden(members, chosen)
    return [cell for one in series for cell in _cells(one.key, tables[one.key], masks.get(one.family))]


def _hidden(family: Sequence[tuple[Table, Contributors]], policy: Policy) -> Mask:
    """The cells that every series of a family hides: grown until each of them is safe with it.

    Where a series counts nobody, that is taken for known: no count being negative, sums of zeros tell their parts.
    """
    hidden: Mask = np.logical_or.reduce([sensitive_with(table, policy, by) for table, by in family])
    safe = {np.zeros_like(hidden).tobytes()}  # whatever the counts: the same cells in the same sums
    while True:
        before = hidden
        for table, _ in family:
            there = hidden & (table.counts > 0)
            if there.tobytes() not in safe:
                found = _protected(table, there)
                safe.add(found.tobytes())
                hidden = hidden | found
        if np.array_equal(before, hidden):
            return hidden


def _protected(table: Table, there: Mask) -> Mask:
    """These cells of a table, and what would give them away."""
    system = System.of([table])
    (cells,) = system.tables
    sensitive = np.zeros(len(system.counts), dtype=bool)
    sensitive[cells[there]] = True
    found: Mask = protect(system, sensitive).hidden[cells]
    return found


def _cells(key: SeriesKey, table: Table, hidden: Mask | None) -> Iterable[Cell]:
    territories, networks = table.classifications
    counts = table.counts.tolist()
    is_hidden = np.zeros(table.counts.shape, dtype=bool).tolist() if hidden is None else hidden.tolist()
    for territory, amounts, silent in zip(territories.codes, counts, is_hidden, strict=True):
        for network, amount, is_silent in zip(networks.codes, amounts, silent, strict=True):
            yield Cell(key, territory, network, None if is_silent else amount)
