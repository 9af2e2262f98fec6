"""A year projected from the years before it: exact when it follows them, bounded by them, silent where they say nothing."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maillage.steering.credits.rules import (
    FEWEST,
    Missing,
    Projection,
    Unprojected,
    Year,
    missing_months,
    project,
)

AMOUNTS = st.integers(1, 10**12)
MONTHLY = st.lists(AMOUNTS, min_size=12, max_size=12)


def year(number: int, amounts: list[int], objective: int | None = None) -> Year:
    return Year(number, dict(enumerate(amounts, 1)), objective)


def begun(number: int, amounts: list[int], month: int) -> Year:
    return year(number, amounts[:month])


@given(MONTHLY, st.integers(1, 12), st.integers(1, 1000), st.integers(1, 6))
def test_a_year_that_follows_the_past_profile_is_projected_exactly(
    amounts: list[int], month: int, factor: int, past: int
) -> None:
    others = [year(2020 + number, [one * (number + 1) for one in amounts]) for number in range(past)]
    found = project(begun(2030, [one * factor for one in amounts], month), others)
    assert isinstance(found, Projection)
    assert found.point == factor * sum(amounts)
    if found.low is not None:
        assert found.low == found.high == found.point


@given(st.lists(MONTHLY, min_size=FEWEST, max_size=6), MONTHLY, st.integers(1, 11))
def test_the_bounds_hold_the_point_and_are_what_a_past_year_would_give(
    past: list[list[int]], amounts: list[int], month: int
) -> None:
    others = [year(2010 + number, one) for number, one in enumerate(past)]
    found = project(begun(2030, amounts, month), others)
    assert isinstance(found, Projection)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.point <= found.high
    ends = {round(Fraction(found.consumed * sum(one), sum(one[:month]))) for one in past}
    assert {found.low, found.high} <= ends
    assert found.frequency == Fraction(len(past) - 1, len(past) + 1)


@given(st.lists(MONTHLY, min_size=1, max_size=FEWEST - 1), MONTHLY, st.integers(1, 11))
def test_fewer_than_three_past_years_give_no_bounds(
    past: list[list[int]], amounts: list[int], month: int
) -> None:
    found = project(
        begun(2030, amounts, month), [year(2010 + number, one) for number, one in enumerate(past)]
    )
    assert isinstance(found, Projection)
    assert (found.low, found.high, found.frequency) == (None, None, None)


@given(MONTHLY)
def test_a_whole_year_is_what_it_consumed(amounts: list[int]) -> None:
    found = project(year(2030, amounts), [])
    assert isinstance(found, Projection)
    assert found.is_known
    assert found.point == sum(amounts)


@given(MONTHLY, MONTHLY, st.integers(2, 10))
def test_a_month_that_misses_stops_the_sum_before_it(past: list[int], amounts: list[int], hole: int) -> None:
    months = {month: one for month, one in enumerate(amounts, 1) if month != hole}
    holed = Year(2030, months)
    assert holed.last == hole - 1
    assert holed.holes == (hole,)
    found = project(holed, [year(2020, past)])
    assert isinstance(found, Projection)
    assert found.month == hole - 1
    assert found == project(begun(2030, amounts, hole - 1), [year(2020, past)])


def test_what_is_not_projected_says_why() -> None:
    flat = [100] * 12
    assert project(Year(2030, {}), [year(2020, flat)]) is Unprojected.NOTHING
    assert project(Year(2030, {2: 5}), [year(2020, flat)]) is Unprojected.NOTHING
    assert project(begun(2030, flat, 3), []) is Unprojected.NO_PAST
    assert project(begun(2030, flat, 3), [begun(2029, flat, 11), year(2031, flat)]) is Unprojected.NO_PAST
    late = year(2029, [0] * 6 + [100] * 6)
    assert project(begun(2030, flat, 3), [late]) is Unprojected.NO_SHARE


def test_a_month_may_give_back_more_than_it_consumes() -> None:
    found = project(begun(2030, [100, -20], 2), [year(2029, [100, -20, *([10] * 10)])])
    assert isinstance(found, Projection)
    assert found.point == 180


@pytest.mark.parametrize("month", range(1, 12))
def test_a_worked_projection(month: int) -> None:
    """Flat years of 1 200, 2 400 and 3 600: at the end of month m, m twelfths; this year consumes 90 a month."""
    others = [year(2027 + number, [100 * (number + 1)] * 12) for number in range(3)]
    found = project(begun(2030, [90] * 12, month), others)
    assert isinstance(found, Projection)
    assert (found.point, found.share, found.years) == (1080, Fraction(month, 12), (2027, 2028, 2029))


@given(MONTHLY, st.integers(1, 12))
def test_shares_grow_to_the_whole(amounts: list[int], month: int) -> None:
    whole = year(2030, amounts)
    share = whole.share(month)
    assert share is not None
    assert 0 < share <= 1
    assert whole.share(12) == 1
    assume(month < 12)
    assert begun(2030, amounts, month).share(month) is None


def month_after(year: int, month: int) -> tuple[int, int]:
    return (year, month + 1) if month < 12 else (year + 1, 1)


@given(
    st.sets(st.tuples(st.integers(2023, 2027), st.integers(1, 12))),
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
)
def test_a_month_that_misses_is_past_unknown_and_between_others(
    known: set[tuple[int, int]], on: date
) -> None:
    found = missing_months(known, on)
    places = [(one.year, one.month) for one in found]
    assert places == sorted(set(places))
    for one, place in zip(found, places, strict=True):
        assert place not in known
        assert min(known) < place < (on.year, on.month)
        assert one.year >= on.year - 1
        assert (one.due_on.year, one.due_on.month) == month_after(*place)
        assert (one.due_on + timedelta(days=1)).day == 1
    if found:
        assert missing_months(known | set(places), on) == (), "once they are given nothing misses"


def test_the_months_of_a_followed_series() -> None:
    known = {(2025, month) for month in range(1, 13) if month != 5} | {(2026, 1)}
    assert [(one.year, one.month) for one in missing_months(known, date(2026, 4, 1))] == [
        (2025, 5),
        (2026, 2),
        (2026, 3),
    ]
    assert Missing(2025, 12).due_on == date(2026, 1, 31)
    assert missing_months(known, date(2027, 12, 1)) != ()
    assert missing_months(known, date(2028, 1, 1)) == (), "neither year has a month: followed no more"
    assert missing_months(set(), date(2026, 4, 1)) == ()
