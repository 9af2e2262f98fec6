"""Which other cells to hide so that those that must not be read cannot be computed: as few as the search finds, never a zero.

A cell that counts nobody stays published: as long as every hidden cell is positive, a movement of either sign is possible, and what
linear algebra says of the cells holds although no count is negative.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from maillage.indicators.disclosure.freedom import Freedom
from maillage.indicators.disclosure.modular import LARGEST, Residues
from maillage.indicators.disclosure.proofs import Proof, holds
from maillage.indicators.disclosure.systems import Mask, System

POOL = 48
"""Random movements drawn at once: each cell that is published again uses one."""
TRIES = 3
"""Random movements drawn for a proof, of which one is kept."""


class CannotProtect(ValueError):
    """A sensitive cell is computed from cells that may not be hidden: `cells`, those that stay fixed, by number."""

    def __init__(self, cells: Sequence[int]) -> None:
        super().__init__(f"{len(cells)} cells stay fixed by what is published")
        self.cells = tuple(cells)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The cells to hide, and the proofs that none of them can be computed."""

    hidden: Mask
    proofs: tuple[Proof, ...]


def protect(
    system: System, sensitive: Mask, *, published: Mask | None = None, unreleased: Mask | None = None
) -> Pattern:
    """The pattern that hides every `sensitive` cell and what gives it away; the same input gives the same one.

    `published`: what is read already, and so cannot be hidden. `unreleased`: what nobody is given, of a period that goes on; it may
    be computed without harm. Raises CannotProtect, and ValueError for a cell that is sensitive and published.
    """
    search = _Search(system, sensitive, system.mask(published), system.mask(unreleased))
    search.close(range(len(system.equations)))
    while fixed := search.fixed():
        search.loosen(fixed)
    search.publish_again()
    return search.proved()


class _Search:
    """A set of hidden cells that grows until nothing sensitive is fixed, then shrinks while that stays true."""

    def __init__(self, system: System, sensitive: Mask, published: Mask, unreleased: Mask) -> None:
        if (sensitive & published).any():
            raise ValueError("a cell that is published already cannot be hidden")
        self._system = system
        self._sensitive = sensitive
        self._unreleased = unreleased
        self._hidden = sensitive | unreleased
        self._may_hide = ((system.counts > 0) & ~published).tolist()
        self._counts = system.counts.tolist()
        self._members = [one.tolist() for one in system.equations]
        self._equations_of: list[list[int]] = [[] for _ in self._counts]
        for number, members in enumerate(self._members):
            for cell in members:
                self._equations_of[cell].append(number)
        self._alone = [int(self._hidden[one].sum()) for one in system.equations]
        self._random = np.random.default_rng(_seed(system, sensitive, published, unreleased))
        self._spaces = tuple(Freedom(system, prime) for prime in _two_primes(self._random))

    def _hide(self, cell: int) -> None:
        self._hidden[cell] = True
        for number in self._equations_of[cell]:
            self._alone[number] += 1

    def _show(self, cell: int) -> None:
        self._hidden[cell] = False
        for number in self._equations_of[cell]:
            self._alone[number] -= 1

    def _best(self, cells: Iterable[int]) -> int | None:
        """Of cells that may be hidden, the one that leaves the fewest alone in a sum; then the smallest, then the first."""
        free = [cell for cell in cells if self._may_hide[cell] and not self._hidden[cell]]
        return min(free, key=lambda cell: (self._left_alone(cell), self._counts[cell], cell), default=None)

    def _left_alone(self, cell: int) -> int:
        now = [self._alone[number] for number in self._equations_of[cell]]
        return now.count(0) - now.count(1)

    def close(self, numbers: Iterable[int]) -> None:
        """Hide a second cell in each sum that has one hidden alone."""
        waiting = [number for number in numbers if self._alone[number] == 1]
        heapq.heapify(waiting)
        while waiting:
            number = heapq.heappop(waiting)
            if self._alone[number] != 1:
                continue
            cell = self._best(self._members[number])
            if cell is None:  # no one else counts in this sum: only a wider search can tell whether it harms
                continue
            self._hide(cell)
            for other in self._equations_of[cell]:
                if self._alone[other] == 1:
                    heapq.heappush(waiting, other)

    def fixed(self) -> list[int]:
        """The sensitive cells that what is published fixes."""
        moves = self._spaces[0].vectors(self._hidden, 2, self._random).any(axis=0)
        return np.flatnonzero(self._sensitive & ~moves).tolist()

    def loosen(self, fixed: Sequence[int]) -> None:
        """Hide one more cell in each block that has a fixed one, the nearest by the sums that tie it: it often frees many at once.

        Raises CannotProtect when no cell is left to hide for any of them.
        """
        blocks = self._system.blocks[fixed].tolist()
        done = set()
        for cell, block in zip(fixed, blocks, strict=True):
            if block not in done and self._loosened(cell):
                done.add(block)
        if not done:
            raise CannotProtect(fixed)

    def _loosened(self, cell: int) -> bool:
        seen, edge = {cell}, {cell}
        while edge:
            near = {
                one for here in edge for number in self._equations_of[here] for one in self._members[number]
            }
            best = self._best(near)
            if best is not None:
                self._hide(best)
                self.close(self._equations_of[best])
                return True
            edge = {one for one in near - seen if self._hidden[one]}
            seen |= edge
        return False

    def publish_again(self) -> None:
        """Show what is hidden beyond need until every hidden cell is needed: block by block from the total, the largest first."""
        blocks = self._system.blocks
        tried = np.flatnonzero(self._hidden & ~self._sensitive & ~self._unreleased).tolist()
        waiting = sorted(tried, key=lambda one: (-blocks[one], self._counts[one], -one))
        while waiting:
            movements = self._spaces[0].vectors(self._hidden, POOL, self._random)
            self._show_unneeded(waiting, movements[:, self._hidden])

    def _show_unneeded(self, waiting: list[int], movements: Residues) -> None:
        """Take cells off the end of `waiting` and show those not needed, while random movements of the hidden cells are left.

        Showing a cell keeps the movements in which it is zero. A sensitive cell becomes fixed if it moved in step with that cell.
        """
        prime = self._spaces[0].prime
        column = {cell: place for place, cell in enumerate(np.flatnonzero(self._hidden).tolist())}
        kept = np.flatnonzero(self._sensitive[self._hidden])
        while waiting and len(movements) > 2:
            cell = waiting.pop()
            here = column[cell]
            first, second = movements[:2]
            if not first[here] and not second[here]:  # what was shown fixes it: hidden in vain
                self._show(cell)
            elif not ((first[kept] * second[here] - second[kept] * first[here]) % prime == 0).any():
                self._show(cell)
                movements = _without(movements, here, prime)

    def proved(self) -> Pattern:
        """The pattern found, with a proof for each prime. Raises CannotProtect if one does not hold: it never should."""
        hidden = self._hidden & ~self._unreleased
        proofs = tuple(Proof(one.prime, self._movement(one)) for one in self._spaces)
        if not holds(self._system, hidden, proofs, unreleased=self._unreleased):
            raise CannotProtect(np.flatnonzero(hidden).tolist())
        return Pattern(hidden, proofs)

    def _movement(self, space: Freedom) -> Residues:
        """A movement of every hidden cell: of a few at random, the one that moves most (a free cell is zero once in a billion)."""
        found = space.vectors(self._hidden, TRIES, self._random)
        most: Residues = found[np.count_nonzero(found, axis=1).argmax()]
        return most


def _without(movements: Residues, cell: int, prime: int) -> Residues:
    """The movements in which a cell is zero: one fewer, the others less what they share with it."""
    last = movements[-1]
    if not last[cell]:
        return movements[:-1]
    shares = movements[:-1, cell] * pow(int(last[cell]), -1, prime) % prime
    kept: Residues = movements[:-1] - shares[:, None] * last % prime
    return kept % prime


def _seed(system: System, *masks: Mask) -> int:
    """A number drawn from everything that the pattern depends on, so that the same input gives the same one."""
    known = sha256(system.counts.tobytes())
    for array in (*system.equations, *masks):
        known.update(array.tobytes())
    return int.from_bytes(known.digest()[:8])


def _two_primes(random: np.random.Generator) -> tuple[int, int]:
    """Two different primes of 31 bits."""
    found: list[int] = []
    while len(found) < 2:
        number = int(random.integers(LARGEST // 2, LARGEST)) | 1
        if number not in found and (number % np.arange(3, 46_342, 2)).all():
            found.append(number)
    return found[0], found[1]
