"""Periods: read, counted forwards and backwards, anniversaries, hours."""

from datetime import UTC, date, datetime

import pytest

from maillage.core.calendar import (
    Period,
    add,
    add_hours,
    anniversary,
    french,
    last_day,
    next_anniversary_after,
    subtract,
)


@pytest.mark.parametrize(
    ("text", "period", "label"),
    [
        ("15d", Period(days=15), "15 jours"),
        ("2m", Period(months=2), "2 mois"),
        ("1y", Period(months=12), "1 an"),
        ("1y6m", Period(months=18), "1 an et 6 mois"),
        ("2w", Period(days=14), "14 jours"),
        ("10wd", Period(working_days=10), "10 jours ouvrés"),
        ("24h", Period(hours=24), "24 heures"),
    ],
)
def test_a_period_is_read_and_named_in_french(text: str, period: Period, label: str) -> None:
    assert Period.parse(text) == period
    assert period.label() == label


@pytest.mark.parametrize(
    "text", ["", "d", "15", "-1d", "1d2m", "0d", "1.5m", "2 mois", "1y1h", "٣d", "1" * 9 + "d"]
)
def test_what_is_not_a_period_is_refused_in_french(text: str) -> None:
    with pytest.raises(ValueError, match="durée"):
        Period.parse(text)


def test_units_that_count_differently_are_not_mixed() -> None:
    with pytest.raises(ValueError, match="mélange"):
        Period(months=1, hours=3)
    with pytest.raises(ValueError, match="négative"):
        Period(days=-1)


@pytest.mark.parametrize(
    ("start", "text", "end"),
    [
        (date(2016, 1, 8), "2m", date(2016, 3, 8)),
        (date(2016, 12, 31), "2m", date(2017, 2, 28)),
        (date(2015, 12, 31), "2m", date(2016, 2, 29)),
        (date(2024, 11, 14), "15d", date(2024, 11, 29)),
        (date(2025, 4, 30), "15d", date(2025, 5, 15)),
        (date(2025, 1, 31), "1m", date(2025, 2, 28)),
        (date(2024, 1, 31), "1m1d", date(2024, 3, 1)),
        (date(2024, 11, 14), "1y", date(2025, 11, 14)),
    ],
)
def test_forwards_the_day_of_the_event_does_not_count(start: date, text: str, end: date) -> None:
    assert add(start, Period.parse(text)) == end


@pytest.mark.parametrize(
    ("end", "text", "limit"),
    [
        (date(2024, 3, 1), "3m", date(2023, 12, 1)),
        (date(2025, 11, 14), "3m", date(2025, 8, 14)),
        (date(2025, 2, 28), "3m", date(2024, 11, 28)),
        (date(2025, 5, 31), "3m", date(2025, 2, 28)),
        (date(2025, 6, 15), "1m", date(2025, 5, 15)),
    ],
)
def test_backwards_the_day_number_is_kept_else_the_month_ends(end: date, text: str, limit: date) -> None:
    assert subtract(end, Period.parse(text)) == limit


def test_a_limit_counted_backwards_does_not_roll_from_a_sunday() -> None:
    assert subtract(date(2025, 6, 15), Period(months=3)) == date(2025, 3, 15)
    assert subtract(date(2025, 9, 14), Period(months=3)).weekday() == 5


def test_one_year_ends_the_day_before_the_anniversary() -> None:
    assert last_day(date(2024, 11, 14), Period(months=12)) == date(2025, 11, 13)
    assert last_day(date(2024, 2, 29), Period(months=12)) == date(2025, 2, 27)


def test_an_anniversary_of_29_february_is_counted_from_the_original_date() -> None:
    origin = date(2024, 2, 29)
    assert [anniversary(origin, number) for number in (1, 2, 4)] == [
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2028, 2, 29),
    ]
    assert next_anniversary_after(origin, date(2027, 12, 1)) == date(2028, 2, 29)


def test_the_next_anniversary_is_strictly_after_and_never_the_start() -> None:
    origin = date(2024, 11, 14)
    assert next_anniversary_after(origin, date(2024, 1, 1)) == date(2025, 11, 14)
    assert next_anniversary_after(origin, date(2025, 11, 13)) == date(2025, 11, 14)
    assert next_anniversary_after(origin, date(2025, 11, 14)) == date(2026, 11, 14)


@pytest.mark.parametrize(
    ("text", "end"), [("24h", (19, 17, 20)), ("48h", (20, 17, 20)), ("72h", (21, 17, 20))]
)
def test_hours_run_through_an_easter_week_end(text: str, end: tuple[int, int, int]) -> None:
    start = datetime(2025, 4, 18, 17, 20, tzinfo=UTC)
    assert add_hours(start, Period.parse(text)) == datetime(2025, 4, *end, tzinfo=UTC)


def test_hours_need_an_instant_and_days_need_none() -> None:
    with pytest.raises(ValueError, match="fuseau"):
        add_hours(datetime(2025, 4, 18, 17, 20), Period(hours=24))  # noqa: DTZ001 - the naive instant under test
    with pytest.raises(ValueError, match="heures"):
        add_hours(datetime(2025, 4, 18, tzinfo=UTC), Period(days=1))
    for period in (Period(hours=24), Period(working_days=2)):
        with pytest.raises(ValueError, match="calendaires"):
            add(date(2025, 1, 1), period)


def test_a_day_is_written_as_a_french_text_does() -> None:
    assert french(date(2024, 3, 1)) == "01/03/2024"
