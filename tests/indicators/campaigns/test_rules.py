"""The days of the reminders of a campaign: as they were typed, each once, none after the closing day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.calendar import DAY
from maillage.indicators.campaigns.rules import (
    EARLIEST,
    MOST,
    USUAL,
    days_before,
    next_reminder,
    reminder_days,
    reminder_due,
)

OPENED, DUE = date(2026, 1, 12), date(2026, 3, 2)
SOME_DAYS = st.sets(st.integers(1, EARLIEST), max_size=MOST)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("30, 14, 3", (30, 14, 3)),
        ("3 14 30", (30, 14, 3)),
        ("30, 14 et 3", (30, 14, 3)),
        ("7;7", (7,)),
        ("", ()),
        ("  ", ()),
    ],
)
def test_days_are_read_as_people_write_them(typed: str, days: tuple[int, ...]) -> None:
    assert days_before(typed) == days


@pytest.mark.parametrize("typed", ["0", "366", "trois", "-3", "1, 2, 3, 4, 5, 6, 7", "3.5", "٣", "9999"])
def test_what_is_no_list_of_days_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="de 1 à 365"):
        days_before(typed)


@given(SOME_DAYS)
def test_what_is_typed_again_is_the_same(days: set[int]) -> None:
    assert set(days_before(", ".join(map(str, days)))) == days


def test_the_usual_reminders_of_a_campaign() -> None:
    planned = reminder_days(USUAL, DUE, OPENED)
    assert planned == (date(2026, 1, 31), date(2026, 2, 16), date(2026, 2, 27))
    assert reminder_days((60, 3), DUE, OPENED) == (date(2026, 2, 27),), "none before it was opened"
    assert next_reminder(planned, [], DUE, date(2026, 1, 31)) == date(2026, 1, 31)
    assert next_reminder(planned, planned[:1], DUE, date(2026, 1, 31)) == date(2026, 2, 16)
    assert next_reminder(planned, planned[1:2], DUE, date(2026, 1, 12)) == date(2026, 2, 27)
    assert next_reminder(planned, [], DUE, date(2026, 2, 28)) is None


@given(SOME_DAYS, st.integers(0, 120), st.lists(st.integers(0, 500), max_size=40))
def test_whatever_days_the_worker_runs_each_reminder_leaves_once_in_order_by_the_closing_day(
    days: set[int], opened_before: int, runs: list[int]
) -> None:
    opened = DUE - timedelta(days=opened_before)
    planned = reminder_days(days, DUE, opened)
    left: list[date] = []
    for on in sorted(opened + one * DAY for one in runs):
        for _ in range(2):  # a second run of the day sends none
            if (day := reminder_due(planned, left, DUE, on)) is not None:
                assert day <= on <= DUE
                left.append(day)
    assert left == sorted(set(left))
    assert set(left) <= set(planned)


@given(SOME_DAYS)
def test_a_worker_that_runs_every_day_sends_them_all(days: set[int]) -> None:
    planned = reminder_days(days, DUE, DUE - 400 * DAY)
    left: list[date] = []
    for number in range(400, -1, -1):
        if (day := reminder_due(planned, left, DUE, DUE - number * DAY)) is not None:
            assert day == DUE - number * DAY
            left.append(day)
    assert tuple(left) == planned


def test_after_days_without_a_worker_one_reminder_leaves() -> None:
    planned = reminder_days(USUAL, DUE, OPENED)
    assert reminder_due(planned, [], DUE, date(2026, 2, 28)) == date(2026, 2, 27)
    assert reminder_due(planned, [date(2026, 2, 27)], DUE, date(2026, 2, 28)) is None
    assert reminder_due(planned, [], DUE, DUE + DAY) is None
