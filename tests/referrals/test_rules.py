"""Content, references and days: pure rules, whatever is thrown at them."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from maillage.beneficiaries.rules import Identity, Told
from maillage.core.identifiers import uuid7
from maillage.referrals.content import (
    Content,
    Situation,
    Step,
    content_from_bytes,
    content_to_bytes,
    situation_problems,
    unfinished,
)
from maillage.referrals.references import ALPHABET, draft_id, reference
from maillage.referrals.rules import MOTIVES, contact_problem
from maillage.referrals.states import CAISSE_WORDS, SENDER_WORDS, State

texts = st.text(max_size=80)
days = st.dates(min_value=date(1890, 1, 1), max_value=date(2100, 1, 1))
identities = st.builds(Identity, texts, texts, days, texts, texts, texts, texts, texts)
contents = st.builds(
    Content,
    st.none() | st.uuids(),
    st.none() | identities,
    st.none()
    | st.builds(Situation, st.lists(st.sampled_from(sorted(MOTIVES))).map(tuple), texts, st.booleans()),
    st.none() | st.builds(Told, days, texts, st.booleans()),
    st.dictionaries(st.sampled_from([step.value for step in Step]), st.dictionaries(texts, st.lists(texts))),
)


@given(contents)
def test_a_content_comes_back_as_it_was_written(content: Content) -> None:
    assert content_from_bytes(content_to_bytes(content)) == content


@given(contents, days)
def test_judging_a_content_never_breaks_and_keeps_the_order_of_the_steps(content: Content, on: date) -> None:
    found = unfinished(content, on=on)
    assert list(found) == [step for step in Step if step in found]


def test_an_empty_content_misses_every_step() -> None:
    assert unfinished(Content(), on=date(2025, 1, 1)) == tuple(Step)


@given(st.uuids(), st.uuids())
def test_a_reference_is_short_readable_and_stable(one: UUID, other: UUID) -> None:
    code = reference(one)
    assert len(code) == 9
    assert code[4] == "-"
    assert set(code) - {"-"} <= set(ALPHABET)
    assert reference(one) == code
    assert (reference(other) == code) == (one == other)


@given(st.uuids(), st.uuids(), st.uuids())
def test_a_draft_has_one_id_for_its_author_and_another_for_anyone_else(
    one: UUID, other: UUID, third: UUID
) -> None:
    token = uuid7()
    mine = draft_id(token, organisation=one, author=other)
    assert mine == draft_id(token, organisation=one, author=other)
    assert mine.version == 7
    assert mine != token
    assert (draft_id(token, organisation=one, author=third) == mine) == (third == other)


def test_drafts_follow_each_other_in_the_order_of_time() -> None:
    one, other = uuid7(), uuid7()
    earlier = UUID(int=one.int - (1 << 90))
    assert draft_id(earlier, organisation=one, author=other) < draft_id(one, organisation=one, author=other)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 400), st.integers(-500, 500))
def test_a_contact_lies_between_the_sending_and_today(sent_on: date, age: int, offset: int) -> None:
    on = sent_on + timedelta(days=age)
    accepted = contact_problem(sent_on + timedelta(days=offset), sent_on=sent_on, on=on) == ""
    assert accepted == (0 <= offset <= age)


def test_a_situation_needs_a_motive_of_the_texts() -> None:
    assert situation_problems(Situation(())) == {"motives": "Choisissez au moins un motif."}
    assert "motives" in situation_problems(Situation(("weather",)))
    assert situation_problems(Situation(("cost",))) == {}


def test_each_state_has_its_words_for_each_side() -> None:
    assert set(SENDER_WORDS) == set(CAISSE_WORDS) == set(State)
