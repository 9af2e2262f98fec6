"""Tables to protect: drawn by Hypothesis, or made once by a seed, with the sparse and skewed counts of real follow-up."""

from collections.abc import Sequence
from itertools import product

import numpy as np
from hypothesis import strategies as st

from maillage.indicators.disclosure.sensitive import Policy, sensitive_cells
from maillage.indicators.disclosure.systems import Mask, System
from maillage.indicators.disclosure.tables import Classification, Table

REGIONS = Classification.nested("région", {"A": ("a1", "a2"), "B": ("b1", "b2", "b3")})
SERVICES = Classification.flat("service", ("MisAS", "SSAM", "CES"))
OUTCOMES = Classification.flat("issue", ("fait", "non fait"))


def table_of(classifications: Sequence[Classification], counts: Sequence[int]) -> Table:
    """The counts of the combinations of leaves, in order."""
    leaves = [[one.codes[place] for place in one.leaves()] for one in classifications]
    return Table.of_leaves(classifications, dict(zip(product(*leaves), counts, strict=True)))


def tables(*classifications: Classification, most: int = 30) -> st.SearchStrategy[Table]:
    """Counts up to `most`, half of them zero or small, as in a département's service."""
    size = int(np.prod([len(one.leaves()) for one in classifications]))
    count = st.one_of(st.integers(0, 3), st.integers(0, most))
    return st.lists(count, min_size=size, max_size=size).map(lambda counts: table_of(classifications, counts))


def made(seed: int, groups: int, inside: int, *others: int) -> Table:
    """A table of `groups` × `inside` places by flat classifications of the sizes given, from a seed."""
    random = np.random.default_rng(seed)
    places = Classification.nested(
        "lieu", {f"G{group}": [f"G{group}-{one}" for one in range(inside)] for group in range(groups)}
    )
    classifications = [
        places,
        *(
            Classification.flat(f"axe {axis}", [f"{axis}.{one}" for one in range(size)])
            for axis, size in enumerate(others)
        ),
    ]
    size = groups * inside * int(np.prod(others))
    return table_of(classifications, random.negative_binomial(0.4, 0.03, size).tolist())


def flat_mask(system: System, found: Sequence[tuple[Table, Mask]]) -> Mask:
    """What is sensitive in each table, in its shape, over the cells of their system."""
    mask = np.zeros(len(system.counts), dtype=bool)
    for cells, (_, sensitive) in zip(system.tables, found, strict=True):
        mask[cells[sensitive]] = True
    return mask


def small_counts(system: System, *together: Table) -> Mask:
    """What the default policy says of the tables of a system."""
    return flat_mask(system, [(one, sensitive_cells(one, Policy())) for one in together])
