"""When committees meet next, from what the text says and nothing more."""

from datetime import date

import pytest

from maillage.conventions import library
from maillage.conventions.lifecycle.committees import next_meetings, undated
from maillage.conventions.lifecycle.events import Event, EventKind
from maillage.conventions.lifecycle.facts import Facts
from maillage.conventions.lifecycle.rules import facts
from maillage.conventions.lifecycle.states import EndKind, State
from maillage.conventions.terms.steering import Committee

RUNNING = Facts("x", date(2026, 1, 1), State.IN_FORCE, starts=date(2021, 10, 5))


def committee(**cadence: object) -> Committee:
    return Committee.model_validate(
        {"key": "copil", "article": "4", "name": "COPIL", "level": "local", "cadence": cadence}
    )


def days(one: Committee, on: date, known: Facts = RUNNING) -> list[tuple[date, date]]:
    return [(found.first, found.last) for found in next_meetings([one], known, on)]


@pytest.mark.parametrize(
    ("on", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 31)),
        (date(2026, 3, 31), date(2026, 2, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2027, 2, 1), date(2027, 3, 31)),
    ],
)
def test_the_national_committee_of_the_framework_meets_in_february_or_march(
    on: date, first: date, last: date
) -> None:
    text = library.load("croix_rouge_cadre_2021")
    signed = [Event(EventKind.SIGNED, date(2021, 10, 5), party=party.key) for party in text.parties]
    [meeting] = next_meetings(text.committees, facts(text, signed, on), on)
    assert (meeting.first, meeting.last, meeting.months) == (first, last, (2, 3))
    assert meeting.committee.article == "4"


def test_a_rhythm_without_months_has_no_day() -> None:
    text = library.load("ccas_montbrison_2024")
    signed = [Event(EventKind.SIGNED, date(2024, 11, 14), party=party.key) for party in text.parties]
    known = facts(text, signed, date(2026, 1, 1))
    assert next_meetings(text.committees, known, date(2026, 1, 1)) == ()
    assert [one.key for one in undated(text.committees, known)] == ["copil"]


def test_december_and_january_are_one_meeting_across_the_year() -> None:
    one = committee(rhythm="yearly", months=[1, 12])
    assert days(one, date(2026, 1, 15)) == [(date(2025, 12, 1), date(2026, 1, 31))]
    assert days(one, date(2026, 2, 1)) == [(date(2026, 12, 1), date(2027, 1, 31))]


def test_two_meetings_a_year_are_two_and_a_yearly_one_is_one() -> None:
    assert days(committee(rhythm="half_yearly", months=[3, 9, 10]), date(2026, 4, 1)) == [
        (date(2026, 9, 1), date(2026, 10, 31)),
        (date(2027, 3, 1), date(2027, 3, 31)),
    ]
    assert len(days(committee(rhythm="yearly", months=[3, 9]), date(2026, 4, 1))) == 1


def test_a_day_of_the_text_is_that_day() -> None:
    assert days(committee(rhythm="yearly", days=["02-29"]), date(2026, 1, 1)) == [
        (date(2026, 2, 28), date(2026, 2, 28))
    ]


def test_nothing_meets_before_the_start_or_after_the_end() -> None:
    one = committee(rhythm="yearly", months=[2])
    soon = Facts("x", date(2026, 1, 1), State.SIGNED, starts=date(2026, 6, 1))
    assert days(one, date(2026, 1, 1), soon) == [(date(2027, 2, 1), date(2027, 2, 28))]
    leaving = Facts("x", date(2026, 3, 1), State.IN_FORCE, starts=date(2021, 1, 1), out_from=date(2027, 1, 1))
    assert days(one, date(2026, 3, 1), leaving) == []
    over = Facts("x", date(2026, 1, 1), State.ENDED, EndKind.EXPIRED, starts=date(2021, 1, 1))
    assert days(one, date(2026, 1, 1), over) == []
    assert undated([committee(rhythm="yearly")], over) == ()


def test_a_committee_that_met_in_its_months_is_waited_for_in_the_next_ones() -> None:
    one = committee(rhythm="yearly", months=[2, 3])

    def next_first(*held: date) -> date:
        return next_meetings([one], RUNNING, date(2026, 2, 10), {"copil": held})[0].first

    assert next_first() == next_first(date(2025, 3, 1)) == date(2026, 2, 1)
    assert next_first(date(2026, 2, 9)) == date(2027, 2, 1)
