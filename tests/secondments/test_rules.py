"""Permanences and slots: whatever the zone, the clock change and the rhythm."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.holidays import TIME_ZONES
from maillage.secondments.rules import (
    LONGEST,
    MOST_WEEKS,
    SHORTEST,
    WORRIES,
    Presence,
    Setting,
    Slot,
    Span,
    Weekly,
    Worry,
    day_worry,
    falls_on,
    first_day,
    instant,
    meet,
    slots,
    weekly_problems,
)

PARIS = ZoneInfo("Europe/Paris")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
days = st.dates(date(2020, 1, 1), date(2045, 12, 31))
zones = st.sampled_from(TIME_ZONES).map(ZoneInfo)


@st.composite
def weeklies(draw: st.DrawFn) -> Weekly:
    first = draw(st.integers(0, 24 * 60 - 2))
    starts, ends = (
        time(*divmod(minute, 60)) for minute in (first, draw(st.integers(first + 1, 24 * 60 - 1)))
    )
    since = draw(days)
    until = draw(st.none() | st.integers(0, 400).map(lambda ahead: since + timedelta(days=ahead)))
    return Weekly(
        draw(st.integers(0, 6)), starts, ends, draw(st.integers(SHORTEST, LONGEST)), since, until,
        draw(st.integers(1, MOST_WEEKS)),
    )  # fmt: skip


def of_sunday(starts: time, ends: time, minutes: int = 30) -> Weekly:
    return Weekly(6, starts, ends, minutes, date(2026, 1, 1))


@given(weeklies(), st.integers(0, 800), zones)
def test_slots_follow_each_other_within_the_hours_and_each_lasts_its_minutes(
    weekly: Weekly, ahead: int, zone: ZoneInfo
) -> None:
    day = weekly.since + timedelta(days=ahead)
    found = slots(weekly, day, zone)
    assert falls_on(weekly, day) or found == ()
    for slot in found:
        assert slot.ends_at - slot.starts_at == timedelta(minutes=weekly.minutes)
        local, ends = slot.starts_at.astimezone(zone), slot.ends_at.astimezone(zone)
        assert local.date() == day
        assert weekly.starts <= local.time()
        assert ends.replace(tzinfo=None) <= datetime.combine(day, weekly.ends)
    assert all(not one.meets(other) for one, other in pairwise(found))


@given(weeklies(), st.integers(0, 200), zones)
def test_without_a_clock_change_no_minute_is_lost(weekly: Weekly, ahead: int, zone: ZoneInfo) -> None:
    day = weekly.since + timedelta(days=ahead)
    noon = [
        datetime.combine(near, time(12), zone).utcoffset()
        for near in (day - timedelta(1), day, day + timedelta(1))
    ]
    if falls_on(weekly, day) and len(set(noon)) == 1:
        length = datetime.combine(day, weekly.ends) - datetime.combine(day, weekly.starts)
        assert len(slots(weekly, day, zone)) == length // timedelta(minutes=weekly.minutes)


def test_an_hour_that_does_not_exist_has_no_slot() -> None:
    assert slots(of_sunday(time(2), time(3)), SPRING, PARIS) == ()
    assert len(slots(of_sunday(time(2), time(3)), SPRING + timedelta(7), PARIS)) == 2
    assert instant(SPRING, time(2, 30), PARIS) is None
    around = slots(of_sunday(time(1, 30), time(3, 30)), SPRING, PARIS)
    assert [slot.starts_at.astimezone(PARIS).time() for slot in around] == [time(1, 30), time(3)]


def test_an_hour_that_comes_twice_is_offered_once() -> None:
    found = slots(of_sunday(time(2), time(3)), AUTUMN, PARIS)
    assert [slot.starts_at for slot in found] == [
        datetime(2026, 10, 25, 0, 0, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    ]


def test_hours_are_those_of_the_host() -> None:
    morning = Weekly(1, time(9), time(10), 60, date(2026, 1, 1))
    (reunion,) = slots(morning, date(2026, 6, 2), ZoneInfo("Indian/Reunion"))
    (guadeloupe,) = slots(morning, date(2026, 6, 2), ZoneInfo("America/Guadeloupe"))
    assert reunion.starts_at == datetime(2026, 6, 2, 5, tzinfo=UTC)
    assert guadeloupe.starts_at == datetime(2026, 6, 2, 13, tzinfo=UTC)


@given(weeklies(), weeklies())
def test_two_permanences_meet_when_a_day_says_so(one: Weekly, other: Weekly) -> None:
    other = Weekly(one.weekday, other.starts, other.ends, other.minutes, one.since, other.until, other.every)
    first = max(first_day(one), first_day(other))
    tried = (first + timedelta(days=7 * ahead) for ahead in range(20))
    together = any(falls_on(one, day) and falls_on(other, day) for day in tried)
    assert meet(one, other) == (together and one.starts < other.ends and other.starts < one.ends)
    assert meet(one, other) == meet(other, one)


@given(weeklies())
def test_a_permanence_comes_back_at_its_rhythm(weekly: Weekly) -> None:
    first = first_day(weekly)
    assert first.weekday() == weekly.weekday
    for ahead in range(1, 7 * weekly.every):
        assert not falls_on(weekly, first + timedelta(days=ahead))
    again = first + timedelta(days=7 * weekly.every)
    assert falls_on(weekly, again) == (weekly.until is None or again <= weekly.until)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekday": 7}, "weekday"),
        ({"ends": time(9)}, "ends"),
        ({"minutes": 5}, "minutes"),
        ({"minutes": 121}, "minutes"),
        ({"minutes": 90}, "minutes"),
        ({"every": 0}, "every"),
        ({"until": date(2025, 12, 31)}, "until"),
    ],
)
def test_what_is_wrong_with_a_permanence_is_said_at_its_field(changes: dict[str, object], field: str) -> None:
    usual: dict[str, object] = {
        "weekday": 1, "starts": time(9), "ends": time(10), "minutes": 30, "since": date(2026, 1, 1),
    }  # fmt: skip
    assert weekly_problems(Weekly(**usual)) == {}  # type: ignore[arg-type]  # the fields of that class
    assert list(weekly_problems(Weekly(**{**usual, **changes}))) == [field]  # type: ignore[arg-type]


def worry(day: date, **known: object) -> Worry | None:
    usual: dict[str, object] = {
        "zone": PARIS,
        "departement": "42", "presence": Presence(), "secondment": Span(date(2026, 1, 1)), "convention_ends": None,
    }  # fmt: skip
    return day_worry(day, **{**usual, **known})  # type: ignore[arg-type]  # its own parameters


def test_what_is_in_the_way_of_a_day_is_said() -> None:
    day, away = date(2026, 6, 2), Presence(away=(Span(date(2026, 6, 1), date(2026, 6, 3)),))
    assert worry(day) is None
    assert worry(day, presence=away) is Worry.AGENT_ABSENT
    assert worry(date(2026, 6, 4), presence=away) is None
    assert worry(day, presence=Presence(gone_from=day)) is Worry.AGENT_GONE
    assert worry(day, secondment=Span(date(2026, 1, 1), date(2026, 6, 1))) is Worry.SECONDMENT_ENDED
    midnight = datetime(2026, 6, 1, 22, tzinfo=UTC)  # in Paris
    assert worry(day, convention_ends=midnight) is Worry.CONVENTION_ENDED
    assert (
        worry(day, convention_ends=midnight + timedelta(seconds=1)) is None
    )  # of the day, something remains
    assert set(WORRIES) == set(Worry)


@pytest.mark.parametrize(
    ("day", "departement", "holiday"),
    [
        (date(2026, 4, 3), "67", True),  # Good Friday, in Alsace
        (date(2026, 4, 3), "42", False),
        (date(2026, 12, 26), "57", True),
        (date(2026, 12, 20), "974", True),  # the abolition, in La Réunion
        (date(2026, 12, 20), "42", False),
        (date(2026, 7, 14), "", True),
    ],
)
def test_holidays_are_those_of_the_place(day: date, departement: str, *, holiday: bool) -> None:
    assert (worry(day, departement=departement) is Worry.HOLIDAY) == holiday


def test_free_slots_leave_out_what_is_taken_past_or_in_the_way() -> None:
    tuesdays = Weekly(1, time(9), time(11), 30, date(2026, 6, 2), date(2026, 6, 9))
    setting = Setting(
        (tuesdays,), PARIS, "42", Presence(away=(Span(date(2026, 6, 9), date(2026, 6, 9)),)),
        Span(date(2026, 1, 1)), None,
    )  # fmt: skip
    nine = datetime(2026, 6, 2, 7, tzinfo=UTC)
    taken = Slot(nine + timedelta(minutes=40), nine + timedelta(minutes=70))  # across two slots
    free = setting.free(date(2026, 6, 1), date(2026, 6, 30), taken=[taken], after=nine)
    assert [slot.starts_at for slot in free] == [nine + timedelta(minutes=90)]
    held = list(setting.days(date(2026, 6, 1), date(2026, 6, 30)))
    assert [(one.day, one.worry) for one in held] == [
        (date(2026, 6, 2), None),
        (date(2026, 6, 9), Worry.AGENT_ABSENT),
    ]


def test_a_permanence_swallowed_by_the_clock_says_so() -> None:
    night = of_sunday(time(2), time(3))
    setting = Setting((night,), PARIS, "42", Presence(), Span(date(2026, 1, 1)), None)
    (held,) = setting.days(SPRING, SPRING)
    assert (held.slots, held.worry) == ((), Worry.NO_SUCH_HOUR)
