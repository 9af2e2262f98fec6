"""How long applications took between two committees."""

from fractions import Fraction
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.rights.measuring.delays import Band, Kept, Tally, distribution


def test_delays_are_counted_by_band_with_the_promises_kept() -> None:
    delays = {0: True, 10: True, 11: None, 31: False, 61: False, 400: True}
    found = distribution(Tally(days, promise=kept) for days, kept in delays.items())
    assert found.bands == (
        Band(0, 10, 2),
        Band(11, 20, 1),
        Band(21, 31, 1),
        Band(32, 60, 0),
        Band(61, None, 2),
    )
    assert found.count == 6
    assert found.mean == Fraction(513, 6)
    assert found.quartiles == (Fraction(41, 4), Fraction(21), Fraction(107, 2))
    assert (found.promise, found.promise.share, found.law.share) == (Kept(3, 5), Fraction(3, 5), None)


def test_no_delay_has_no_mean_and_one_has_itself() -> None:
    empty = distribution([])
    assert (empty.mean, empty.quartiles, empty.promise.share, {band.count for band in empty.bands}) == (
        None,
        None,
        None,
        {0},
    )
    assert distribution([Tally(7)]).quartiles == (Fraction(7),) * 3


def test_applications_that_took_as_long_are_counted_together() -> None:
    rows = [Tally(12, 3, promise=True, law=True), Tally(40, 2, promise=False), Tally(12, 1, law=False)]
    found = distribution(rows)
    assert found == distribution(
        [*[Tally(12, promise=True, law=True)] * 3, *[Tally(40, promise=False)] * 2, Tally(12, law=False)]
    )
    assert found.median == 12
    assert (found.count, found.promise, found.law) == (6, Kept(3, 5), Kept(3, 4))


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="réception"):
        distribution([Tally(-1)])
    for bounds in ((10, 10), (-1,), (20, 10)):
        with pytest.raises(ValueError, match="tranches"):
            distribution([], bounds)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=50), st.sets(st.integers(0, 400), max_size=6))
def test_every_delay_is_in_one_band_and_the_quartiles_are_in_order(days: list[int], bounds: set[int]) -> None:
    found = distribution((Tally(one) for one in days), sorted(bounds))
    for band in found.bands:
        assert band.count == sum(
            band.first <= one <= (band.last if band.last is not None else one) for one in days
        )
    assert sum(band.count for band in found.bands) == found.count == len(days)
    assert found.quartiles is not None
    if len(days) > 1:
        assert list(found.quartiles) == quantiles(days, n=4, method="inclusive")
    ordered = [Fraction(min(days)), *found.quartiles, Fraction(max(days))]
    assert ordered == sorted(ordered)
    assert found.mean == Fraction(sum(days), len(days))
