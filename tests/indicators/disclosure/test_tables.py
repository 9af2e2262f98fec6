"""Classifications and tables say what is wrong with them; their margins are sums; tables that share cells agree on them."""

import numpy as np
import pytest
from hypothesis import given

from maillage.indicators.disclosure.systems import CellsDiffer, System
from maillage.indicators.disclosure.tables import Classification, Table
from tests.indicators.disclosure.examples import OUTCOMES, REGIONS, SERVICES, table_of, tables


@pytest.mark.parametrize(
    ("codes", "parents", "says"),
    [
        (("total", "a", "a"), (-1, 0, 0), "twice"),
        (("total", "a"), (-1,), "its parent"),
        (("a", "b"), (0, 0), "its parent"),
        ((), (), "its parent"),
        (("total", "a", "b"), (-1, 2, 0), "before its children"),
        (("total", "a"), (-1, -1), "before its children"),
    ],
)
def test_a_wrong_classification_says_what_is_wrong(
    codes: tuple[str, ...], parents: tuple[int, ...], says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        Classification("lieu", codes, parents)


def test_leaves_are_what_nothing_is_under() -> None:
    assert [REGIONS.codes[place] for place in REGIONS.leaves()] == ["a1", "a2", "b1", "b2", "b3"]


@given(tables(REGIONS, OUTCOMES))
def test_each_margin_is_the_sum_of_the_leaves_under_it(table: Table) -> None:
    leaves = table.counts[np.ix_(REGIONS.leaves(), OUTCOMES.leaves())]
    assert table.counts[0, 0] == leaves.sum()
    assert table.counts[1, 0] == leaves[:2].sum()
    assert table.counts[0, 1] == leaves[:, 0].sum()


def test_counts_that_are_no_table_are_refused() -> None:
    good = table_of([OUTCOMES], [3, 4]).counts
    for counts, says in (
        (good[:2], "one axis"),
        (np.array([1, 2, -1]), "negative"),
        (np.array([8, 3, 4]), "margin"),
    ):
        with pytest.raises(ValueError, match=says):
            Table((OUTCOMES,), counts)


@given(tables(REGIONS, SERVICES, OUTCOMES))
def test_the_counts_of_a_table_obey_the_sums_of_its_system(table: Table) -> None:
    system = System.of([table])
    assert system.holds(system.counts)
    changed = system.counts.copy()
    changed[0] += 1
    assert not system.holds(changed)


def test_linked_tables_share_the_cells_of_the_same_codes() -> None:
    first, second = table_of([REGIONS, OUTCOMES], [4] * 10), table_of([REGIONS, SERVICES], [2, 2, 4] * 5)
    system = System.of([first, second])
    assert system.tables[0][:, 0].tolist() == system.tables[1][:, 0].tolist()
    assert len(system.counts) == first.counts.size + second.counts.size - len(REGIONS.codes)
    assert system.places[int(system.tables[1][3, 2])] == (("région", "a1"), ("service", "SSAM"))


def test_linked_tables_that_disagree_are_refused() -> None:
    with pytest.raises(CellsDiffer, match=r"40 here and 41 there"):
        System.of([table_of([OUTCOMES], [20, 20]), table_of([SERVICES], [20, 20, 1])])


def test_two_classifications_of_one_name_are_refused() -> None:
    other = Classification.flat("issue", ("fait", "refusé"))
    with pytest.raises(ValueError, match="two classifications"):
        System.of([table_of([OUTCOMES], [20, 20]), table_of([other], [20, 20])])
