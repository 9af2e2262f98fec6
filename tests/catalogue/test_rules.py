"""Days of versions, balances of stocks, addresses: whatever is given."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.catalogue.rules import (
    CODE_ALPHABET,
    CODE_LENGTH,
    ENDING_DAYS,
    KINDS,
    LONGEST_LINK,
    MOST_COPIES,
    MOVEMENTS,
    PRINTED,
    STANDINGS,
    Described,
    Moved,
    Span,
    Standing,
    balance_after,
    balance_of,
    described_problems,
    ends_unfollowed,
    is_code,
    link_problem,
    make_room,
    moved_problems,
    span_problem,
    standing,
)
from maillage.catalogue.states import TOLD, TRANSITIONS, WORDS, State
from maillage.core.states import allowed

DAY = date(2026, 6, 1)
LEAFLET = Described("leaflet", "Demander la C2S", "Explique la demande.", ("publics",), ("fr",), ("c2s",))
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    first = draw(days)
    return Span(first, draw(st.none() | st.integers(0, 900).map(lambda ahead: first + timedelta(days=ahead))))


@given(st.lists(spans(), max_size=6), days)
def test_however_versions_are_published_one_at_most_is_current_on_a_day(
    published: list[Span], day: date
) -> None:
    kept: dict[object, Span] = {}
    for number, new in enumerate(published):
        room = make_room(kept, new)
        for key, last in room.shortened.items():
            kept[key] = Span(kept[key].first, last)
        for key in room.replaced:
            del kept[key]
        kept[number] = new
        assert kept[number] == new  # the last one published has all its days
    current = [span for span in kept.values() if standing(State.PUBLISHED, span, day) is Standing.CURRENT]
    assert len(current) <= 1
    if published and published[-1].holds(day):
        assert current == [published[-1]]


@given(spans(), spans())
def test_what_meets_nothing_of_a_new_version_stays_as_it_is(old: Span, new: Span) -> None:
    room = make_room({"old": old}, new)
    assert bool(room.shortened or room.replaced) == old.meets(new) == new.meets(old)
    for last in room.shortened.values():
        assert old.first <= last
        assert not Span(old.first, last).meets(new)


@given(spans(), days)
def test_a_validity_begins_lasts_and_ends_without_anybody_acting(span: Span, on: date) -> None:
    found = standing(State.PUBLISHED, span, on)
    assert (found is Standing.UPCOMING) == (on < span.first)
    assert (found is Standing.ENDED) == (span.last is not None and on > span.last)
    assert (found is Standing.CURRENT) == span.holds(on)
    assert set(STANDINGS) == set(Standing)


@pytest.mark.parametrize("state", [state for state in State if state is not State.PUBLISHED])
def test_what_is_not_published_stands_as_its_state_says_whatever_the_day(state: State) -> None:
    assert standing(state, Span(DAY), DAY) is Standing(state.value)


@given(spans(), spans(), days)
def test_the_owner_is_told_thirty_days_before_and_until_something_follows(
    span: Span, other: Span, on: date
) -> None:
    told = ends_unfollowed(span, (), on)
    assert told == (span.last is not None and on >= span.last - timedelta(days=ENDING_DAYS))
    if span.last is not None and (other.first > span.last or other.holds(on)):
        assert not ends_unfollowed(span, [other], on)
    else:
        assert ends_unfollowed(span, [other], on) == told


def test_days_of_a_version_do_not_end_before_they_begin_nor_before_today() -> None:
    assert span_problem(Span(DAY), today=DAY) == ""
    assert span_problem(Span(DAY, DAY), today=DAY) == ""
    assert span_problem(Span(DAY, DAY - timedelta(days=1)), today=DAY - timedelta(days=9)) != ""
    assert span_problem(Span(DAY, DAY), today=DAY + timedelta(days=1)) != ""


@given(st.lists(st.tuples(st.sampled_from(sorted(MOVEMENTS)), st.integers(0, 50)), max_size=12))
def test_what_is_accepted_never_leaves_less_than_nothing(asked: list[tuple[str, int]]) -> None:
    left, accepted = 0, []
    for kind, quantity in asked:
        moved = Moved(kind, quantity, DAY)
        if not moved_problems(moved, left, today=DAY):
            left = balance_after(left, moved)
            accepted.append(moved)
        assert left >= 0
    assert balance_of(accepted) == left


@pytest.mark.parametrize(
    ("moved", "field"),
    [
        (Moved("lost", 1, DAY), "kind"),
        (Moved("received", 0, DAY), "quantity"),
        (Moved("received", MOST_COPIES + 1, DAY), "quantity"),
        (Moved("sent", 6, DAY), "quantity"),
        (Moved("sent", 1, DAY + timedelta(days=1)), "day"),
    ],
)
def test_a_movement_that_makes_no_sense_is_refused_at_its_field(moved: Moved, field: str) -> None:
    assert set(moved_problems(moved, 5, today=DAY)) == {field}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "book"),
        ("title", "  "),
        ("title", "x" * 121),
        ("purpose", ""),
        ("audience", ()),
        ("audience", ("everybody",)),
        ("languages", ()),
        ("languages", ("klingon",)),
        ("services", ("nothing",)),
    ],
)
def test_what_is_missing_of_a_support_is_said_at_its_field(field: str, value: object) -> None:
    from dataclasses import replace

    assert described_problems(LEAFLET) == {}
    assert set(described_problems(replace(LEAFLET, **{field: value}))) == {field}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "link",
    [
        "https://www.example.org/",
        "https://pour-les-personnes-agees.gouv.fr/page?a=1#b",
        "https://a.example.org",
    ],
)
def test_an_address_that_one_reads_is_accepted(link: str) -> None:
    assert link_problem(link) == ""


@pytest.mark.parametrize(
    "link",
    [
        "http://www.example.org/", "javascript:alert(1)", "https://", "https:///page", "https://exemple", "//example.org",
        "https://moi@example.org/", "https://example.org@ailleurs.example.org/", "https://example.org:8443/", "https://example.org:x/",
        "https://exam ple.org/", "https://example.org/\n", "https://éxample.org/", "HTTPS://example.org/", "https://[::1]/",
        "https://127.0.0.1/", "https://example.org/" + "x" * LONGEST_LINK, "https://-a.example.org/", "https://example.org/\\ailleurs",
        " https://example.org/", 'https://example.org/"', "https://.example.org/", "data:text/html,x", "https:example.org",
    ],
)  # fmt: skip
def test_an_address_that_leads_elsewhere_than_it_says_is_refused(link: str) -> None:
    assert link_problem(link) != ""


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_a_link_or_of_a_code(text: str) -> None:
    if link_problem(text) == "":
        assert text.startswith("https://")
    assert is_code(text) == (len(text) == CODE_LENGTH and all(sign in CODE_ALPHABET for sign in text))
    assert isinstance(link_problem(f"https://{text}"), str)


def test_only_a_draft_is_published_or_given_up_and_only_what_is_published_ends() -> None:
    assert allowed(TRANSITIONS, State.DRAFT) == ("publish", "discard")
    assert allowed(TRANSITIONS, State.PUBLISHED) == ("prolong", "replace", "withdraw")
    for state in (State.REPLACED, State.WITHDRAWN, State.DISCARDED):
        assert allowed(TRANSITIONS, state) == ()
    assert set(WORDS) == set(State)
    assert set(State) > TOLD
    assert set(KINDS) > PRINTED
