"""Content, references and days: pure rules, whatever is thrown at them."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from maillage.beneficiaries.rules import Identity, Told
from maillage.catalogue.facts import CARE, FACTS, RENUNCIATION_REASONS, Fact, Kind
from maillage.conventions.terms.criteria import Value
from maillage.referrals.content import (
    Content,
    Precisions,
    Situation,
    Step,
    content_from_bytes,
    content_to_bytes,
    person_problems,
    person_warning,
    precisions_problems,
    situation_problems,
    unfinished,
)
from maillage.referrals.references import ALPHABET, reference
from maillage.referrals.routing.situation import Renunciation
from maillage.referrals.rules import MOTIVES, contact_problem
from maillage.referrals.states import CAISSE_WORDS, FORWARDER_WORDS, SENDER_WORDS, State

texts = st.text(max_size=80)
days = st.dates(min_value=date(1890, 1, 1), max_value=date(2100, 1, 1))
identities = st.builds(
    Identity, texts, texts, days, texts, texts, texts, texts, texts, texts, st.booleans(), texts
)
renunciations = st.builds(
    lambda care, reason: Renunciation(care=care, reason=reason),
    st.sampled_from(sorted(CARE)),
    st.sampled_from(sorted(RENUNCIATION_REASONS)),
)


def facts() -> st.SearchStrategy[dict[str, Value]]:
    """Any facts of the catalogue, each with an answer that it takes."""
    return st.fixed_dictionaries({}, optional={key: _answer(fact) for key, fact in FACTS.items()})


def _answer(fact: Fact) -> st.SearchStrategy[Any]:
    choices = st.sampled_from([key for key, _ in fact.choices] or [""])
    return {
        Kind.YES_NO: st.booleans(),
        Kind.CHOICE: choices,
        Kind.SEVERAL: st.frozensets(choices),
        Kind.NUMBER: st.integers(0, fact.most),
        Kind.DAY: days,
    }[fact.kind]


contents = st.builds(
    Content,
    st.none() | st.uuids(),
    st.none() | identities,
    st.none()
    | st.builds(
        Situation,
        st.lists(st.sampled_from(sorted(MOTIVES))).map(tuple),
        texts,
        st.lists(renunciations).map(tuple),
        facts(),
    ),
    st.none() | st.builds(Told, days, texts, st.booleans()),
    st.dictionaries(st.sampled_from([step.value for step in Step]), st.dictionaries(texts, st.lists(texts))),
    st.builds(Precisions, facts(), st.dictionaries(texts, st.booleans())),
)


@given(contents)
def test_a_content_comes_back_as_it_was_written(content: Content) -> None:
    assert content_from_bytes(content_to_bytes(content)) == content


@given(contents, days)
def test_judging_a_content_never_breaks_and_keeps_the_order_of_the_steps(content: Content, on: date) -> None:
    found = unfinished(content, on=on)
    assert list(found) == [step for step in Step if step in found]


def test_an_empty_content_misses_every_step_but_the_precisions() -> None:
    found = unfinished(Content(), on=date(2025, 1, 1))
    assert found == tuple(step for step in Step if step is not Step.PRECISIONS)


@given(st.uuids(), st.uuids())
def test_a_reference_is_short_readable_and_stable(one: UUID, other: UUID) -> None:
    code = reference(one)
    assert len(code) == 9
    assert code[4] == "-"
    assert set(code) - {"-"} <= set(ALPHABET)
    assert reference(one) == code
    assert (reference(other) == code) == (one == other)


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
    assert set(SENDER_WORDS) == set(CAISSE_WORDS) == set(FORWARDER_WORDS) == set(State)


BORN = Identity("X", "Y", date(2010, 5, 2), phone="0199000000")


def test_a_draft_sealed_before_urgency_was_two_facts_still_opens() -> None:
    former = {
        "authorisation": None,
        "person": {"surname": "X", "given_name": "Y", "birth_date": "1984-02-29", "phone": "", "email": "", "other_way": "",
                   "safe_time": "", "nir": ""},
        "situation": {"motives": ["cost"], "narrative": "Court.", "urgent": True},
        "told": None,
        "typed": {},
    }  # fmt: skip
    content = content_from_bytes(json.dumps(former).encode())
    assert content.situation == Situation(("cost",), "Court.", (), {"care_compromised": True})
    assert content.situation.urgent
    assert content.person is not None
    assert not content.person.do_not_call
    assert content.precisions == Precisions()


def test_a_fact_or_a_choice_that_the_catalogue_forgot_is_left_out() -> None:
    data = json.loads(content_to_bytes(Content(situation=Situation(("cost",)))))
    data["situation"]["renunciations"] = [["optics", "cost"], ["teeth", "cost"]]
    data["precisions"]["facts"] = {
        "gone": True,
        "scheme": "gone",
        "social_needs": ["gone"],
        "precarious": True,
    }
    content = content_from_bytes(json.dumps(data).encode())
    assert content.precisions.facts == {"precarious": True}
    assert content.situation is not None
    assert [one.care for one in content.situation.renunciations] == ["optics"]


def test_urgency_is_either_of_two_facts() -> None:
    for key in ("care_compromised", "care_imminent"):
        assert Situation(("cost",), facts={key: True}).urgent
        assert not Situation(("cost",), facts={key: False}).urgent


def test_a_proof_is_forgotten_with_the_answer_that_called_for_it() -> None:
    proved = Precisions({"urgency_proof": frozenset({"prescription"})})
    for compromised in (True, False):
        content = Content(
            situation=Situation(("cost",), facts={"care_compromised": compromised}), precisions=proved
        )
        assert ("urgency_proof" in content.facts()) is compromised


def test_care_that_nobody_listed_is_unknown_and_not_absent() -> None:
    on = date(2025, 1, 1)
    assert "renounced_care" not in Content(situation=Situation(("cost",))).described(on=on).facts
    listed = Situation(("cost",), renunciations=(Renunciation(care="optics", reason="cost"),))
    assert Content(situation=listed).described(on=on).facts["renounced_care"] is True


def test_the_birth_date_stands_before_an_age_and_contradicts_it_at_its_field() -> None:
    on = date(2025, 1, 1)
    said = Content(precisions=Precisions({"age": 15}))
    assert said.described(on=on).facts["age"] == 15
    assert "14 ans" in person_problems(said, BORN, on=on)["birth_date"]
    assert person_problems(Content(precisions=Precisions({"age": 14})), BORN, on=on) == {}
    known = Content(person=BORN, precisions=Precisions({"age": 15}))
    assert known.described(on=on).facts["age"] == 14


def test_a_minor_without_a_representative_is_a_warning_and_never_a_problem() -> None:
    on = date(2025, 1, 1)
    assert "14 ans" in person_warning(Content(), BORN, on=on)
    assert person_problems(Content(), BORN, on=on) == {}
    emancipated = Content(precisions=Precisions({"emancipated_or_apprentice": True}))
    assert person_warning(emancipated, BORN, on=on) == ""
    assert person_warning(Content(), replace(BORN, representative="sa mère"), on=on) == ""
    assert person_warning(Content(), replace(BORN, birth_date=date(2007, 1, 1)), on=on) == ""


def test_who_must_not_be_called_is_reached_some_other_way() -> None:
    on = date(2025, 1, 1)
    silent = replace(BORN, do_not_call=True)
    assert set(person_problems(Content(), silent, on=on)) == {"do_not_call"}
    assert person_problems(Content(), replace(silent, other_way="par SMS"), on=on) == {}


def test_a_day_to_come_is_refused_at_its_fact() -> None:
    told = Precisions({"delivered_on": date(2025, 1, 2)})
    assert set(precisions_problems(told, on=date(2025, 1, 1))) == {"delivered_on"}
    assert precisions_problems(told, on=date(2025, 1, 2)) == {}
