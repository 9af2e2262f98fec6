"""How long applications took between two committees."""

from datetime import date, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.rights.measuring.delays import Band, Treated, decided_between, distribution

RECEIVED = date(2026, 3, 2)


def treated(number: int, days: int, kept: bool | None = None) -> Treated:
    return Treated(UUID(int=number), "ame", RECEIVED, RECEIVED + timedelta(days=days), kept)


def test_delays_are_counted_by_band_with_the_promises_kept() -> None:
    delays = {0: True, 10: True, 11: None, 31: False, 61: False, 400: True}
    found = distribution([treated(number, days, kept) for number, (days, kept) in enumerate(delays.items())])
    assert found.bands == (
        Band(0, 10, 2),
        Band(11, 20, 1),
        Band(21, 31, 1),
        Band(32, 60, 0),
        Band(61, None, 2),
    )
    assert (found.count, found.mean, found.quartiles) == (6, Fraction(513, 6), (10.25, 21.0, 53.5))
    assert (found.promised, found.kept, found.share_kept) == (5, 3, Fraction(3, 5))


def test_no_delay_has_no_mean_and_one_has_itself() -> None:
    empty = distribution([])
    assert (empty.mean, empty.quartiles, empty.share_kept, {band.count for band in empty.bands}) == (
        None,
        None,
        None,
        {0},
    )
    assert distribution([treated(1, 7)]).quartiles == (7.0, 7.0, 7.0)


def test_from_one_committee_to_the_next_each_decision_counts_once() -> None:
    rows = [treated(number, days) for number, days in enumerate((9, 10, 19, 20))]
    first, second = RECEIVED + timedelta(days=10), RECEIVED + timedelta(days=20)
    assert decided_between(rows, first, second) == rows[1:3]
    assert decided_between(rows, date.min, first) == rows[:1]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="réception"):
        distribution([treated(1, -1)])
    for bounds in ((10, 10), (-1,), (20, 10)):
        with pytest.raises(ValueError, match="tranches"):
            distribution([], bounds)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=50), st.sets(st.integers(0, 400), max_size=6))
def test_every_delay_is_in_one_band_and_the_quartiles_are_in_order(days: list[int], bounds: set[int]) -> None:
    found = distribution([treated(number, one) for number, one in enumerate(days)], sorted(bounds))
    for band in found.bands:
        assert band.count == sum(
            band.first <= one <= (band.last if band.last is not None else one) for one in days
        )
    assert sum(band.count for band in found.bands) == found.count == len(days)
    assert found.quartiles is not None
    assert [min(days), *found.quartiles, max(days)] == sorted([min(days), *found.quartiles, max(days)])
    assert found.mean == Fraction(sum(days), len(days))
