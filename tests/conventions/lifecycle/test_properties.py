"""What holds for any Terms of the family, any recorded events in any order, on any day."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.reminders import THRESHOLDS, last_useful_days, reminders
from maillage.conventions.lifecycle.rules import facts
from maillage.conventions.lifecycle.states import State
from maillage.conventions.lifecycle.timeline import timeline, upcoming
from maillage.conventions.lifecycle.why import DateName, explain
from maillage.conventions.terms.duration import (
    AnniversaryDenunciation,
    Denunciation,
    FormalNotice,
    GroundsTermination,
    ImmediateTermination,
    Renewal,
    Term,
)
from maillage.core.calendar import DAY, Period
from tests.conventions.lifecycle.texts import Body, Text

KEYS = ("cpam", "carsat", "ccas")
DAYS = st.dates(date(2018, 1, 1), date(2032, 12, 31))
CALENDAR = st.builds(Period, months=st.integers(0, 30), days=st.integers(0, 60)).filter(
    lambda one: one != Period()
)
NOTICES = CALENDAR | st.builds(Period, working_days=st.integers(1, 20))
COUNTED = st.sampled_from(["sending", "first_presentation", "receipt", "not_stated"])
STARTS = st.sampled_from(["last_signature", "first_signature", "not_stated"]) | DAYS
LEAVING = st.sampled_from(["convention_ends", "party_leaves"])


def _ending(kind: int, day: date, period: Period) -> dict[str, Any]:
    return (
        {"lasts": period},
        {"lasts": "indefinite"},
        {"ends_on": day},
        {"ends_with": "Une autre convention"},
    )[kind]


@st.composite
def terms_of(draw: st.DrawFn) -> Term:
    """Any term whose stated end does not come before its stated start."""
    starts = draw(STARTS)
    day = draw(DAYS)
    if isinstance(starts, date) and day < starts:
        starts, day = day, starts
    return Term(article="1", starts=starts, **_ending(draw(st.integers(0, 3)), day, draw(CALENDAR)))


RENEWALS = st.none() | st.builds(
    Renewal,
    article=st.just("2"),
    mode=st.sampled_from(["none", "tacit", "express"]),
    period=st.none() | CALENDAR.filter(lambda period: period.months > 0 or period.days > 6),
    times=st.integers(1, 4) | st.sampled_from(["unlimited", "not_stated"]),
)
BY = st.lists(st.sampled_from(KEYS), max_size=2, unique=True).map(tuple)
EXITS = st.tuples(
    st.builds(
        Denunciation,
        article=st.just("3"),
        notice=st.none() | NOTICES,
        counted_from=COUNTED,
        by=BY,
        effect=LEAVING,
    ),
    st.builds(
        AnniversaryDenunciation,
        article=st.just("4"),
        before=CALENDAR.filter(lambda period: period.months < 12),
        before_what=st.sampled_from(["anniversary", "term"]),
        limit=st.sampled_from(["window", "at_latest", "not_stated"]),
        counted_from=COUNTED,
        effect=LEAVING,
    ),
    st.builds(FormalNotice, article=st.just("5"), cure=st.none() | NOTICES, counted_from=COUNTED),
    st.just(ImmediateTermination(article="6", grounds=("Faute",))),
    st.just(GroundsTermination(article="7", grounds=("Loi",))),
)
TEXTS = st.builds(
    Text,
    parties=st.integers(2, 3).map(lambda number: tuple(Body(key) for key in KEYS[:number])),
    term=terms_of() | st.none(),
    renewal=RENEWALS,
    exits=st.tuples(EXITS, st.lists(st.integers(0, 4), max_size=3, unique=True)).map(
        lambda drawn: tuple(drawn[0][index] for index in drawn[1])
    ),
)
EVENTS = st.lists(
    st.builds(
        Event,
        kind=st.sampled_from(EventKind),
        on=DAYS,
        party=st.none() | st.sampled_from((*KEYS, "etranger")),
        addressee=st.none() | st.sampled_from(KEYS),
        clause=st.none()
        | st.sampled_from(["term", "renewal", "denunciation", "anniversary_denunciation", "x"]),
        reading=st.none()
        | st.sampled_from(["once", "each_time", "sending", "window", "last_signature", "x"]),
        effect=st.none() | DAYS,
        until=st.none() | DAYS,
    ),
    max_size=8,
)
SIGNED = st.builds(lambda day: [Event(EventKind.SIGNED, day)], DAYS)
HISTORIES = st.builds(lambda signed, events: [*signed, *events], SIGNED | st.just([]), EVENTS)
SLOW = settings(suppress_health_check=[HealthCheck.too_slow])


def _each(known: Facts) -> Sequence[Facts]:
    return [known, *known.readings]


@SLOW
@given(TEXTS, HISTORIES, DAYS)
def test_no_recorded_event_makes_anything_raise(text: Text, events: list[Event], on: date) -> None:
    known = facts(text, events, on)
    known.as_json()
    timeline(text, events, on)
    upcoming(text, events, on, on + timedelta(days=900))
    reminders(text, events, on)
    for name in (*DateName, *(clause.name for clause in text.exits)):
        assert explain(name, text, events, on).reasons


@SLOW
@given(TEXTS, HISTORIES, DAYS, st.randoms())
def test_the_order_of_recording_changes_nothing(
    text: Text, events: list[Event], on: date, chance: Any
) -> None:
    different = list({(event.kind, event.on): event for event in events}.values())
    days = {event.on for event in different}
    if len(days) < len(different):
        different = list({event.on: event for event in different}.values())
    shuffled = list(different)
    chance.shuffle(shuffled)
    assert facts(text, different, on) == facts(text, shuffled, on)


@SLOW
@given(TEXTS, HISTORIES, DAYS)
def test_a_term_never_ends_before_it_starts(text: Text, events: list[Event], on: date) -> None:
    for each in _each(facts(text, events, on)):
        if each.starts and each.ends:
            assert each.starts <= each.ends
        if each.starts and each.anniversary:
            assert each.anniversary > on
        for row in each.renewals:
            assert row.until is None or row.since <= row.until
        for before, after in pairwise(each.renewals):
            assert before.until is not None
            assert after.since == before.until + DAY


@SLOW
@given(TEXTS, HISTORIES, DAYS)
def test_in_force_says_the_same_as_the_dates(text: Text, events: list[Event], on: date) -> None:
    for each in facts(text, events, on).each():
        assert each.state is not None
        assert (each.end_kind is not None) == (each.state is State.ENDED)
        if each.state is State.IN_FORCE:
            assert each.starts is not None
            assert each.starts <= on
            assert each.ends is None or on <= each.ends
            assert each.out_from is None or on < each.out_from
        if each.state is State.ENDED and each.ends is not None:
            assert each.ends < on


@SLOW
@given(TEXTS, HISTORIES, DAYS)
def test_the_certain_range_is_in_force_under_every_reading(text: Text, events: list[Event], on: date) -> None:
    known = facts(text, events, on)
    if known.certain_range is not None:
        first, out = known.certain_range
        assert out is None or first < out
        if first <= on and (out is None or on < out):
            assert known.is_in_force


@SLOW
@given(TEXTS, HISTORIES, DAYS)
def test_an_effect_is_the_first_day_no_longer_in_force(text: Text, events: list[Event], on: date) -> None:
    for each in facts(text, events, on).each():
        ended_by_exit = each.end_kind is not None and each.ends is not None
        effects = [
            row.effect for row in each.exits if row.effect and row.effect <= on and row.kind != "denunciation"
        ]
        if ended_by_exit and effects:
            assert each.ends is not None
            assert each.ends < min(effects)


@SLOW
@given(TEXTS, HISTORIES, DAYS, DAYS)
def test_what_is_recorded_later_is_not_known_yet(
    text: Text, events: list[Event], on: date, later: date
) -> None:
    late = [Event(kind, max(later, on + DAY)) for kind in EventKind]
    assert facts(text, events, on) == facts(text, [*events, *late], on)


@SLOW
@given(TEXTS, HISTORIES, DAYS)
def test_reminders_count_from_the_earliest_reading_and_each_comes_once(
    text: Text, events: list[Event], on: date
) -> None:
    days = last_useful_days(text, events, on)
    warned = reminders(text, events, on)
    assert [one.threshold for one in warned] == (list(THRESHOLDS) if days else [])
    assert len({(one.useful.day, one.threshold) for one in warned}) == len(warned)
    for one in warned:
        assert one.useful.day == min(useful.day for useful in days)
        assert (one.useful.day - one.due_on).days == one.threshold
    for useful in days:
        assert on <= useful.day < useful.then


@SLOW
@given(TEXTS, HISTORIES, DAYS)
def test_each_date_is_explained_with_the_value_that_is_shown(
    text: Text, events: list[Event], on: date
) -> None:
    known = facts(text, events, on)
    shown = {each.ends for each in known.each()}
    assert {reason.days[0] for reason in explain("ends", text, events, on).reasons} == shown
