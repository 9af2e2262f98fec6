"""Ambiguous clauses: their readings, the one that the parties retain, and those that matter."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from maillage.conventions.lifecycle.rules import facts
from maillage.conventions.lifecycle.states import State
from maillage.conventions.terms.duration import AnniversaryDenunciation, Denunciation, Term, exit_names
from maillage.conventions.terms.readings import Reading
from maillage.core.calendar import Period
from tests.conventions.lifecycle.texts import S0, S1, S2, Text, event, one_year, signed


def _term(readings: list[tuple[str, dict[str, object]]]) -> Term:
    held = tuple(Reading(name=name, text=name, values=values) for name, values in readings)
    return Term(article="1", lasts=Period(months=12), readings=held)


@given(st.lists(st.dates(date(2000, 1, 1), date(2050, 1, 1)), min_size=2, max_size=6))
def test_each_reading_is_kept_with_its_own_values(days: list[date]) -> None:
    clause = _term([(f"r{index}", {"starts": day}) for index, day in enumerate(days)])
    assert [variant.clause.starts for variant in clause.variants] == days
    assert [variant.name for variant in clause.variants] == [f"r{index}" for index in range(len(days))]


@given(st.lists(st.dates(date(2020, 1, 1), date(2024, 1, 1)), min_size=2, max_size=5))
def test_adding_a_reading_never_loses_one(days: list[date]) -> None:
    shown: list[set[date | None]] = []
    for number in range(2, len(days) + 1):
        clause = _term([(f"r{index}", {"starts": day}) for index, day in enumerate(days[:number])])
        known = facts(Text(term=clause), signed(date(2024, 6, 1)), date(2024, 6, 2))
        shown.append({each.starts for each in known.each()})
    assert all(before <= after for before, after in pairwise(shown))
    assert shown[-1] == set(days)


def test_silences_multiply_and_are_named_together() -> None:
    clause = AnniversaryDenunciation(article="9", before=Period(months=3), counted_from="not_stated")
    assert [variant.name for variant in clause.variants] == [
        "window+sending",
        "window+receipt",
        "at_latest+sending",
        "at_latest+receipt",
    ]
    assert [variant.name for variant in clause.retaining("window")] == ["window+sending", "window+receipt"]
    assert clause.retaining("unheard") == clause.variants


def test_a_reading_that_makes_no_clause_is_refused_with_its_name() -> None:
    with pytest.raises(ValidationError, match=r"lecture « b », champ « lasts »"):
        _term([("a", {"starts": "last_signature"}), ("b", {"lasts": "bientôt"})])
    with pytest.raises(ValidationError, match="deux lectures"):
        _term([("seule", {"starts": "last_signature"})])
    with pytest.raises(ValidationError, match="deux lectures"):
        _term([("a", {}), ("a", {})])


def test_two_exits_need_two_names() -> None:
    first = Denunciation(article="1")
    with pytest.raises(ValueError, match="même nom"):
        exit_names((first, first))
    assert exit_names((first, Denunciation(article="2", key="autre"))) == ("denunciation", "autre")


def test_a_term_says_one_end_and_never_ends_before_it_starts() -> None:
    with pytest.raises(ValidationError, match="soit une durée"):
        Term(article="1")
    with pytest.raises(ValidationError, match="soit une durée"):
        Term(article="1", lasts=Period(months=1), ends_on=date(2025, 1, 1))
    with pytest.raises(ValidationError, match="avant de commencer"):
        Term(article="1", starts=date(2025, 1, 2), ends_on=date(2025, 1, 1))


def test_the_reading_that_the_parties_retain_is_the_only_one_left() -> None:
    chosen = event(
        "reading_retained", date(2017, 5, 2), clause="renewal", reading="once", detail="PV du COPIL"
    )
    events = [*signed(date(2016, 1, 8)), chosen]
    known = facts(S0, events, date(2018, 6, 1))
    assert (known.state, known.ends, known.readings) == (State.ENDED, date(2018, 1, 7), ())
    assert not any("renouvelée" in remark.text for remark in known.warnings)


def test_a_retained_reading_counts_from_the_day_it_is_recorded_and_the_last_one_wins() -> None:
    events = [
        *signed(date(2016, 1, 8)),
        event("reading_retained", date(2018, 7, 1), clause="renewal", reading="once"),
        event("reading_retained", date(2018, 8, 1), clause="renewal", reading="each_time"),
    ]
    assert facts(S0, events, date(2018, 6, 1)).state is None
    assert facts(S0, events, date(2018, 7, 2)).state is State.ENDED
    assert facts(S0, events, date(2018, 9, 1)).state is State.IN_FORCE


def test_a_retained_reading_of_an_exit_leaves_one_row() -> None:
    chosen = event(
        "reading_retained", date(2023, 4, 1), clause="anniversary_denunciation", reading="at_latest"
    )
    known = facts(S2, [*signed(date(2023, 3, 1)), chosen], date(2023, 6, 1))
    assert [(row.reading, row.last_day) for row in known.exits if row.kind == "denunciation"] == [
        ("at_latest", date(2023, 12, 1))
    ]


def test_readings_that_lead_to_the_same_dates_are_not_told_apart() -> None:
    one_day = facts(Text(term=one_year(starts="not_stated")), signed(date(2024, 1, 1)), date(2024, 6, 1))
    assert (one_day.readings, one_day.starts) == ((), date(2024, 1, 1))
    text = Text(term=one_year(starts="not_stated"))
    two_days = facts(text, signed(date(2024, 1, 1), date(2024, 2, 1), text=text), date(2024, 6, 1))
    assert [(each.reading, each.starts) for each in two_days.readings] == [
        ("last_signature", date(2024, 2, 1)),
        ("first_signature", date(2024, 1, 1)),
    ]
    assert (two_days.state, two_days.starts, two_days.ends, two_days.anniversary) == (
        State.IN_FORCE,
        None,
        None,
        None,
    )


def test_a_remark_of_one_reading_says_which() -> None:
    known = facts(S1, signed(date(2016, 10, 13)), date(2017, 1, 1))
    assert any(remark.text.startswith("Selon « au 1er janvier 2016 »") for remark in known.warnings)


def test_under_several_readings_being_in_force_may_be_possible_without_being_certain() -> None:
    known = facts(S0, signed(date(2016, 1, 8)), date(2018, 6, 1))
    assert (known.is_in_force, known.may_be_in_force) == (False, True)
    assert known.certain_range == (date(2016, 1, 8), date(2018, 1, 8))
