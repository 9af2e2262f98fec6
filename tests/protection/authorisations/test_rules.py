"""Who authorises under which text, and where an authorisation stands: tables of the texts, and properties of the clock."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.conventions.terms.protection import ProtectionRegime
from maillage.core.calendar import DAY
from maillage.protection.authorisations.rules import (
    Answered,
    Kind,
    State,
    answer_faults,
    authority,
    body_key,
    common,
    country_fault,
    covers,
    is_european,
    regimes,
    reminded_on,
    standing,
    starts_fault,
    touched,
)

ON = date(2026, 3, 1)
BODIES = [UUID(int=number) for number in range(1, 5)]
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
ANSWERS = st.dictionaries(
    st.sampled_from(BODIES), st.builds(Answered, st.booleans(), st.none() | DAYS), max_size=4
)


def regime(terms: Terms, key: str) -> ProtectionRegime:
    return next(one for one in terms.protection if one.key == key)


@pytest.fixture(scope="module")
def s2() -> Terms:
    return library.load("hopital_pass_modele")


@pytest.fixture(scope="module")
def s3() -> Terms:
    return library.load("ccas_montbrison_2024")


def test_the_caisse_authorises_a_hospital_under_the_annex(s2: Terms) -> None:
    clause = regime(s2, "acces_droits_soins")
    for kind in Kind:
        found = authority(s2, clause, "hospital", kind)
        assert (found.keys, found.article, found.asked) == (("cpam",), "annexe 1-4", ""), kind


def test_nobody_authorises_itself(s2: Terms) -> None:
    found = authority(s2, regime(s2, "acces_droits_soins"), "cpam", Kind.SUB_PROCESSOR)
    assert "cpam" not in found.keys
    assert "hospital" in found.keys
    assert found.why == "nul ne s’autorise soi-même"


def test_a_blank_is_said_and_every_other_party_of_the_flow_answers(s3: Terms) -> None:
    found = authority(s3, regime(s3, "detections"), "ccas", Kind.SUB_PROCESSOR)
    assert (found.keys, found.article, found.asked) == (
        ("cpam",),
        "annexe 6",
        "Règles de sous-traitance ultérieure",
    )
    silent = authority(s3, regime(s3, "autres_collaborations"), "ccas", Kind.THIRD_PARTY)
    assert set(silent.keys) == {"cpam", "carsat"}
    assert (silent.article, silent.asked) == ("RGPD, article 28.2", "")


def test_where_no_data_of_persons_circulate_none_is_passed_on() -> None:
    assert regimes(library.load("prado_maternite_2016")) == ()


def test_an_export_touches_the_regimes_of_its_flows_or_all(s3: Terms) -> None:
    assert touched(s3, ["orientation_misas"]) == ("detections",)
    assert touched(s3, ["inconnu"]) == touched(s3) == ("detections", "autres_collaborations")


@pytest.mark.parametrize("name", library.names())
def test_in_every_text_somebody_else_authorises_each_party(name: str) -> None:
    terms = library.load(name)
    for one in regimes(terms):
        for party in terms.parties:
            for kind in Kind:
                found = authority(terms, one, party.key, kind)
                assert found.keys, (one.key, party.key)
                assert party.key not in found.keys
                assert found.article


@given(
    ANSWERS,
    st.sets(st.sampled_from(BODIES), min_size=1),
    st.tuples(st.booleans(), st.booleans()),
    st.none() | DAYS,
    DAYS,
)
def test_what_is_granted_has_every_answer_and_no_end_yet(
    answers: dict[UUID, Answered], asked_of: set[UUID], over: tuple[bool, bool], term: date | None, on: date
) -> None:
    withdrawn, ended = over
    found = standing(asked_of=asked_of, answers=answers, withdrawn=withdrawn, ended=ended, term=term, on=on)
    granted = found.state is State.GRANTED
    assert granted == (
        asked_of <= set(answers)
        and all(one.granted for one in answers.values())
        and not withdrawn
        and not ended
        and (term is None or on <= term)
        and all(one.until is None or on <= one.until for one in answers.values())
    )
    if granted:
        assert found.last_day is None or on <= found.last_day
        assert covers(found, on, on)
        assert not covers(found, on + DAY, on)


@given(ANSWERS, st.none() | DAYS, DAYS)
def test_nothing_comes_back_by_itself(answers: dict[UUID, Answered], term: date | None, on: date) -> None:
    """Once lapsed, lapsed: no later day makes an authorisation hold again."""
    states = [
        standing(asked_of=BODIES[:2], answers=answers, withdrawn=False, ended=False, term=term, on=on + timedelta(days=later)).state
        for later in (0, 1, 30, 400, 2000)
    ]  # fmt: skip
    lapsed = [state is State.EXPIRED for state in states]
    assert lapsed == sorted(lapsed)


@given(DAYS)
def test_the_last_day_still_holds_and_the_next_does_not(last: date) -> None:
    known = {BODIES[0]: Answered(True, last)}

    def state(on: date) -> State:
        return standing(
            asked_of=BODIES[:1], answers=known, withdrawn=False, ended=False, term=None, on=on
        ).state

    assert (state(last), state(last + DAY)) == (State.GRANTED, State.EXPIRED)
    assert (last - reminded_on(last)).days == 30


def test_a_country_says_whether_data_leave_the_union() -> None:
    assert is_european("  france ")
    assert is_european("GRECE")
    assert not is_european("États-Unis")
    for kind, country, field in (
        ("sub_processor", "France", None),
        ("third_party", "Suisse", "country"),
        ("outside_union", "Suisse", None),
        ("outside_union", "Irlande", "kind"),
        ("outside_union", " ", "country"),
    ):
        found = country_fault(kind, country)
        assert (found.field if found else None) == field, (kind, country)


def test_an_authorisation_comes_first() -> None:
    assert starts_fault(ON, ON) is None
    for bad in (None, ON - DAY, ON + timedelta(days=4000)):
        found = starts_fault(bad, ON)
        assert found is not None
        assert found.field == "starts_on"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"until": None, "to_term": True}, set()),
        ({"words": "", "has_document": True}, set()),
        ({"until": None}, {"until"}),
        ({"to_term": True}, {"until"}),
        ({"until": ON - DAY}, {"until"}),
        ({"starts_on": ON + 90 * DAY}, {"until"}),
        ({"words": " "}, {"words"}),
        ({"day": ON + DAY}, {"day"}),
        ({"day": ON - 11 * DAY}, {"day"}),
        ({"day": None}, {"day"}),
        ({"granted": False}, set()),
        ({"granted": False, "words": "", "has_document": True}, {"words"}),
    ],
)
def test_an_answer_says_what_it_must(changes: dict[str, object], fields: set[str]) -> None:
    said: dict[str, object] = {
        "granted": True, "words": "Hébergement en France.", "has_document": False, "until": ON + 60 * DAY, "to_term": False, "day": ON,
        "asked_on": ON - 10 * DAY, "starts_on": ON, "on": ON,
    }  # fmt: skip
    found = answer_faults(**(said | changes))  # type: ignore[arg-type]
    assert {fault.field for fault in found if fault} == fields


def test_a_body_is_the_same_whatever_its_capitals_and_accents() -> None:
    assert body_key("Société  d’Hébergement", "France") == body_key("SOCIETE D'HEBERGEMENT", "france ")
    assert body_key("Société", "France") != body_key("Société", "Belgique")


def test_a_body_receives_what_is_authorised_everywhere() -> None:
    one, two, three = BODIES[:3]
    assert common([]) == {}
    assert common([{"a": one, "b": two}, {"a": three}]) == {"a": (one, three)}
    assert common([{"a": one}, {"a": one}]) == {"a": (one,)}
    assert common([{"a": one}, {}]) == {}
