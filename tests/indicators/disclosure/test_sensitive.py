"""What is sensitive by itself: few units, few partners, one partner who makes almost all."""

import numpy as np
import pytest

from maillage.indicators.disclosure.sensitive import Policy, sensitive_cells
from maillage.indicators.disclosure.tables import Classification
from tests.indicators.disclosure.examples import table_of

PLACES = Classification.flat("lieu", ("a", "b", "c", "d"))


def test_from_one_to_the_threshold_and_neither_zero_nor_the_threshold() -> None:
    table = table_of([PLACES], [0, 1, 10, 11])
    assert sensitive_cells(table, Policy()).tolist() == [False, False, True, True, False]
    assert sensitive_cells(table, Policy(threshold=12)).tolist() == [False, False, True, True, True]


def test_fewer_than_three_partners_or_one_above_its_share() -> None:
    table = table_of([PLACES], [100, 100, 100, 0])
    shares = [[50, 86, 85, 0], [50, 7, 8, 0], [0, 7, 7, 0]]
    by_partner = np.array([[sum(one), *one] for one in shares])
    assert sensitive_cells(table, Policy(), by_partner).tolist() == [False, True, True, False, False]


def test_partners_who_do_not_add_up_are_refused() -> None:
    table = table_of([PLACES], [20, 0, 0, 0])
    with pytest.raises(ValueError, match="adds up"):
        sensitive_cells(table, Policy(), np.array([[19, 19, 0, 0, 0]]))
