"""What holds for every day and every period."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from maillage.core.calendar import Period, add, add_hours, last_day, next_anniversary_after, subtract
from maillage.core.holidays import add_working_days, is_working_day, roll_forward

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
PERIODS = st.builds(Period, months=st.integers(0, 400), days=st.integers(0, 900)).filter(
    lambda one: one != Period()
)
DEPARTEMENTS = st.sampled_from(["42", "57", "2A", "971", "972", "973", "974", "975", "976", "977", "978"])


@given(PERIODS)
def test_a_period_written_is_read_back(period: Period) -> None:
    assert Period.parse(str(period)) == period or period.months > 1199 or period.days > 9999


@given(DAYS, PERIODS)
def test_a_period_never_ends_before_it_starts(start: date, period: Period) -> None:
    assert add(start, period) > start
    assert last_day(start, period) >= start


@given(DAYS, PERIODS, st.integers(0, 400))
def test_a_later_event_never_ends_sooner(start: date, period: Period, shift: int) -> None:
    assert add(start + timedelta(days=shift), period) >= add(start, period)


@given(DAYS, st.integers(1, 240))
def test_months_keep_the_day_number_or_take_the_last_day_both_ways(day: date, months: int) -> None:
    for result in (add(day, Period(months=months)), subtract(day, Period(months=months))):
        assert result.day == day.day or (
            result.day < day.day and result.day == monthrange(result.year, result.month)[1]
        )


@given(DAYS, st.integers(1, 400))
def test_days_counted_backwards_undo_days_counted_forwards_whatever_the_weekday(day: date, days: int) -> None:
    assert subtract(add(day, Period(days=days)), Period(days=days)) == day


@given(DAYS, DAYS)
def test_the_next_anniversary_is_strictly_after_and_within_a_year_of_what_it_follows(
    origin: date, on: date
) -> None:
    found = next_anniversary_after(origin, on)
    assert found > on
    assert (found.month, found.day) in {(origin.month, origin.day), (2, 28)}
    assert found.year > origin.year
    assert (found - max(on, origin)).days <= 366


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.integers(1, 9999))  # noqa: DTZ001 - bounds of a strategy that adds the zone
def test_hours_are_exact_instants(start: datetime, hours: int) -> None:
    assert add_hours(start, Period(hours=hours)) - start == timedelta(hours=hours)


@given(DAYS, DEPARTEMENTS)
def test_a_rolled_day_is_the_first_working_day_from_the_day_itself(day: date, departement: str) -> None:
    rolled = roll_forward(day, departement)
    assert is_working_day(rolled, departement)
    assert all(
        not is_working_day(day + timedelta(days=shift), departement) for shift in range((rolled - day).days)
    )
    assert (rolled - day).days <= 5


@given(DAYS, st.integers(1, 60), DEPARTEMENTS)
def test_working_days_count_only_working_days(start: date, number: int, departement: str) -> None:
    end = add_working_days(start, number, departement)
    between = [start + timedelta(days=shift) for shift in range(1, (end - start).days + 1)]
    assert sum(is_working_day(day, departement) for day in between) == number
    assert is_working_day(end, departement)
