"""Tables of counts with all their margins, over classifications whose codes may have parents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
TOTAL: Final = "total"


@dataclass(frozen=True, slots=True)
class Classification:
    """The codes of one dimension. `parents[i]` is the place of the parent of `codes[i]`, which comes before it; the first, the
    total, has -1. Raises ValueError for codes that repeat or a parent that comes after.
    """

    name: str
    codes: tuple[str, ...]
    parents: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(set(self.codes)) != len(self.codes):
            raise ValueError(f"{self.name}: a code is there twice")
        if len(self.parents) != len(self.codes) or not self.codes or self.parents[0] != -1:
            raise ValueError(f"{self.name}: each code has its parent, the total excepted")
        if any(not 0 <= parent < place for place, parent in enumerate(self.parents) if place):
            raise ValueError(f"{self.name}: a parent comes before its children")

    @classmethod
    def flat(cls, name: str, codes: Sequence[str]) -> Self:
        """A total, and codes straight under it."""
        return cls(name, (TOTAL, *codes), (-1, *(0 for _ in codes)))

    @classmethod
    def nested(cls, name: str, groups: Mapping[str, Sequence[str]]) -> Self:
        """A total, groups under it, codes under each group: départements in regions, months in quarters."""
        codes, parents = [TOTAL, *groups], [-1, *(0 for _ in groups)]
        for place, inside in enumerate(groups.values(), start=1):
            codes += inside
            parents += [place] * len(inside)
        return cls(name, tuple(codes), tuple(parents))

    def families(self) -> tuple[tuple[int, NDArray[np.intp]], ...]:
        """Each code that has children, with the places of its children."""
        return _families(self.parents)

    def leaves(self) -> tuple[int, ...]:
        """The places of the codes without children."""
        return tuple(sorted(set(range(len(self.codes))) - set(self.parents)))


@lru_cache(maxsize=64)
def _families(parents: tuple[int, ...]) -> tuple[tuple[int, NDArray[np.intp]], ...]:
    """Many tables have the same classifications."""
    above = np.array(parents)
    return tuple((place, np.flatnonzero(above == place)) for place in sorted(set(parents) - {-1}))


@dataclass(frozen=True, slots=True)
class Table:
    """Counts over classifications, every margin included: one axis of `counts` each, as long as its codes.

    Raises ValueError when the shape differs, a count is negative, or a margin is not the sum of what is under it.
    """

    classifications: tuple[Classification, ...]
    counts: Counts

    def __post_init__(self) -> None:
        if self.counts.shape != tuple(len(one.codes) for one in self.classifications):
            raise ValueError("the counts have one axis for each classification, as long as its codes")
        if (self.counts < 0).any():
            raise ValueError("a count is never negative")
        if not np.array_equal(_summed(self.classifications, self.counts), self.counts):
            raise ValueError("a margin is not the sum of what is under it")

    @classmethod
    def of_leaves(
        cls, classifications: Sequence[Classification], leaves: Mapping[tuple[str, ...], int]
    ) -> Self:
        """From the count of each combination of codes; those left out are zero. Raises KeyError for a code that does not exist."""
        places = [{code: place for place, code in enumerate(one.codes)} for one in classifications]
        counts = np.zeros([len(one.codes) for one in classifications], dtype=np.int64)
        for codes, count in leaves.items():
            counts[tuple(at[code] for at, code in zip(places, codes, strict=True))] += count
        return cls.of_counts(classifications, counts)

    @classmethod
    def of_counts(cls, classifications: Sequence[Classification], counts: Counts) -> Self:
        """From the counts of the codes that have no others under them; those of the margins are not read."""
        return cls(tuple(classifications), _summed(tuple(classifications), counts))


def _summed(classifications: tuple[Classification, ...], counts: Counts) -> Counts:
    """`counts` with each margin replaced by the sum of its children, the deepest first."""
    summed = counts.copy()
    for axis, one in enumerate(classifications):
        along = np.moveaxis(summed, axis, 0)  # a view: what is written there is written in `summed`
        for place, children in reversed(one.families()):
            along[place] = along[children].sum(axis=0)
    return summed
