"""What hidden cells may still be: random vectors that change no published cell and break no sum, exactly, modulo a prime.

A hidden cell can be computed from what is published if and only if it is zero in all of them. The system is eliminated block by
block, from the leaves of the classification that cuts it up to its total: a block keeps its cells as combinations of a few free ones,
and gives these to the block above, which ties them by the sums over its children.
"""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from maillage.indicators.disclosure.modular import Residues, echelon, product
from maillage.indicators.disclosure.systems import Cells, Mask, System

ALIKE = 1_000
"""Equations of at most so many numbers are often those of another block too: what they come to is kept."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A block once eliminated. `cells`: those hidden; `expressed`: each (a row) from the free ones among them (columns).

    `inner` and `pivots`: how the free cells of the blocks under it that depend on others are had from those that do not (`free`) and
    from its own `cells`; `starts`: where the free cells of each block under it begin, then how many there are in all.
    """

    cells: Cells
    expressed: Residues
    inner: Residues
    pivots: Cells
    free: Cells
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Solved:
    """What the equations of a block come to, whichever cells they are of: many blocks of a table have the same."""

    expressed: Residues
    inner: Residues
    pivots: Cells
    free: Cells


class Freedom:
    """The null space of a system, for one prime; a block is eliminated again only when what is hidden in it or under it changed."""

    def __init__(self, system: System, prime: int) -> None:
        self.prime = prime
        self._size = len(system.counts)
        parents = np.array(system.above)
        self._under = [np.flatnonzero(parents == block) for block in range(len(parents))]
        self._cells = [np.flatnonzero(system.blocks == block) for block in range(len(parents))]
        self._equations: list[list[Cells]] = [[] for _ in parents]
        for equation in system.equations:
            self._equations[system.blocks[equation].min()].append(equation)
        self._of_block = system.blocks
        self._known: dict[int, tuple[bytes, tuple[_Block, ...], _Block]] = {}
        self._solved: dict[tuple[bytes, int, int], _Solved] = {}

    def vectors(self, hidden: Mask, count: int, random: np.random.Generator) -> Residues:
        """So many random vectors of the null space: one row each, one residue for each cell of the system."""
        blocks: dict[int, _Block] = {}
        for block in range(len(self._under) - 1, -1, -1):  # a parent comes before its children
            under = tuple(blocks[int(child)] for child in self._under[block])
            blocks[block] = self._eliminate(block, hidden, under)
        found = np.zeros((count, self._size), dtype=np.int64)
        chosen = {0: self._any((count, blocks[0].expressed.shape[1]), random)}
        for block in range(len(self._under)):
            one = blocks[block]
            values = product(chosen.pop(block), one.expressed.T, self.prime)
            found[:, one.cells] = values
            lower = self._lower(one, values, random)
            for place, child in enumerate(self._under[block]):
                chosen[int(child)] = lower[:, one.starts[place] : one.starts[place + 1]]
        return found

    def _any(self, shape: tuple[int, int], random: np.random.Generator) -> Residues:
        return random.integers(0, self.prime, shape, dtype=np.int64)

    def _lower(self, one: _Block, values: Residues, random: np.random.Generator) -> Residues:
        """Values of the free cells of the blocks under one, given those of its own cells."""
        size = one.starts[-1]
        under = np.zeros((len(values), size), dtype=np.int64)
        if not size:
            return under
        under[:, one.free] = self._any((len(values), len(one.free)), random)
        known = np.concatenate([under, values], axis=1)
        under[:, one.pivots] = -product(known, one.inner.T, self.prime) % self.prime
        return under

    def _eliminate(self, block: int, hidden: Mask, under: tuple[_Block, ...]) -> _Block:
        mine = hidden[self._cells[block]].tobytes()
        before = self._known.get(block)
        if (
            before
            and before[0] == mine
            and all(one is two for one, two in zip(before[1], under, strict=True))
        ):
            return before[2]
        made = self._eliminated(block, hidden, under)
        self._known[block] = mine, under, made
        return made

    def _eliminated(self, block: int, hidden: Mask, under: tuple[_Block, ...]) -> _Block:
        cells = self._cells[block][hidden[self._cells[block]]]
        starts = (0, *accumulate(one.expressed.shape[1] for one in under))
        rows = self._rows(block, hidden, cells, under, starts)
        one = self._solution(rows, starts[-1])
        return _Block(cells, one.expressed, one.inner, one.pivots, one.free, starts)

    def _solution(self, rows: Residues, inside: int) -> _Solved:
        if rows.size > ALIKE:
            return _solved(rows, inside, self.prime)
        key = rows.tobytes(), rows.shape[1], inside
        if key not in self._solved:
            self._solved[key] = _solved(rows, inside, self.prime)
        return self._solved[key]

    def _rows(
        self, block: int, hidden: Mask, cells: Cells, under: tuple[_Block, ...], starts: tuple[int, ...]
    ) -> Residues:
        """One row for each equation that has hidden cells: over the free cells of the blocks under this one, then over its own."""
        place = {cell: index for index, cell in enumerate(cells.tolist())}
        child_of = {int(child): index for index, child in enumerate(self._under[block])}
        inside = [{cell: index for index, cell in enumerate(one.cells.tolist())} for one in under]
        rows = []
        for equation in self._equations[block]:
            there = equation[hidden[equation]]
            if not len(there):
                continue
            row = np.zeros(starts[-1] + len(cells), dtype=np.int64)
            for cell in there.tolist():
                sign = -1 if cell == equation[0] else 1
                index = place.get(cell)
                if index is not None:
                    row[starts[-1] + index] += sign
                    continue
                child = child_of[int(self._of_block[cell])]
                row[starts[child] : starts[child + 1]] += sign * under[child].expressed[inside[child][cell]]
            rows.append(row)
        return np.array(rows) if rows else np.zeros((0, starts[-1] + len(cells)), dtype=np.int64)


def _solved(rows: Residues, inside: int, prime: int) -> _Solved:
    """The equations of a block, over `inside` free cells of the blocks under it and then over its own."""
    rows, pivots = echelon(rows, prime)
    own = pivots >= inside
    left = np.ones(rows.shape[1], dtype=bool)
    left[pivots] = False
    free = np.flatnonzero(left)
    outer = free[free >= inside]
    expressed = np.zeros((len(left) - inside, len(outer)), dtype=np.int64)
    expressed[outer - inside, np.arange(len(outer))] = 1
    expressed[pivots[own] - inside] = -rows[own][:, outer] % prime
    return _Solved(expressed, rows[~own], pivots[~own], free[free < inside])
