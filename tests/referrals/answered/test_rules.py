"""Which quarters are settled, and how many referrals were answered in time in one: numbers that later days do not change."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions.commitments.rules import Numbers, Running
from maillage.conventions.terms.commitments import Commitment, CountedAnswer
from maillage.core.calendar import DAY, Period
from maillage.referrals.answered.rules import Allowed, Quarter, Sent, allowed, numbers, settled_quarters
from maillage.referrals.heeding.rules import Kind, Source, Threshold

WEEK = Allowed(Period(days=7), "42")
WINTER = Quarter("2026-01-01", date(2026, 1, 1), date(2026, 3, 31))
ON = date(2026, 3, 2)
LATE = Threshold(Kind.LATE, Period(days=5), Source.REFERENTS, since=date(2026, 1, 1))
DAYS = st.dates(date(2025, 12, 20), date(2026, 4, 10))


def sent(**steps: object) -> Sent:
    return Sent(**{"on": ON, **steps})  # type: ignore[arg-type]


def counted(answer: str, *rows: Sent) -> tuple[int, int] | None:
    found = numbers(CountedAnswer.of(answer), rows, WINTER, WEEK)
    return (found.counted, found.over) if found else None


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (sent(acknowledged_on=ON), (1, 1)),
        (sent(acknowledged_on=ON + timedelta(days=7)), (1, 1)),
        (sent(acknowledged_on=ON + timedelta(days=8)), (0, 1)),
        (sent(), (0, 1)),
        (sent(ended_on=ON + timedelta(days=7)), None),  # stopped while there was time left
        (sent(ended_on=ON + timedelta(days=8)), (0, 1)),
        (
            sent(acknowledged_on=ON, is_withheld=True, amount=3),
            (3, 3),
        ),  # reception is told whatever she chose
        (sent(on=date(2025, 12, 31)), None),
    ],
)
def test_an_acknowledgement_is_in_time_until_the_last_day(
    row: Sent, expected: tuple[int, int] | None
) -> None:
    assert counted("acknowledged", row) == expected


def test_a_contact_is_another_fact_and_a_withheld_one_counts_nowhere() -> None:
    early, late = ON + timedelta(days=2), ON + timedelta(days=9)
    rows = [
        sent(acknowledged_on=ON, contacted_on=early),
        sent(acknowledged_on=ON, contacted_on=late),
        sent(acknowledged_on=ON),
        sent(acknowledged_on=ON, ended_on=early),  # refused or redirected at once: nobody was to be contacted
        sent(acknowledged_on=ON, contacted_on=early, is_withheld=True, amount=20),
    ]
    assert counted("contacted", *rows) == (1, 3)


@given(st.lists(st.builds(Sent, DAYS, st.none() | DAYS, st.none() | DAYS, st.none() | DAYS, st.booleans())))
def test_a_part_is_no_more_than_its_whole_and_two_quarters_add_up(rows: list[Sent]) -> None:
    before = Quarter("2025-10-01", date(2025, 10, 1), date(2025, 12, 31))
    both = Quarter("both", before.first, WINTER.last)
    for answer in CountedAnswer:
        parts = [numbers(answer, rows, one, WEEK) for one in (before, WINTER)]
        whole = numbers(answer, rows, both, WEEK)
        found = [one for one in parts if one]
        assert all(0 <= one.counted <= one.over for one in found)
        assert (whole.counted, whole.over) == (
            sum(one.counted for one in found),
            sum(one.over for one in found),
        ) if whole else not found  # fmt: skip


@given(st.dates(date(2025, 1, 1), date(2030, 12, 31)), st.integers(1, 120), st.integers(0, 400))
def test_a_quarter_is_settled_once_its_last_day_may_no_longer_be_answered(
    on: date, days: int, age: int
) -> None:
    within, running = Allowed(Period(days=days), "42"), Running(on - timedelta(days=age))
    found = list(settled_quarters(running, within, on))
    assert all(within.last_day(one.last) < on for one in found)
    assert all(running.since <= one.first <= one.last for one in found)
    assert [one.first for one in found] == sorted((one.first for one in found), reverse=True)
    # another day leaves what was settled as it was, as long as it looks as far back
    tomorrow = {one.fact: one for one in settled_quarters(running, within, on + DAY)}
    assert all(tomorrow.get(one.fact, one) == one for one in found)


def test_a_convention_counts_from_its_first_day_to_its_last() -> None:
    running = Running(date(2026, 2, 10), date(2026, 5, 20))
    assert list(settled_quarters(running, WEEK, date(2026, 7, 15))) == [
        Quarter("2026-04-01", date(2026, 4, 1), date(2026, 5, 19)),
        Quarter("2026-01-01", date(2026, 2, 10), date(2026, 3, 31)),
    ]
    assert list(settled_quarters(running, WEEK, date(2026, 4, 7))) == []
    assert [one.fact for one in settled_quarters(running, WEEK, date(2026, 4, 8))] == ["2026-01-01"]


def clause(answer: str, **cadence: object) -> Commitment:
    said = {"rhythm": "on_event", "event": "réception", **cadence}
    return Commitment.model_validate(
        {
            "key": "repondre",
            "article": "3",
            "what": "Répondre",
            "debtors": ["cpam"],
            "kind": "access_to_care",
            "cadence": said,
            "counted_answer": answer,
        }
    )


def test_the_delay_is_the_text_s_else_what_the_parties_agreed_never_the_mark_of_the_platform() -> None:
    usual = Threshold(Kind.LATE, Period(days=7), Source.DEFAULT)
    blank = {"blank": "seuil", "asked": "Seuil", "why": "silent", "expects": "delay"}
    assert allowed(clause("contacted", within="3d"), LATE, "42") == Allowed(Period(days=3), "42")
    assert allowed(clause("contacted", within=blank), LATE, "42") is None
    assert allowed(clause("contacted", within="24h"), LATE, "42") is None
    assert allowed(clause("acknowledged", within="3d"), LATE, "42") == Allowed(Period(days=3), "42")
    agreed = allowed(clause("acknowledged"), LATE, "42")
    assert agreed == Allowed(Period(days=5), "42", until_reached=False)
    assert agreed.last_day(ON) == ON + timedelta(days=4)  # the lists say late on the fifth day
    assert allowed(clause("acknowledged"), usual, "42") is None


def test_nothing_to_answer_is_no_count() -> None:
    assert numbers(CountedAnswer.CONTACTED, [], WINTER, WEEK) is None
    assert numbers(CountedAnswer.ACKNOWLEDGED, [sent()], WINTER, WEEK) == Numbers(
        WINTER.first, WINTER.last, 0, 1
    )
