"""What makes a meeting valid, what its minutes are, when a decision or a final bilan presses."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.steering.committees.rules import Taken, absent, counted_for, final_from, minutes_hash, presses

DECISION = Taken(1, "Tenir deux sessions", "ccas", date(2026, 1, 20))


@given(st.lists(st.sampled_from("abcd"), unique=True), st.sets(st.sampled_from("abcd")))
def test_the_quorum_is_reached_when_nobody_needed_is_missing(needed: list[str], present: set[str]) -> None:
    missing = absent(needed, present)
    assert set(missing) == set(needed) - present
    assert (not missing) == (set(needed) <= present)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=4))
def test_the_hash_does_not_depend_on_the_order_of_writing(body: dict[str, str]) -> None:
    turned = dict(reversed(list(body.items())))
    other = replace(DECISION, number=2)
    assert minutes_hash(body, [DECISION, other]) == minutes_hash(turned, [other, DECISION])


@pytest.mark.parametrize(
    "changed",
    [
        ({"general": "a "}, [DECISION]),
        ({"general": "a", "item": "b"}, [DECISION]),
        ({"general": "a"}, []),
        ({"general": "a"}, [replace(DECISION, owner="cpam")]),
        ({"general": "a"}, [replace(DECISION, due_on=date(2026, 1, 21))]),
    ],
)
def test_each_word_and_each_decision_makes_another_hash(changed: tuple[dict[str, str], list[Taken]]) -> None:
    assert minutes_hash(*changed) != minutes_hash({"general": "a"}, [DECISION])


def test_a_decision_presses_from_thirty_days_before_and_when_it_is_late() -> None:
    on = date(2026, 1, 1)
    assert presses(date(2025, 12, 1), on)
    assert presses(date(2026, 1, 31), on)
    assert not presses(date(2026, 2, 1), on)


def test_the_final_bilan_is_asked_for_180_days_before_the_term() -> None:
    assert final_from(date(2026, 12, 31)) == date(2026, 7, 4)


def test_a_small_count_is_told_in_words_unless_each_party_may_read_it() -> None:
    assert [counted_for(count, exact=False) for count in (1, 10, 11)] == ["moins de 11", "moins de 11", "11"]
    assert counted_for(1, exact=True) == "1"
