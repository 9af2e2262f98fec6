"""Empty posts: since when, from when, for whom; checked day by day against a plain count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.referents.rules import (
    NAMING_DAYS,
    WARNING_DAYS,
    Held,
    Post,
    change_problem,
    coming_vacancy,
    end_problem,
    posts,
    present,
    vacancy,
)
from maillage.conventions.terms.steering import ChangeFormality

START = date(2024, 11, 14)
POST = Post("cpam", "local", 1)


def day(number: int) -> date:
    return START + timedelta(days=number)


def tenure(since: int, length: int | None) -> Held:
    return Held(day(since), None if length is None else day(since + length))


TENURES = st.lists(st.builds(tenure, st.integers(-20, 80), st.none() | st.integers(0, 40)), max_size=5)


@given(TENURES, st.integers(1, 3), st.integers(0, 90))
def test_a_vacancy_is_the_longest_run_of_days_short_of_referents_up_to_today(
    held: list[Held], expected: int, on: int
) -> None:
    def short(number: int) -> bool:
        return sum(one.on(day(number)) for one in held) < expected

    found = vacancy(Post("cpam", "local", expected), held, start=START, on=day(on))
    if not short(on):
        assert found is None
        return
    assert found is not None
    first = on
    while first > 0 and short(first - 1):
        first -= 1
    assert (found.since, found.is_first) == (day(first), first == 0)
    assert found.missing == expected - sum(one.on(day(on)) for one in held)
    assert found.alarm_on == (day(first + NAMING_DAYS) if first == 0 else day(first))


@given(TENURES, st.integers(1, 3), st.integers(0, 90))
def test_a_coming_vacancy_is_the_first_day_after_today_that_is_short(
    held: list[Held], expected: int, on: int
) -> None:
    def short(number: int) -> bool:
        return sum(one.on(day(number)) for one in held) < expected

    found = coming_vacancy(Post("cpam", "local", expected), held, on=day(on))
    days = [number for number in range(on, 200) if short(number)]
    if short(on) or not days:
        assert found is None
    else:
        assert found is not None
        assert found.on == day(days[0])
        assert found.warning_on == day(days[0] - WARNING_DAYS)


def test_a_post_that_is_filled_and_empties_again_is_another_vacancy() -> None:
    held = [Held(START, day(9)), Held(day(15), day(20))]
    found = [vacancy(POST, held, start=START, on=day(number)) for number in (12, 16, 25)]
    assert [one.since if one else None for one in found] == [day(10), None, day(21)]


def test_before_the_convention_begins_its_posts_wait_from_its_first_day() -> None:
    found = vacancy(POST, [], start=START, on=day(-3))
    assert found is not None
    assert (found.since, found.alarm_on) == (START, day(NAMING_DAYS))


@pytest.mark.parametrize(
    ("name", "expected", "tells"),
    [
        ("ccas_montbrison_2024", {"cpam": 1, "carsat": 1, "ccas": 1}, True),
        ("croix_rouge_cadre_2021", {"cnam": 1, "croix_rouge": 3}, True),
        ("hopital_pass_modele", {"cpam": 1, "carsat": 1, "hospital": 1}, False),
    ],
)
def test_each_text_says_how_many_and_whether_the_others_are_told(
    name: str, expected: dict[str, int], tells: bool
) -> None:
    found = posts(library.load(name).referents)
    assert {post.party: post.expected for post in found} == expected
    assert {post.tells_others for post in found} == {tells}


def test_two_clauses_on_one_post_ask_for_both() -> None:
    clause = library.load("ccas_montbrison_2024").referents[0]
    [found] = posts([clause, clause.model_copy(update={"key": "second", "minimum": 2})])
    assert (found.expected, found.change) == (3, ChangeFormality.LETTER)


DAYS = st.integers(-30, 120).map(day)


@given(DAYS, st.none() | DAYS, DAYS, st.none() | DAYS, st.none() | DAYS)
def test_a_change_that_is_accepted_leaves_no_day_without_a_referent(
    begun: date, ends: date | None, since: date, handover: date | None, came_with: date | None
) -> None:
    if ends is not None and ends < begun:
        return
    problem = change_problem(Held(begun, ends), since, handover, begun_with=came_with)
    if problem is not None:
        assert problem.field in ("since", "handover_until")
        return
    last = handover or since - timedelta(days=1)
    both = [Held(begun, last), Held(since)]
    assert begun <= last
    assert all(present(both, begun + timedelta(days=number)) for number in range(300))
    assert ends is None or last <= ends
    assert came_with is None or since > came_with
    overlap = sum(present(both, begun + timedelta(days=number)) == 2 for number in range(400))
    assert overlap == (0 if handover is None else (handover - since).days + 1)


@given(DAYS, DAYS, st.none() | DAYS)
def test_an_end_that_is_accepted_comes_after_the_beginning_and_the_hand_over(
    begun: date, until: date, came_with: date | None
) -> None:
    problem = end_problem(Held(begun), until, begun_with=came_with)
    if problem is None:
        assert until >= begun
        assert came_with is None or came_with < begun or until >= came_with
    else:
        assert problem.field == "until"
