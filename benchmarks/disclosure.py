"""Protecting large tables of counts: made once, of the sizes of those on which the peers named in ADR 30 were measured."""

from itertools import product
from time import perf_counter

import numpy as np

from benchmarks.measure import Line
from maillage.indicators.disclosure.proofs import holds
from maillage.indicators.disclosure.sensitive import Policy, sensitive_cells
from maillage.indicators.disclosure.suppression import protect
from maillage.indicators.disclosure.systems import System
from maillage.indicators.disclosure.tables import Classification, Table

# (regions, départements in all, services, partners, outcomes), seconds: with all margins, 3 600 and 35 910 cells.
SIZES = (((3, 16, 8, 4, 3), 1.0), ((13, 100, 8, 6, 4), 10.0))


def lines() -> list[Line]:
    """The pattern without exact disclosure, and the check of its proof, in seconds."""
    found = []
    for sizes, bound in SIZES:
        table = _table(*sizes)
        began = perf_counter()
        system = System.of([table])
        sensitive = np.zeros(len(system.counts), dtype=bool)
        sensitive[system.tables[0]] = sensitive_cells(table, Policy())
        pattern = protect(system, sensitive)
        protected = perf_counter()
        assert holds(system, pattern.hidden, pattern.proofs)
        checked = perf_counter()
        size, few = len(system.counts), int(sensitive.sum())
        said = f"{few} cellules sensibles, {int(pattern.hidden.sum()) - few} cachées en plus"
        found += [
            Line(
                f"protection d’un tableau de {size} cellules, en secondes",
                protected - began,
                bound,
                "below",
                said,
            ),
            Line(
                f"contrôle de la preuve sur {size} cellules, en secondes",
                checked - protected,
                0.5,
                "below",
                "en une passe",
            ),
        ]
    return found


def _table(groups: int, places: int, *others: int) -> Table:
    """Skewed counts, a third of them zero, from a seed."""
    random = np.random.default_rng(2026)
    inside = np.array_split([f"D{place:03}" for place in range(places)], groups)
    where = Classification.nested(
        "lieu", {f"R{group:02}": [str(one) for one in part] for group, part in enumerate(inside)}
    )
    flat = [
        Classification.flat(f"axe {axis}", [f"{axis}.{one}" for one in range(size)])
        for axis, size in enumerate(others)
    ]
    codes = [[one.codes[place] for place in one.leaves()] for one in (where, *flat)]
    counts = random.negative_binomial(0.35, 0.02, places * int(np.prod(others))).tolist()
    return Table.of_leaves((where, *flat), dict(zip(product(*codes), counts, strict=True)))
