"""Months, quarters and the year, some told and some left out: whoever keeps them all and subtracts one from another finds nobody."""

from collections.abc import Collection, Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.indicators.disclosure.proofs import holds
from maillage.indicators.disclosure.releases import Ledger, Release, not_given, release
from maillage.indicators.disclosure.systems import Mask, System
from maillage.indicators.disclosure.tables import TOTAL, Classification, Table
from tests.indicators.disclosure.attacker import computed_cells
from tests.indicators.disclosure.examples import small_counts, table_of

PERIODS = Classification.nested("période", {"T1": ("01", "02", "03"), "T2": ("04", "05", "06")})
PLACES = Classification.nested("lieu", {"A": ("a1", "a2"), "B": ("b1", "b2")})
ENDS = ("01", "02", "03", "T1", "04", "05", "06", "T2", TOTAL)
"""Each period, when it is over."""
COUNTS = st.lists(st.one_of(st.integers(0, 12), st.integers(0, 60)), min_size=24, max_size=24)
TOLD = st.sets(st.sampled_from(ENDS), min_size=1)
Kept = tuple[System, Mask, Mask, Release]


def cells(system: System, periods: set[str], places: Collection[str] = PLACES.codes) -> Mask:
    """The cells of these periods, there."""
    mask = system.mask(None).copy()
    rows, columns = (
        [axis.codes.index(one) for one in named] for axis, named in ((PERIODS, periods), (PLACES, places))
    )
    mask[system.tables[0][np.ix_(rows, columns)]] = True
    return mask  # fmt: skip


def released(table: Table, told: set[str]) -> Iterator[Kept]:
    """Each release of a year as it goes out: its system, what was sensitive by then, what was not over."""
    system, ledger = System.of([table]), Ledger()
    sensitive = small_counts(system, table)
    for number, period in enumerate(ENDS):
        if period in told:
            later = ~cells(system, set(ENDS[: number + 1]))
            out = release(system, sensitive, ledger, unreleased=later, withheld=~cells(system, {period}))
            ledger = out.ledger
            yield system, sensitive & ~later, later, out


def read(system: System, ledger: Ledger) -> Mask:
    """What everybody has of all the releases so far."""
    return np.array([place in ledger.published for place in system.places])


@given(COUNTS, TOLD)
def test_no_difference_of_periods_gives_a_small_count(counts: list[int], told: set[str]) -> None:
    """Not even to whoever knows where nobody was: a month that was left out is no exception."""
    for system, sensitive, later, out in released(table_of([PERIODS, PLACES], counts), told):
        unknown = ~read(system, out.ledger) & (later | (system.counts > 0))
        assert not (sensitive & ~unknown).any()
        assert not computed_cells(system, unknown) & set(np.flatnonzero(sensitive & ~later).tolist())


@given(COUNTS, TOLD)
@settings(max_examples=15)
def test_what_is_hidden_once_is_computed_at_no_later_time(counts: list[int], told: set[str]) -> None:
    before: frozenset[object] = frozenset()
    for system, _, later, out in released(table_of([PERIODS, PLACES], counts), told):
        hidden = {system.places[cell] for cell in np.flatnonzero(out.pattern.hidden)}
        assert before <= hidden == out.ledger.hidden
        unknown = ~read(system, out.ledger) & (later | (system.counts > 0))
        assert not computed_cells(system, unknown) & set(np.flatnonzero(out.pattern.hidden).tolist())
        free = later | not_given(system, unknown & ~out.pattern.hidden)
        assert holds(system, out.pattern.hidden, out.pattern.proofs, unreleased=free)
        before = out.ledger.hidden


@given(COUNTS, TOLD)
@settings(max_examples=5)
def test_the_same_year_goes_out_the_same_way(counts: list[int], told: set[str]) -> None:
    table = table_of([PERIODS, PLACES], counts)
    first, second = ([out.ledger for *_, out in released(table, told)] for _ in range(2))
    assert first == second


def test_most_cells_of_such_a_year_are_told() -> None:
    """Else the properties above would hold of nothing."""
    random = np.random.default_rng(3)
    told = 0
    for _ in range(6):
        table = table_of([PERIODS, PLACES], random.negative_binomial(1, 0.04, 24).tolist())
        *_, (system, _, _, out) = released(table, set(ENDS))
        told += int(read(system, out.ledger).sum())
    assert told > 6 * len(PERIODS.codes) * len(PLACES.codes) / 2


LEFT_OUT = [20, 20, 20, 20, 20, 20, 20, 20, 5, 20, 20, 20, *[20] * 12]
"""Two months of twenty everywhere, and a third where « a1 » has five."""


def test_a_month_that_was_left_out_is_not_given_by_its_quarter() -> None:
    """The attacker finds it where it is taken for a month to come; he does not where it is withheld."""
    table = table_of([PERIODS, PLACES], LEFT_OUT)
    system = System.of([table])
    sensitive, later = small_counts(system, table), ~cells(system, {"01", "02", "T1"})
    five = set(np.flatnonzero(sensitive & cells(system, {"03"}, ("a1",))).tolist())
    careless = release(system, sensitive, Ledger(), unreleased=later)
    assert computed_cells(system, ~read(system, careless.ledger)) & five == five
    *_, (_, _, _, quarter) = released(table, {"01", "02", "T1"})
    assert not computed_cells(system, ~read(system, quarter.ledger)) & five
    assert (
        quarter.told.sum() == cells(system, {"01", "02", "T1"}).sum() - 2
    )  # « a1 » of the quarter, and what would give it back
