"""The design's tables: one whose answer was published by the authors of a peer, and those on which peers were measured."""

import csv
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest

from maillage.indicators.disclosure.proofs import holds
from maillage.indicators.disclosure.suppression import protect
from maillage.indicators.disclosure.systems import System
from maillage.indicators.disclosure.tables import Classification, Table
from tests.indicators.disclosure.attacker import computed_cells
from tests.indicators.disclosure.conftest import TABLES
from tests.indicators.disclosure.examples import small_counts


def rows(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def flat(name: str, codes: Iterable[str]) -> Classification:
    return Classification.flat(name, sorted(set(codes)))


def follow_up(name: str) -> Table:
    """A synthetic follow-up: départements in regions, and each other column that has more than one code."""
    lines = rows(name)
    regions: dict[str, set[str]] = {}
    for line in lines:
        regions.setdefault(line["region"], set()).add(line["dept"])
    columns = [
        one
        for one in lines[0]
        if one not in {"region", "dept", "n"} and len({line[one] for line in lines}) > 1
    ]
    places = Classification.nested(
        "lieu", {region: sorted(inside) for region, inside in sorted(regions.items())}
    )
    classifications = [places, *(flat(one, (line[one] for line in lines)) for one in columns)]
    return Table.of_leaves(
        classifications, {(line["dept"], *(line[one] for one in columns)): int(line["n"]) for line in lines}
    )


def test_the_published_answer_of_a_peer() -> None:
    """One small count by region and gender; three more are hidden, as its authors publish it."""
    lines = rows("microdata1")
    counted: dict[tuple[str, ...], int] = Counter((line["region"], line["gender"]) for line in lines)
    classifications = [
        flat("région", (line["region"] for line in lines)),
        flat("genre", (line["gender"] for line in lines)),
    ]
    system = System.of([Table.of_leaves(classifications, counted)])
    (smallest,) = [key for key, count in counted.items() if count == min(counted.values())]
    assert smallest == ("A", "female")
    sensitive = system.counts == min(counted.values())
    hidden = protect(system, sensitive).hidden
    assert (sensitive.sum(), hidden.sum()) == (1, 4)


# Cells, sensitive ones, and how many a peer hides besides (GaussSuppression 1.2.3, exact disclosure alone, threshold 11).
@pytest.mark.parametrize(
    ("name", "cells", "few", "peer"),
    [("o2", 132, 54, 20), ("small", 768, 277, 126), ("mid", 3600, 1464, 372)],
)
def test_no_more_is_hidden_than_a_peer_hides(name: str, cells: int, few: int, peer: int) -> None:
    table = follow_up(name)
    system = System.of([table])
    sensitive = small_counts(system, table)
    assert (len(system.counts), sensitive.sum()) == (cells, few)
    pattern = protect(system, sensitive)
    assert holds(system, pattern.hidden, pattern.proofs)
    assert (pattern.hidden & ~sensitive).sum() <= peer
    if cells < 1000:
        assert not computed_cells(system, pattern.hidden)
        assert computed_cells(system, sensitive)
    assert np.array_equal(protect(system, sensitive).hidden, pattern.hidden)
