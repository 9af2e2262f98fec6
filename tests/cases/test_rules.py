"""The rules of following and of watching, by themselves."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.cases.rules import (
    HIGHEST_THRESHOLD,
    LOWEST_THRESHOLD,
    alert_reference,
    end_of_day,
    motive_problem,
    threshold_problem,
    word_problem,
)
from maillage.core.holidays import TIME_ZONES

ZONES = st.sampled_from(sorted(TIME_ZONES)).map(ZoneInfo)


@given(
    st.integers(1_577_836_800, 2_366_841_600).map(lambda second: datetime.fromtimestamp(second, UTC)),
    ZONES,
)
def test_a_consultation_lasts_until_the_next_midnight_of_the_organisation(
    at: datetime, zone: ZoneInfo
) -> None:
    end = end_of_day(at, zone)
    local = end.astimezone(zone)
    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert local.date() == at.astimezone(zone).date() + timedelta(days=1)
    assert at < end <= at + timedelta(hours=25)


@pytest.mark.parametrize(
    "motive", ["", "   ", "court", "aaaaaaaaaaaaaaa", " a b c ", "..........", "x" * 400]
)
def test_a_motive_that_says_nothing_is_refused(motive: str) -> None:
    assert motive_problem(motive)


@pytest.mark.parametrize("motive", ["appel de la personne", "remplacement d’une collègue absente"])
def test_a_motive_that_says_something_is_taken(motive: str) -> None:
    assert motive_problem(motive) == ""


def test_a_threshold_keeps_within_its_bounds() -> None:
    assert threshold_problem(LOWEST_THRESHOLD - 1)
    assert threshold_problem(HIGHEST_THRESHOLD + 1)
    assert threshold_problem(LOWEST_THRESHOLD) == threshold_problem(HIGHEST_THRESHOLD) == ""


def test_an_alert_is_looked_at_with_a_word() -> None:
    assert word_problem(" ")
    assert word_problem("x" * 301)
    assert word_problem("Vu avec elle.") == ""


@given(st.uuids())
def test_the_code_of_an_alert_is_what_the_outbox_takes(alert: UUID) -> None:
    assert set(alert_reference(alert)) <= set("0123456789ABCDEFJ-")
