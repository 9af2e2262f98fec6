"""What must be true of a situation: three values, and what a text may not compare."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from maillage.catalogue.facts import FACTS, Kind
from maillage.conventions.terms.criteria import (
    Criterion,
    Value,
    enough,
    every,
    facts_of,
    holds,
    said,
    undecided_facts,
)

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


def values_of(key: str) -> st.SearchStrategy[Value]:
    fact = FACTS[key]
    choices = [choice for choice, _ in fact.choices]
    if fact.kind is Kind.YES_NO:
        return st.booleans()
    if fact.kind is Kind.NUMBER:
        return st.integers(0, fact.most)
    if fact.kind is Kind.DAY:
        return DAYS
    if fact.kind is Kind.CHOICE:
        return st.sampled_from(choices)
    return st.frozensets(st.sampled_from(choices))


def compared(key: str) -> st.SearchStrategy[Criterion]:
    fact = FACTS[key]
    if fact.kind is Kind.YES_NO:
        return st.just(Criterion(fact=key))
    if fact.kind is Kind.NUMBER:
        return st.integers(0, fact.most).map(lambda low: Criterion(fact=key, at_least=low))
    if fact.kind is Kind.DAY:
        return DAYS.map(lambda day: Criterion(fact=key, until=day))
    some = st.lists(st.sampled_from([choice for choice, _ in fact.choices]), min_size=1, unique=True)
    return some.map(lambda among: Criterion(fact=key, among=tuple(among)))


LEAVES = st.sampled_from(sorted(FACTS)).flatmap(compared)
CRITERIA = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda some: st.sampled_from(
            [Criterion(all=tuple(some)), Criterion(any=tuple(some)), Criterion(none=tuple(some))]
        )
    ),
    max_leaves=6,
)
KNOWN = st.fixed_dictionaries({}, optional={key: values_of(key) for key in sorted(FACTS)})


@given(CRITERIA, KNOWN, KNOWN)
def test_what_is_decided_stays_decided_whatever_is_learnt_next(
    criterion: Criterion, known: Mapping[str, Value], more: Mapping[str, Value]
) -> None:
    before = holds(criterion, known)
    after = holds(criterion, {**more, **known})
    assert before is None or after is before


@given(CRITERIA, st.fixed_dictionaries({key: values_of(key) for key in sorted(FACTS)}))
def test_whoever_knows_all_knows_whether_it_holds(criterion: Criterion, known: Mapping[str, Value]) -> None:
    assert holds(criterion, known) is not None
    assert undecided_facts(criterion, known) == ()


@given(CRITERIA, KNOWN)
def test_what_is_unknown_says_which_facts_would_decide(
    criterion: Criterion, known: Mapping[str, Value]
) -> None:
    missing = undecided_facts(criterion, known)
    assert bool(missing) is (holds(criterion, known) is None)
    assert set(missing) <= set(facts_of(criterion)) - known.keys()


@given(CRITERIA, KNOWN)
def test_none_of_is_not_any_of(criterion: Criterion, known: Mapping[str, Value]) -> None:
    found = holds(Criterion(any=(criterion,)), known)
    opposite = holds(Criterion(none=(criterion,)), known)
    assert (found, opposite) in {(True, False), (False, True), (None, None)}


@given(st.lists(st.sampled_from([True, False, None]), max_size=8), st.integers(1, 9))
def test_enough_is_decided_as_soon_as_nothing_can_change_it(values: list[bool | None], number: int) -> None:
    true = values.count(True)
    if true >= number:
        assert enough(values, number) is True
    elif true + values.count(None) < number:
        assert enough(values, number) is False
    else:
        assert enough(values, number) is None
    assert every(values) is enough(values, len(values))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"fact": "age", "at_least": 18, "all": [{"fact": "agrees"}]}, "une seule forme"),
        ({}, "une seule forme"),
        ({"at_least": 18, "any": [{"fact": "agrees"}]}, "`fact`"),
        ({"fact": "shoe_size", "at_least": 40}, "un fait connu"),
        ({"fact": "age"}, "`at_least`, `at_most` ou les deux"),
        ({"fact": "agrees", "at_least": 1}, "veut dire oui"),
        ({"fact": "scheme"}, "`among`"),
        ({"fact": "scheme", "among": ["martian"]}, "une réponse parmi"),
        ({"fact": "age", "at_least": 18, "at_most": 16}, "des bornes dans l'ordre"),
        ({"fact": "delivered_on", "since": date(2014, 1, 1), "until": date(2013, 1, 1)}, "bornes"),
        ({"fact": "birth_date", "at_least": 3}, "`since`"),
    ],
)
def test_a_comparison_without_sense_is_refused(written: dict[str, object], expected: str) -> None:
    with pytest.raises(ValidationError, match=expected):
        Criterion(**written)


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        (Criterion(fact="agrees"), "« Souhaite-t-elle cette démarche ? » oui"),
        (Criterion(fact="age", at_least=16), "« Quel âge a-t-elle ? » 16 ou plus"),
        (Criterion(fact="age", at_least=16, at_most=25), "« Quel âge a-t-elle ? » de 16 à 25"),
        (Criterion(fact="age", at_most=25), "« Quel âge a-t-elle ? » 25 ou moins"),
        (Criterion(fact="children_born", at_least=1, at_most=1), "« Combien d’enfants sont nés ? » 1"),
        (
            Criterion(fact="delivered_on", since=date(2014, 6, 21)),
            "« Quand a eu lieu l’accouchement ? » depuis le 21/06/2014",
        ),
        (
            Criterion(none=(Criterion(fact="agrees"),)),
            "aucune de ces réponses : « Souhaite-t-elle cette démarche ? » oui",
        ),
        (
            Criterion(any=(Criterion(fact="scheme", among=("general", "ame")), Criterion(fact="agrees"))),
            (
                "« De quel régime relève-t-elle ? » Régime général ou Aide médicale de l’État (AME) ou "
                "« Souhaite-t-elle cette démarche ? » oui"
            ),
        ),
    ],
)
def test_a_criterion_is_said_in_french(criterion: Criterion, words: str) -> None:
    assert said(criterion) == words


def test_bounds_are_included() -> None:
    born = date(2014, 6, 21)
    since = Criterion(fact="delivered_on", since=born)
    assert [holds(since, {"delivered_on": born + timedelta(days=days)}) for days in (-1, 0, 1)] == [
        False,
        True,
        True,
    ]
    between = Criterion(fact="age", at_least=16, at_most=25)
    assert [holds(between, {"age": age}) for age in (15, 16, 25, 26)] == [False, True, True, False]
