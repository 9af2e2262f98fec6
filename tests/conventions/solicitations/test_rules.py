"""The three ways, whom the texts open them to, and what a question about nobody may not hold."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.solicitations.rules import (
    Way,
    counted_by_way,
    due_on,
    open_to,
    text_problem,
)
from maillage.conventions.terms.filling import draw

S3 = library.load("ccas_montbrison_2024").referents


def test_the_ccas_calls_on_the_caisses_in_three_ways_and_they_do_not_call_on_it() -> None:
    found = open_to(S3, "ccas")
    assert [(one.party, one.article, one.ways) for one in found] == [
        ("cpam", "4", tuple(Way)),
        ("carsat", "4", tuple(Way)),
    ]
    assert open_to(S3, "cpam") == ()
    assert open_to(S3, "carsat") == (), "a caisse does not call on another one: « le référent du CCAS »"


def test_the_red_cross_calls_on_the_caisses_under_its_local_conventions() -> None:
    local = draw(library.load("croix_rouge_cadre_2021"), id="essai", title="Essai")
    assert {one.party for one in open_to(local.referents, "croix_rouge")} == {"cpam", "carsat"}
    assert open_to(library.load("croix_rouge_cadre_2021").referents, "croix_rouge") == ()


def test_a_text_that_does_not_say_who_calls_leaves_it_to_each_other_party() -> None:
    silent = [clause.model_copy(update={"solicited_by": ()}) for clause in S3]
    assert {one.party for one in open_to(silent, "carsat")} == {"cpam"}
    assert {one.party for one in open_to(silent, "ccas")} == {"cpam", "carsat"}


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001])
def test_an_empty_or_endless_text_is_refused(text: str) -> None:
    assert text_problem(text) is not None


def test_an_answer_is_looked_for_within_ten_days() -> None:
    assert due_on(date(2026, 11, 25)) == date(2026, 12, 5)


@given(st.lists(st.tuples(st.sampled_from(list(Way)), st.none() | st.integers(0, 500))))
def test_each_way_is_counted_apart(rows: list[tuple[Way, int | None]]) -> None:
    told = [(way.value, None if hours is None else timedelta(hours=hours)) for way, hours in rows]
    found = {one.way: one for one in counted_by_way(told)}
    assert set(found) == set(Way)
    assert sum(one.asked for one in found.values()) == len(rows)
    for way, one in found.items():
        hours = sorted(taken for said, taken in rows if said is way and taken is not None)
        assert one.answered == len(hours)
        assert (one.median_hours is None) == (not hours)
        if one.median_hours is not None:
            assert hours[0] <= one.median_hours <= hours[-1]
