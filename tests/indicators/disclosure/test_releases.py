"""Months, then a quarter, then the year: what went out then and what goes out now are one system for whoever kept them."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.indicators.disclosure.proofs import holds
from maillage.indicators.disclosure.releases import Changed, Ledger, Release, release
from maillage.indicators.disclosure.sensitive import Policy, sensitive_cells
from maillage.indicators.disclosure.suppression import CannotProtect, protect
from maillage.indicators.disclosure.systems import Mask, System
from maillage.indicators.disclosure.tables import Classification, Table
from tests.indicators.disclosure.attacker import computed_cells
from tests.indicators.disclosure.examples import table_of

PERIODS = Classification.nested("période", {"T1": ("01", "02"), "T2": ("03", "04")})
PLACES = Classification.flat("lieu", ("a", "b", "c"))
COUNTS = st.lists(st.one_of(st.integers(0, 12), st.integers(0, 60)), min_size=12, max_size=12)


def known_at(table: Table, over: set[str]) -> tuple[System, Mask, Mask]:
    """The system when some periods are over; what is sensitive, and what nobody is given yet."""
    going_on = [place for place, code in enumerate(PERIODS.codes) if code not in over]
    later = np.zeros(table.counts.shape, dtype=bool)
    later[going_on] = True
    system = System.of([table])
    (cells,) = system.tables
    sensitive, unreleased = (np.zeros(len(system.counts), dtype=bool) for _ in range(2))
    sensitive[cells[sensitive_cells(table, Policy())]] = True
    unreleased[cells[later]] = True
    return system, sensitive, unreleased


def year_of_releases(table: Table) -> list[tuple[System, Release, Mask]]:
    """Each month as it ends, the quarter with its second month, the year with the last; over what it published, none is blocked."""
    ledger, done = Ledger(), []
    for over in ({"01"}, {"01", "02", "T1"}, {"01", "02", "T1", "03"}, set(PERIODS.codes)):
        system, sensitive, later = known_at(table, over)
        out = release(system, sensitive, ledger, unreleased=later)
        ledger = out.ledger
        done.append((system, out, later))
    return done


@given(COUNTS)
def test_nothing_hidden_is_computed_from_all_the_releases_kept(counts: list[int]) -> None:
    for system, out, later in year_of_releases(table_of([PERIODS, PLACES], counts)):
        hidden = out.pattern.hidden
        assert not computed_cells(system, hidden | later) & set(np.flatnonzero(hidden).tolist())
        assert holds(system, hidden, out.pattern.proofs, unreleased=later)


@given(COUNTS)
def test_what_went_out_stays_out_and_what_was_hidden_stays_hidden(counts: list[int]) -> None:
    releases = [out for _, out, _ in year_of_releases(table_of([PERIODS, PLACES], counts))]
    for before, after in pairwise(releases):
        assert before.ledger.published.items() <= after.ledger.published.items()
        assert before.ledger.hidden <= after.ledger.hidden


def test_tables_protected_one_by_one_give_cells_away_across_time() -> None:
    """The attacker finds something where each release is protected as if nobody had kept the former ones."""
    random = np.random.default_rng(2)
    leaks = 0
    for _ in range(20):
        table = table_of([PERIODS, PLACES], random.negative_binomial(1, 0.04, 12).tolist())
        system = System.of([table])
        hidden = np.zeros(len(system.counts), dtype=bool)
        for place in range(len(PERIODS.codes)):
            alone = Table((PLACES,), table.counts[place])
            part = System.of([alone])
            hidden[system.tables[0][place][part.tables[0]]] = protect(
                part, (part.counts > 0) & (part.counts < 11)
            ).hidden
        leaks += bool(computed_cells(system, hidden))
    assert leaks


def test_a_count_published_before_and_another_now_is_refused_with_its_place() -> None:
    system, sensitive, later = known_at(table_of([PERIODS, PLACES], [20] * 12), set(PERIODS.codes))
    ledger = Ledger({(("lieu", "a"), ("période", "01")): 19})
    with pytest.raises(Changed) as refused:
        release(system, sensitive, ledger, unreleased=later)
    assert refused.value.places == ((("lieu", "a"), ("période", "01")),)


def test_an_earlier_release_left_out_of_the_system_is_refused() -> None:
    system, sensitive, _ = known_at(table_of([PERIODS, PLACES], [20] * 12), set(PERIODS.codes))
    with pytest.raises(ValueError, match="not in the system"):
        release(system, sensitive, Ledger({(("lieu", "d"),): 19}))


def test_a_release_that_would_reveal_a_past_hidden_cell_is_blocked() -> None:
    """The month hid « a » and « b »; its quarter, the other month being empty and all of the quarter out already, would give them."""
    counts = [5, 6, 40, 0, 0, 0, *[20] * 6]
    system, sensitive, later = known_at(table_of([PERIODS, PLACES], counts), {"01", "02", "T1"})
    first = release(system, sensitive, Ledger(), unreleased=later)
    month = (("lieu", "a"), ("période", "01"))
    assert month in first.ledger.hidden
    quarter = (("lieu", "a"), ("période", "T1"))
    given_away = Ledger({quarter: 5}, first.ledger.hidden - {quarter})
    with pytest.raises(CannotProtect):
        release(system, sensitive, given_away, unreleased=later)
