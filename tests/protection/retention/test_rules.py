"""How long each class of data is kept: the text first, then the law, then the platform; a blank is said, never guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.conventions.terms.protection import ProtectionRegime, Retention
from maillage.core.calendar import DAY, Period, add
from maillage.protection.retention.rules import DEFAULTS, OF_THE_TEXT, DataClass, Rule, Source, rule_for

FRAMEWORK, HOSPITAL, CCAS, PRADO = (
    "croix_rouge_cadre_2021",
    "hopital_pass_modele",
    "ccas_montbrison_2024",
    "prado_maternite_2016",
)
periods = st.builds(Period, months=st.integers(1, 240), days=st.integers(0, 400))


def text(name: str) -> Terms:
    return library.load(name)


def saying(regime: ProtectionRegime, delay: Period, start: str = "dernier contact") -> ProtectionRegime:
    return regime.model_copy(update={"retention": Retention(article="12", delay=delay, start=start)})


def with_all(terms: Terms, *delays: Period) -> Terms:
    """The same text, in which each regime gives a duration, one after the other."""
    regimes = [saying(one, delays[number % len(delays)]) for number, one in enumerate(terms.protection)]
    return terms.model_copy(update={"protection": tuple(regimes)})


def test_the_contacts_of_the_framework_go_five_years_after_the_last_contact() -> None:
    rule = rule_for(DataClass.REFERENT, text(FRAMEWORK))
    assert rule == Rule(Period(months=60), "le dernier contact", Source.TERMS, "mention")
    assert rule.until(date(2026, 3, 2)) == date(2031, 3, 2)


def test_a_hospital_keeps_its_cases_until_the_term_and_its_caisse_learns_that_the_text_is_silent() -> None:
    hospital = rule_for(DataClass.CASE, text(HOSPITAL), party="hospital")
    assert (hospital.source, hospital.reference, hospital.duration) == (Source.TERMS, "annexe 1-7", None)
    caisse = rule_for(DataClass.CASE, text(HOSPITAL), party="cpam")
    assert (caisse.source, caisse.blank) == (Source.DEFAULT, "Durée de conservation avant le terme")


@pytest.mark.parametrize("name", [CCAS, PRADO])
def test_a_text_whose_annex_is_missing_says_what_is_to_be_filled(name: str) -> None:
    rule = rule_for(DataClass.CASE, text(name), party="cpam")
    assert rule.source is Source.DEFAULT
    assert rule.blank.startswith("Durée de conservation")


def test_each_flow_has_the_regime_that_covers_it() -> None:
    terms = text(CCAS)
    first, *others = terms.protection
    said = terms.model_copy(update={"protection": (saying(first, Period(months=24)), *others)})
    assert first.flows
    for flow in first.flows:
        assert rule_for(DataClass.CASE, said, flow=flow).duration == Period(months=24)
    for other in others:
        for flow in other.flows:
            assert rule_for(DataClass.CASE, said, flow=flow).source is Source.DEFAULT


@pytest.mark.parametrize("data", list(DataClass))
def test_each_class_has_a_rule_that_says_from_what_and_by_whom(data: DataClass) -> None:
    rule = rule_for(data)
    assert rule == DEFAULTS[data]
    assert rule.start
    assert rule.reference
    assert rule.source is not Source.TERMS
    assert (rule.until(date(2026, 1, 31)) is None) is (rule.duration is None)


@given(periods, st.sampled_from([FRAMEWORK, HOSPITAL, CCAS, PRADO]), st.sampled_from(sorted(OF_THE_TEXT)))
def test_the_text_wins_wherever_it_speaks(delay: Period, name: str, data: DataClass) -> None:
    rule = rule_for(data, with_all(text(name), delay), own={data: Period(days=1)})
    contacts = any(one.scope.startswith("Contacts") for one in text(name).protection)
    if (data is DataClass.CASE and name == FRAMEWORK) or (data is not DataClass.CASE and not contacts):
        assert rule.source is Source.DEFAULT  # no regime of this text is about these people
    else:
        assert (rule.source, rule.duration, rule.blank) == (Source.TERMS, delay, "")


@given(periods, periods, st.dates(date(2000, 1, 1), date(2040, 12, 31)))
def test_where_two_regimes_speak_nothing_goes_before_both_let_it(
    one: Period, two: Period, fact: date
) -> None:
    rule = rule_for(DataClass.CASE, with_all(text(CCAS), one, two))
    longest = max(add(fact, one), add(fact, two))
    until = rule.until(fact)
    assert until is not None
    assert longest - until <= 12 * DAY  # months are compared as 31 days


@given(
    st.sampled_from([one for one in DataClass if one not in OF_THE_TEXT]),
    st.sampled_from([FRAMEWORK, HOSPITAL, CCAS, PRADO]),
    periods,
)
def test_what_is_the_platforms_own_is_no_conventions_to_say(
    data: DataClass, name: str, set_to: Period
) -> None:
    assert rule_for(data, with_all(text(name), Period(days=3))) == rule_for(data)
    assert rule_for(data, own={data: set_to}).duration == set_to
