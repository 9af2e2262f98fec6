"""Whoever reads a release and computes: written apart from the module that it attacks, with fractions and by trying every table."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product

from maillage.indicators.disclosure.systems import Mask, System

Row = dict[int, Fraction]


def computed_cells(system: System, hidden: Mask) -> set[int]:
    """The hidden cells that the published ones and the sums give, by elimination over the rationals."""
    signed = ({int(one[0]): -1, **dict.fromkeys(one[1:].tolist(), 1)} for one in system.equations)
    return computed(signed, {int(cell) for cell in range(len(hidden)) if hidden[cell]})


def computed(equations: Iterable[Mapping[int, int]], hidden: Collection[int]) -> set[int]:
    """The same, of any sums: each equation is the signs of its cells, whose signed sum is zero."""
    rows = [{cell: Fraction(sign) for cell, sign in one.items() if cell in hidden} for one in equations]
    return {cell for row in _reduced([row for row in rows if row]) if len(row) == 1 for cell in row}


def _reduced(rows: list[Row]) -> list[Row]:
    """Gauss and Jordan: each row has a cell that no other has."""
    done: list[Row] = []
    pivots: dict[int, Row] = {}
    for row in rows:
        for cell in [one for one in row if one in pivots]:
            _subtract(row, pivots[cell], row[cell])
        if not row:
            continue
        pivot = min(row)
        first = row[pivot]
        for cell in row:
            row[cell] /= first
        for other in done:
            if pivot in other:
                _subtract(other, row, other[pivot])
        done.append(row)
        pivots[pivot] = row
    return done


def _subtract(row: Row, other: Row, share: Fraction) -> None:
    for cell, value in other.items():
        left = row.get(cell, Fraction(0)) - share * value
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)


def possible_values(system: System, hidden: Mask, *, most: int) -> list[set[int]]:
    """For each cell, the values that it takes in the tables of counts, up to `most`, that agree with everything published."""
    found: list[set[int]] = [set() for _ in system.counts]
    for values in _agreeing(system, hidden, most):
        for cell, value in enumerate(values):
            found[cell].add(value)
    return found


def _agreeing(system: System, hidden: Mask, most: int) -> Iterator[list[int]]:
    totals = {int(equation[0]) for equation in system.equations}
    leaves = [cell for cell in range(len(system.counts)) if cell not in totals]
    choices = [range(most + 1) if hidden[cell] else (int(system.counts[cell]),) for cell in leaves]
    for chosen in product(*choices):
        values = dict(zip(leaves, chosen, strict=True))
        if _completes(system, values) and all(
            hidden[cell] or values[cell] == system.counts[cell] for cell in range(len(system.counts))
        ):
            yield [values[cell] for cell in range(len(system.counts))]


def _completes(system: System, values: dict[int, int]) -> bool:
    """Work out the margins from the leaves, in place; whether they agree where two sums give the same one."""
    waiting = [equation.tolist() for equation in system.equations]
    while waiting:
        later = []
        for total, *cells in waiting:
            if any(cell not in values for cell in cells):
                later.append([total, *cells])
            elif values.setdefault(total, sum(values[cell] for cell in cells)) != sum(
                values[cell] for cell in cells
            ):
                return False
        assert len(later) < len(waiting), "each margin comes from cells that are known"
        waiting = later
    return True
