"""The cells that are published together and the sums that tie them: one system for all the tables of a release, and of those before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from maillage.indicators.disclosure.tables import Classification, Counts, Table

Cells = NDArray[np.intp]
Mask = NDArray[np.bool_]
Place = tuple[tuple[str, str], ...]
"""Where a cell is, whatever the table: the codes that are not a total, by the name of their classification, in its order."""


class CellsDiffer(ValueError):
    """Two tables give the same cell different counts: they do not speak of the same thing."""


@dataclass(frozen=True, slots=True)
class System:
    """`counts[i]` units in cell `i`; each of `equations` holds a total, then the cells whose sum it is.

    `blocks[i]` is the code of the cell in the classification that cuts the system best, `above[b]` the parent of a block (-1 for the
    first): each equation stays in one block, or ties a block to those under it. `tables[t]` gives the cell of each place of table t,
    `places` what each cell is.
    """

    counts: Counts
    equations: tuple[Cells, ...]
    blocks: Cells
    above: tuple[int, ...]
    tables: tuple[Cells, ...]
    places: tuple[Place, ...]

    @classmethod
    def of(cls, tables: Sequence[Table]) -> "System":
        """The system of tables published together; two tables share the cells that bear the same codes.

        Raises CellsDiffer when a shared cell has two counts, ValueError when two classifications of one name differ.
        """
        _one_classification_by_name(tables)
        known: dict[Place, int] = {}
        counts: list[int] = []
        numbered: list[Cells] = []
        for table in tables:
            cells = np.empty(table.counts.shape, dtype=np.intp)
            for at, count in np.ndenumerate(table.counts):
                place = _place(table, at)
                cell = known.setdefault(place, len(counts))
                if cell == len(counts):
                    counts.append(int(count))
                elif counts[cell] != count:
                    raise CellsDiffer(f"{dict(place)}: {counts[cell]} here and {count} there")
                cells[at] = cell
            numbered.append(cells)
        blocks, above = _cut(tables, numbered, len(counts))
        return cls(
            np.array(counts, dtype=np.int64),
            tuple(_equations(tables, numbered)),
            blocks,
            above,
            tuple(numbered),
            tuple(known),
        )

    def mask(self, given: Mask | None) -> Mask:
        """The cells given, or none of them."""
        return np.zeros(len(self.counts), dtype=bool) if given is None else given

    def holds(self, values: Counts) -> bool:
        """Whether `values`, one for each cell, obey every equation."""
        return all(values[one[0]] == values[one[1:]].sum() for one in self.equations)


def _one_classification_by_name(tables: Sequence[Table]) -> None:
    known: dict[str, Classification] = {}
    for table in tables:
        for one in table.classifications:
            if known.setdefault(one.name, one) != one:
                raise ValueError(f"{one.name}: two classifications of the same name")


def _place(table: Table, at: tuple[int, ...]) -> Place:
    codes = [
        (one.name, one.codes[index]) for one, index in zip(table.classifications, at, strict=True) if index
    ]
    return tuple(sorted(codes))


def _equations(tables: Sequence[Table], numbered: Sequence[Cells]) -> Iterator[Cells]:
    """Each sum once, although linked tables may both have it."""
    seen: set[tuple[int, ...]] = set()
    for table, cells in zip(tables, numbered, strict=True):
        for axis, one in enumerate(table.classifications):
            along = np.moveaxis(cells, axis, 0)
            for place, children in one.families():
                both = np.concatenate([along[place][None], along[children]]).reshape(1 + len(children), -1)
                for row in both.T:
                    key = tuple(row.tolist())
                    if key not in seen:
                        seen.add(key)
                        yield row


def _cut(tables: Sequence[Table], numbered: Sequence[Cells], size: int) -> tuple[Cells, tuple[int, ...]]:
    """The blocks of the classification that has the most codes."""
    widest = max(
        (one for table in tables for one in table.classifications),
        key=lambda one: len(one.codes),
        default=None,
    )
    blocks = np.zeros(size, dtype=np.intp)
    if widest is None:
        return blocks, (-1,)
    for table, cells in zip(tables, numbered, strict=True):
        if widest in table.classifications:
            along = np.moveaxis(cells, table.classifications.index(widest), 0)
            for code in range(len(widest.codes)):
                blocks[along[code]] = code
    return blocks, widest.parents
