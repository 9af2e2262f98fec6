"""The worked dates of the five texts, restated."""

from datetime import date

import pytest

from maillage.conventions.lifecycle.facts import ExitRow, RenewalRow
from maillage.conventions.lifecycle.rules import facts
from maillage.conventions.lifecycle.states import EndKind, State
from maillage.conventions.terms.duration import Denunciation, FormalNotice
from maillage.core.calendar import DAY, Period
from tests.conventions.lifecycle.texts import S0, S1, S2, S3, Text, event, one_year, signed


def test_a_year_signed_on_14_november_2024_ends_on_13_november_2025() -> None:
    known = facts(S3, signed(date(2024, 11, 14)), date(2025, 2, 1))
    assert (known.state, known.end_kind) == (State.IN_FORCE, None)
    assert (known.starts, known.ends) == (date(2024, 11, 14), date(2025, 11, 13))
    assert known.anniversary == date(2025, 11, 14)
    assert known.renewals == (RenewalRow(date(2025, 11, 14), None, "tacit", "9.2"),)
    assert known.exits == (ExitRow("formal_notice", "formal_notice", "", None, None, None, "9.4", "lrar"),)
    assert known.readings == ()
    assert {remark.article for remark in known.warnings} == {"9.2"}


def test_it_is_in_force_until_its_last_day_at_midnight() -> None:
    fixed = Text()
    for day, state in [
        (date(2024, 11, 13), State.DRAFT),
        (date(2024, 11, 14), State.IN_FORCE),
        (date(2025, 11, 13), State.IN_FORCE),
        (date(2025, 11, 14), State.ENDED),
    ]:
        assert facts(fixed, signed(date(2024, 11, 14)), day).state is state


def test_a_term_signed_on_29_february_ends_on_27_february() -> None:
    known = facts(S2, signed(date(2024, 2, 29)), date(2024, 6, 1))
    assert (known.ends, known.anniversary) == (date(2025, 2, 27), date(2025, 2, 28))
    assert [row.last_day for row in known.exits if row.reading == "at_latest"] == [date(2024, 11, 28)]


def test_the_last_of_several_signature_dates_counts() -> None:
    known = facts(
        S3, signed(date(2021, 9, 27), date(2021, 10, 5), date(2021, 9, 30), text=S3), date(2021, 12, 1)
    )
    assert (known.starts, known.ends) == (date(2021, 10, 5), date(2022, 10, 4))
    assert any("27/09/2021 et 05/10/2021" in remark.text for remark in known.warnings)


def test_fewer_signatures_than_parties_make_it_partly_signed() -> None:
    known = facts(S3, signed(date(2024, 11, 14), date(2024, 11, 15), text=S3), date(2025, 1, 1))
    assert known.state is State.PARTLY_SIGNED
    assert (known.starts, known.ends, known.anniversary, known.certain_range) == (None, None, None, None)
    assert any("ccas" in remark.text for remark in known.warnings)


def test_the_window_and_the_limit_before_an_anniversary_are_two_readings() -> None:
    known = facts(S2, signed(date(2023, 3, 1)), date(2023, 6, 1))
    rows = [(row.kind, row.reading, row.first_day, row.last_day) for row in known.exits]
    assert rows == [
        ("denunciation", "window", date(2023, 12, 1), date(2024, 2, 29)),
        ("denunciation", "at_latest", None, date(2023, 12, 1)),
        ("immediate", "", None, None),
    ]
    assert known.readings == ()


@pytest.mark.parametrize(
    ("sent", "last"),
    [
        (date(2016, 1, 8), date(2016, 3, 8)),
        (date(2016, 12, 31), date(2017, 2, 28)),
        (date(2015, 12, 31), date(2016, 2, 29)),
    ],
)
def test_a_notice_of_two_months_runs_to_its_last_day_and_takes_effect_the_day_after(
    sent: date, last: date
) -> None:
    text = Text(
        exits=(Denunciation(article="6", notice=Period(months=2), counted_from="sending"),),
        term=one_year(lasts="indefinite"),
    )
    events = [*signed(date(2015, 1, 1)), event("denunciation_sent", sent)]
    assert facts(text, events, last).state is State.IN_FORCE
    after = facts(text, events, last + DAY)
    assert (after.state, after.end_kind, after.ends) == (State.ENDED, EndKind.DENOUNCED, last)
    assert after.exits[0].effect == last + DAY


def test_a_notice_may_end_inside_the_renewed_term() -> None:
    events = [
        *signed(date(2016, 1, 8)),
        event("denunciation_sent", date(2016, 12, 31)),
        event("denunciation_received", date(2017, 1, 3)),
    ]
    known = facts(S0, events, date(2017, 1, 15))
    assert {each.reading: each.ends for each in known.readings} == {
        "sending": date(2017, 2, 28),
        "receipt": date(2017, 3, 3),
    }
    assert (known.state, known.ends) == (State.IN_FORCE, None)
    between = facts(S0, events, date(2017, 3, 2))
    assert between.state is None
    assert [each.state for each in between.readings] == [State.ENDED, State.IN_FORCE]


@pytest.mark.parametrize(
    ("sent", "last"), [(date(2024, 11, 14), date(2024, 11, 29)), (date(2025, 4, 30), date(2025, 5, 15))]
)
def test_a_formal_notice_leaves_fifteen_days_then_the_others_may_terminate(sent: date, last: date) -> None:
    events = [*signed(date(2024, 11, 1)), event("formal_notice_sent", sent)]
    known = facts(S3, events, last)
    assert known.exits[0].first_day == last + DAY
    assert any(f"jusqu'au {last:%d/%m/%Y}" in remark.text for remark in known.warnings)
    later = facts(S3, events, date(2025, 9, 1))
    assert (later.state, later.exits[0].effect) == (State.IN_FORCE, None)
    decided = [*events, event("terminated", date(2025, 6, 2))]
    assert facts(S3, decided, date(2025, 6, 1)).state is State.IN_FORCE
    ended = facts(S3, decided, date(2025, 6, 2))
    assert (ended.state, ended.end_kind, ended.ends) == (State.ENDED, EndKind.TERMINATED, date(2025, 6, 1))


def test_compliance_closes_the_notice() -> None:
    events = [
        *signed(date(2024, 11, 1)),
        event("formal_notice_sent", date(2024, 11, 14)),
        event("complied", date(2024, 11, 25)),
        event("terminated", date(2024, 12, 10)),
    ]
    known = facts(S3, events, date(2025, 1, 1))
    assert (known.state, known.exits[0].first_day) == (State.IN_FORCE, None)
    assert any("ne la permet pas" in remark.text for remark in known.warnings)


def test_a_notice_not_received_by_all_starts_nothing() -> None:
    text = Text(exits=(FormalNotice(article="9", cure=Period(days=15), counted_from="receipt"),))
    events = [*signed(date(2024, 11, 1)), event("formal_notice_sent", date(2024, 11, 14))]
    known = facts(text, events, date(2024, 12, 20))
    assert known.exits[0].first_day is None
    assert any("la réception, qui manque" in remark.text for remark in known.warnings)


def test_a_fixed_term_has_two_starts_and_one_end() -> None:
    known = facts(S1, signed(date(2016, 10, 13)), date(2017, 1, 15))
    assert (known.state, known.starts, known.ends) == (State.IN_FORCE, None, date(2019, 12, 31))
    assert [each.starts for each in known.readings] == [date(2016, 1, 1), date(2016, 10, 13)]
    assert known.certain_range == (date(2016, 10, 13), date(2020, 1, 1))


def test_a_renewal_of_one_year_happens_once_or_each_time() -> None:
    second = facts(S0, signed(date(2016, 1, 8)), date(2017, 6, 1))
    assert (second.state, second.ends, second.readings) == (State.IN_FORCE, date(2018, 1, 7), ())
    third = facts(S0, signed(date(2016, 1, 8)), date(2018, 6, 1))
    assert (third.state, third.ends) == (None, None)
    assert {each.reading: (each.state, each.ends) for each in third.readings} == {
        "once": (State.ENDED, date(2018, 1, 7)),
        "each_time": (State.IN_FORCE, date(2019, 1, 7)),
    }
    assert {each.article for each in third.readings} == {"6"}
