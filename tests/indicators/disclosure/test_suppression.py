"""Nothing hidden is computed by an attacker written apart, over one table, linked tables, and by trying every table there is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.indicators.disclosure.proofs import holds
from maillage.indicators.disclosure.suppression import CannotProtect, protect
from maillage.indicators.disclosure.systems import System
from maillage.indicators.disclosure.tables import Classification, Table
from tests.indicators.disclosure.attacker import computed_cells, possible_values
from tests.indicators.disclosure.examples import (
    OUTCOMES,
    REGIONS,
    SERVICES,
    made,
    small_counts,
    table_of,
    tables,
)

PLACES = Classification.flat("lieu", ("a", "b", "c"))


@given(tables(REGIONS, SERVICES, OUTCOMES))
def test_no_hidden_cell_of_a_table_is_computed(table: Table) -> None:
    system = System.of([table])
    sensitive = small_counts(system, table)
    hidden = protect(system, sensitive).hidden
    assert hidden[sensitive].all()
    assert not computed_cells(system, hidden)


@given(tables(REGIONS, SERVICES), st.data())
def test_no_hidden_cell_of_linked_tables_is_computed(first: Table, data: st.DataObject) -> None:
    """The margin by région is in both: what one table hides there, the other does not give."""
    along = [first.counts[place, 0] for place in REGIONS.leaves()]
    shares = data.draw(st.lists(st.integers(0, 100), min_size=len(along), max_size=len(along)))
    done = [int(count * share // 100) for count, share in zip(along, shares, strict=True)]
    second = table_of(
        [REGIONS, OUTCOMES],
        [part for one, all_ in zip(done, along, strict=True) for part in (one, int(all_) - one)],
    )
    system = System.of([first, second])
    hidden = protect(system, small_counts(system, first, second)).hidden
    assert not computed_cells(system, hidden)


@given(tables(PLACES, OUTCOMES, most=4), st.integers(2, 4))
def test_every_hidden_cell_has_two_possible_counts(table: Table, under: int) -> None:
    """Counts are whole and never negative: what the attacker knows besides the sums leaves two values all the same."""
    system = System.of([table])
    hidden = protect(system, (system.counts > 0) & (system.counts < under)).hidden
    possible = possible_values(system, hidden, most=5)
    assert all(len(possible[cell]) > 1 for cell in np.flatnonzero(hidden))


@given(tables(REGIONS, SERVICES))
def test_a_cell_that_counts_nobody_stays_published(table: Table) -> None:
    system = System.of([table])
    hidden = protect(system, small_counts(system, table)).hidden
    assert (system.counts[hidden] > 0).all()


@given(tables(REGIONS, SERVICES))
def test_each_cell_hidden_besides_is_needed(table: Table) -> None:
    system = System.of([table])
    sensitive = small_counts(system, table)
    hidden = protect(system, sensitive).hidden
    for cell in np.flatnonzero(hidden & ~sensitive):
        fewer = hidden.copy()
        fewer[cell] = False
        assert computed_cells(system, fewer) & set(np.flatnonzero(sensitive).tolist())


@given(tables(REGIONS, SERVICES))
def test_the_same_table_is_hidden_the_same_way(table: Table) -> None:
    first, second = (
        protect(system, small_counts(system, table)) for system in (System.of([table]), System.of([table]))
    )
    assert np.array_equal(first.hidden, second.hidden)
    assert [one.prime for one in first.proofs] == [one.prime for one in second.proofs]


def test_nothing_is_hidden_where_nothing_is_sensitive() -> None:
    system = System.of([table_of([REGIONS, OUTCOMES], [20] * 10)])
    assert not protect(system, system.counts < 11).hidden.any()


def test_small_counts_hidden_alone_are_computed_and_with_others_no_longer() -> None:
    """The attacker does find something where nothing else is hidden."""
    table = made(8, 3, 4, 4, 3, 2)
    system = System.of([table])
    sensitive = small_counts(system, table)
    assert computed_cells(system, sensitive)
    assert not computed_cells(system, protect(system, sensitive).hidden)


def test_a_larger_table_is_protected_and_proved() -> None:
    table = made(3, 5, 6, 4, 6, 3)
    system = System.of([table])
    sensitive = small_counts(system, table)
    pattern = protect(system, sensitive)
    assert sensitive.sum() > 300
    assert holds(system, pattern.hidden, pattern.proofs)
    assert not holds(system, sensitive, pattern.proofs)


def test_a_sensitive_cell_that_published_ones_give_is_refused() -> None:
    table = table_of([PLACES], [5, 40, 60])
    system = System.of([table])
    sensitive = system.counts == 5
    with pytest.raises(CannotProtect) as refused:
        protect(system, sensitive, published=~sensitive)
    assert [system.counts[cell] for cell in refused.value.cells] == [5]


def test_a_sensitive_cell_that_is_published_is_refused() -> None:
    system = System.of([table_of([PLACES], [5, 40, 60])])
    with pytest.raises(ValueError, match="published already"):
        protect(system, system.counts == 5, published=system.counts == 5)


def test_what_may_not_be_hidden_is_not() -> None:
    table = table_of([PLACES, OUTCOMES], [5, 40, 60, 70, 80, 90])
    system = System.of([table])
    sensitive = system.counts == 5
    free = protect(system, sensitive).hidden
    taken = free & ~sensitive & (system.counts < 50)
    assert taken.any()
    hidden = protect(system, sensitive, published=taken).hidden
    assert not (hidden & taken).any()
    assert not computed_cells(system, hidden)
