"""Instants in addresses: what is written is read as the same instant, to the microsecond."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.clock import after_microseconds, microseconds

PARIS = ZoneInfo("Europe/Paris")


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_is_read_as_it_was_written(instant: datetime) -> None:
    assert after_microseconds(microseconds(instant), UTC) == instant


def test_it_is_the_same_in_any_zone() -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert microseconds(noon.astimezone(PARIS)) == microseconds(noon)
    assert after_microseconds(microseconds(noon), PARIS).hour == 14


def test_through_a_float_it_was_the_one_before() -> None:
    instant = datetime(1970, 7, 22, 9, 43, 12, 1, tzinfo=UTC)
    assert (microseconds(instant), int(instant.timestamp() * 1_000_000)) == (17487792000001, 17487792000000)


@pytest.mark.parametrize("number", [10**18, -(10**18), 10**30])
def test_an_instant_outside_the_calendar_is_none(number: int) -> None:
    with pytest.raises(OverflowError):
        after_microseconds(number, UTC)
