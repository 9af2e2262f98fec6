"""What an assessment must hold, how grave a risk is, when it is to be reviewed; what a text says of a kind of flow."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.terms.protection import ProtectionRegime
from maillage.protection.assessments import describing
from maillage.protection.assessments.rules import (
    Asked,
    Decision,
    FearedEvent,
    Kind,
    Level,
    Scores,
    Status,
    decision_fault,
    due_fault,
    is_high,
    is_reminded,
    latest_review,
    level,
    missing,
    must_review,
    review_fault,
    score_faults,
    status,
)

ON = date(2026, 3, 2)
SCALE, DAYS = st.integers(1, 4), st.dates(date(2020, 1, 1), date(2060, 1, 1))
ANY = st.integers(-1, 6)
EVENTS = {one.value for one in FearedEvent}
OWN_OPINION = Asked(Kind.OPINION, own=True, is_answered=True, is_withdrawn=False)
ASKED = st.builds(
    Asked,
    kind=st.sampled_from([*map(str, Kind)]),
    own=st.booleans(),
    is_answered=st.booleans(),
    is_withdrawn=st.booleans(),
)


@given(SCALE, SCALE)
def test_a_risk_is_between_its_two_scores_and_does_not_care_for_their_order(one: int, other: int) -> None:
    found = level(one, other)
    assert min(one, other) <= found <= max(one, other)
    assert found == level(other, one)
    assert found.label in {"négligeable", "limitée", "importante", "maximale"}


@given(SCALE, SCALE, SCALE, SCALE)
def test_a_risk_never_shrinks_when_a_score_grows(one: int, other: int, more: int, most: int) -> None:
    assert level(min(one, more), min(other, most)) <= level(max(one, more), max(other, most))


def test_what_is_maximal_and_may_happen_is_high() -> None:
    assert level(4, 1) is Level.LIMITED
    assert is_high(Scores(4, 4, 4, 2))
    assert not is_high(Scores(4, 4, 2, 3))


@given(ANY, ANY, ANY, ANY)
def test_scores_are_on_the_scale_and_not_worse_after_the_measures(
    one: int, two: int, three: int, four: int
) -> None:
    right = all(1 <= score <= 4 for score in (one, two, three, four)) and three <= one and four <= two
    assert (not list(score_faults(Scores(one, two, three, four)))) is right


@given(st.text(max_size=3), st.sets(st.sampled_from(sorted(EVENTS))), st.lists(ASKED, max_size=5))
def test_an_assessment_is_whole_only_with_all_its_parts(
    necessity: str, events: set[str], asked: list[Asked]
) -> None:
    whole = (
        bool(necessity.strip())
        and events == EVENTS
        and any(one.kind == Kind.OPINION and one.own and one.is_answered for one in asked)
        and not any(one.waits and not (one.kind == Kind.OPINION and one.own) for one in asked)
    )
    assert (missing(necessity=necessity, events=events, asked=asked) == ()) is whole


def test_what_is_lacking_is_named_in_the_order_of_the_pages() -> None:
    waiting = Asked(Kind.DOCUMENTATION, own=False, is_answered=False, is_withdrawn=False)
    found = missing(necessity="", events={FearedEvent.LOSS.value}, asked=[waiting])
    assert len(found) == 5
    assert "article 35.2" in found[3]
    assert missing(necessity="Oui.", events=EVENTS, asked=[OWN_OPINION]) == ()


def test_a_high_risk_that_is_left_is_not_accepted_without_the_authority() -> None:
    high = [Scores(4, 4, 3, 3)]
    for decision in (Decision.GO_ON, Decision.WITH_MEASURES):
        fault = decision_fault(decision, high)
        assert fault is not None
        assert fault.field == "decision"
        assert decision_fault(decision, [Scores(4, 4, 2, 2)]) is None
    assert decision_fault(Decision.CONSULT, high) is None
    assert decision_fault("", []) is not None


@given(DAYS, DAYS)
def test_a_review_comes_within_three_years(on: date, wanted: date) -> None:
    assert (review_fault(wanted, on) is None) is (on < wanted <= latest_review(on))
    assert review_fault(None, on) is not None
    assert review_fault(latest_review(on), on) is None


@given(DAYS, DAYS)
def test_an_answer_is_asked_for_a_day_to_come(on: date, due: date) -> None:
    assert (due_fault(due, on) is None) is (due > on)


@given(DAYS, DAYS, st.booleans(), st.booleans())
def test_what_is_validated_is_reviewed_on_its_day_or_when_its_text_has_changed(
    review_on: date, on: date, has_changed: bool, has_draft: bool
) -> None:
    due = must_review(review_on=review_on, has_changed=has_changed, on=on)
    assert due is (has_changed or on >= review_on)
    found = status(has_draft=has_draft, review_on=review_on, has_changed=has_changed, on=on)
    assert (found is Status.TO_REVIEW) is due
    if on >= review_on:
        assert is_reminded(review_on, on)


def test_nothing_was_validated_yet() -> None:
    assert status(has_draft=False, review_on=None, has_changed=False, on=ON) is Status.NONE
    assert status(has_draft=True, review_on=None, has_changed=False, on=ON) is Status.DRAFT
    assert not is_reminded(ON + timedelta(days=90), ON)
    assert is_reminded(ON + timedelta(days=30), ON)


@pytest.mark.parametrize("name", ["croix_rouge_cadre_2021", "ccas_montbrison_2024", "hopital_pass_modele"])
def test_each_text_is_described_with_its_blanks_and_comes_back_as_it_was_kept(name: str) -> None:
    loaded = library.load(name)
    terms = loaded.local_template or loaded
    kinds = describing.assessed(terms)
    assert kinds
    for regime in kinds:
        sections = describing.describe(terms, regime, {})
        kept = describing.canonical(sections)
        assert describing.read(kept) == sections
        assert describing.canonical(describing.read(kept)) == kept
        assert all(one.lines for one in sections)
        assert len(describing.digest_of(kept)) == 64


def test_a_text_says_who_leads_or_leaves_it_blank() -> None:
    local = library.load("croix_rouge_cadre_2021").local_template
    assert local is not None
    found = describing.leaders(describing.assessed(local)[0])
    assert (found.led_by, found.helped_by, found.article) == (("cpam",), ("croix_rouge",), "annexe 1-9")
    blank = next(one for one in library.load("ccas_montbrison_2024").protection if one.key == "detections")
    left = describing.leaders(blank)
    assert left.led_by == ()
    assert left.asked.startswith("Qui mène")
    said = describing.describe(library.load("ccas_montbrison_2024"), blank, {})
    (leads,) = (one for one in said if one.title == "Qui mène l’analyse")
    assert [line.asked for line in leads.lines] == [True]


sections = st.dictionaries(
    st.sampled_from(["Finalité", "Données", "Destinataires"]),
    st.lists(st.builds(describing.Said, st.sampled_from("abc"), st.booleans()), max_size=3).map(tuple),
).map(lambda found: tuple(describing.Section(title, lines) for title, lines in found.items()))


@given(sections, sections)
def test_what_changed_is_the_points_that_say_something_else_and_a_blank_says_nothing(
    kept: tuple[describing.Section, ...], now: tuple[describing.Section, ...]
) -> None:
    def said(found: tuple[describing.Section, ...], title: str) -> set[str]:
        return {line.words for one in found if one.title == title for line in one.lines if not line.asked}

    points = describing.differing(kept, now)
    assert describing.differing(kept, kept) == ()
    assert set(points) == set(describing.differing(now, kept))
    for title in ("Finalité", "Données", "Destinataires"):
        assert (title in points) == (said(kept, title) != said(now, title))


@pytest.mark.parametrize(
    ("changes", "points"),
    [
        ({"purpose": "Autre chose."}, ("Finalité",)),
        ({"retention": {"article": "1", "delay": "9y", "start": "la fin"}}, ("Durée de conservation",)),
        ({"outside_union": {"article": "1", "where": "aucun"}}, ("Transferts hors de l’Union européenne",)),
        ({"lawful_bases": ["public_task"]}, ("Fondement",)),
    ],
)
def test_each_clause_that_changes_is_named(changes: dict[str, object], points: tuple[str, ...]) -> None:
    terms = library.load("croix_rouge_cadre_2021").local_template
    assert terms is not None
    (regime,) = terms.protection
    other = ProtectionRegime.model_validate(regime.model_dump(mode="json", exclude_none=True) | changes)
    changed = terms.model_copy(update={"protection": (other,)})
    before, after = describing.describe(terms, regime, {}), describing.describe(changed, other, {})
    assert describing.differing(before, after) == points
    assert describing.clauses_digest(terms, regime) != describing.clauses_digest(changed, other)


def test_a_flow_whose_data_or_recipient_change_is_named() -> None:
    terms = library.load("croix_rouge_cadre_2021").local_template
    assert terms is not None
    (regime,) = terms.protection
    flows = tuple(
        one.model_copy(update={"recipient": "carsat", "data_fields": ("nir",)})
        if one.key == "depot_dossiers"
        else one
        for one in terms.flows
    )
    changed = terms.model_copy(update={"flows": flows})
    points = describing.differing(
        describing.describe(terms, regime, {}), describing.describe(changed, regime, {})
    )
    assert {"Données", "Destinataires"} <= set(points)
