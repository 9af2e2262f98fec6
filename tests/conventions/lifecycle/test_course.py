"""Signing, starting, renewing, expiring."""

from datetime import date

import pytest

from maillage.conventions.lifecycle.facts import RenewalRow
from maillage.conventions.lifecycle.rules import facts
from maillage.conventions.lifecycle.states import END_KIND_OF, TRANSITIONS, EndKind, State, verb_to
from maillage.conventions.terms.blanks import Blank, BlankReason
from maillage.conventions.terms.duration import Renewal, Term
from maillage.core.calendar import Period
from maillage.core.states import find
from tests.conventions.lifecycle.texts import S3, Text, event, one_year, signed

YEAR = Period(months=12)


def test_a_draft_is_proposed_then_signed_party_by_party() -> None:
    events = [
        event("proposed", date(2024, 1, 2)),
        event("signed", date(2024, 1, 10), party="cpam"),
        event("signed", date(2024, 1, 20), party="ccas"),
    ]
    text = Text(term=one_year(starts=date(2024, 2, 1)))
    states = [facts(text, events, date(2024, 1, day)).state for day in (1, 2, 10, 20)]
    assert states == [State.DRAFT, State.PROPOSED, State.PARTLY_SIGNED, State.SIGNED]
    assert facts(text, events, date(2024, 2, 1)).state is State.IN_FORCE


def test_a_changed_text_voids_the_signatures() -> None:
    events = [*signed(date(2024, 1, 10)), event("text_changed", date(2024, 1, 15))]
    assert facts(Text(), events, date(2024, 1, 20)).state is State.DRAFT
    again = facts(Text(), [*events, *signed(date(2024, 1, 25))], date(2024, 1, 30))
    assert (again.state, again.starts) == (State.IN_FORCE, date(2024, 1, 25))


def test_a_stranger_s_signature_is_ignored_and_said() -> None:
    known = facts(Text(), [event("signed", date(2024, 1, 1), party="mairie")], date(2024, 2, 1))
    assert known.state is State.DRAFT
    assert any("mairie" in remark.text for remark in known.warnings)


def test_a_retroactive_start_is_in_force_once_all_have_signed() -> None:
    text = Text(term=Term(article="1", starts=date(2024, 1, 1), ends_on=date(2024, 12, 31)))
    assert facts(text, signed(date(2024, 3, 1)), date(2024, 2, 1)).state is State.DRAFT
    known = facts(text, signed(date(2024, 3, 1)), date(2024, 3, 1))
    assert (known.state, known.starts) == (State.IN_FORCE, date(2024, 1, 1))
    assert any("rétroactive" in remark.text for remark in known.warnings)


def test_an_end_tied_to_another_instrument_is_unknown_until_it_is_recorded() -> None:
    text = Text(term=Term(article="4", starts="last_signature", ends_with="La COG"))
    known = facts(text, signed(date(2024, 1, 1)), date(2024, 6, 1))
    assert (known.state, known.ends) == (State.IN_FORCE, None)
    assert any("La COG" in remark.text for remark in known.warnings)
    ended = event("external_end", date(2024, 9, 1), until=date(2024, 10, 31))
    known = facts(text, [*signed(date(2024, 1, 1)), ended], date(2024, 11, 1))
    assert (known.state, known.ends) == (State.ENDED, date(2024, 10, 31))


def test_a_tacit_renewal_without_a_period_has_an_unknown_end() -> None:
    known = facts(S3, signed(date(2024, 11, 14)), date(2026, 1, 1))
    assert (known.state, known.ends, known.anniversary) == (State.IN_FORCE, None, date(2026, 11, 14))
    assert any("1214" in remark.text for remark in known.warnings)


def test_a_recorded_renewal_may_state_the_end_that_the_text_does_not() -> None:
    noted = event("renewed", date(2025, 11, 14), until=date(2027, 11, 13))
    known = facts(S3, [*signed(date(2024, 11, 14)), noted], date(2026, 1, 1))
    assert known.ends == date(2027, 11, 13)
    assert known.renewals[0] == RenewalRow(
        date(2025, 11, 14), date(2027, 11, 13), "tacit", "9.2", recorded=True
    )


def test_an_evaluation_that_is_expected_is_asked_for_until_it_is_shared() -> None:
    missing = facts(S3, signed(date(2024, 11, 14)), date(2025, 6, 1))
    assert any("Évaluation" in remark.text for remark in missing.warnings)
    shared = [*signed(date(2024, 11, 14)), event("evaluation_shared", date(2025, 5, 1))]
    assert not any("Évaluation" in remark.text for remark in facts(S3, shared, date(2025, 6, 1)).warnings)


def test_a_number_of_renewals_is_an_end_in_sight() -> None:
    text = Text(renewal=Renewal(article="2", mode="tacit", period=YEAR, times=2))
    known = facts(text, signed(date(2020, 2, 29)), date(2020, 6, 1))
    assert known.out_from == date(2023, 2, 28)
    last = facts(text, signed(date(2020, 2, 29)), date(2022, 6, 1))
    assert ([row.since for row in last.renewals], last.ends) == (
        [date(2021, 2, 28), date(2022, 2, 28)],
        date(2023, 2, 27),
    )
    assert facts(text, signed(date(2020, 2, 29)), date(2023, 2, 28)).state is State.ENDED


def test_an_express_renewal_needs_a_decision_before_the_term() -> None:
    text = Text(renewal=Renewal(article="2", mode="express", period=YEAR))
    start = signed(date(2024, 1, 1))
    assert facts(text, start, date(2025, 1, 1)).state is State.ENDED
    decided = [*start, event("renewed", date(2024, 12, 1))]
    assert facts(text, decided, date(2025, 1, 1)).ends == date(2025, 12, 31)
    late = [*start, event("renewed", date(2025, 1, 1))]
    assert facts(text, late, date(2025, 1, 2)).state is State.ENDED


def test_terms_of_months_are_counted_from_the_original_date() -> None:
    text = Text(
        term=one_year(lasts=Period(months=1)),
        renewal=Renewal(article="2", mode="tacit", period=Period(months=1)),
    )
    known = facts(text, signed(date(2024, 1, 31)), date(2024, 5, 15))
    assert [row.since for row in known.renewals] == [
        date(2024, 2, 29),
        date(2024, 3, 31),
        date(2024, 4, 30),
        date(2024, 5, 31),
    ]


def test_clauses_that_the_text_lacks_are_blanks_and_not_guesses() -> None:
    blank = Blank(blank="terme", asked="Durée de la convention", why=BlankReason.TEMPLATE)
    known = facts(Text(term=blank, renewal=blank, exits=blank), signed(date(2024, 1, 1)), date(2024, 6, 1))
    assert (known.state, known.ends, known.exits) == (State.IN_FORCE, None, ())
    assert sum("Durée de la convention" in remark.text for remark in known.warnings) >= 1
    unknown = Term(article="1", starts="last_signature", lasts=blank)
    assert facts(Text(term=unknown), signed(date(2024, 1, 1)), date(2024, 6, 1)).ends is None


def test_a_convention_that_ended_before_it_started_was_never_in_force() -> None:
    text = Text(term=one_year(starts=date(2025, 1, 1)))
    events = [*signed(date(2024, 6, 1)), event("ended_by_agreement", date(2024, 9, 1))]
    known = facts(text, events, date(2025, 2, 1))
    assert (known.state, known.starts, known.ends) == (State.ENDED, None, None)
    assert any("avant d'avoir pris effet" in remark.text for remark in known.warnings)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.SIGNED, State.IN_FORCE),
        (State.SIGNED, State.ENDED),
        (State.IN_FORCE, State.ENDED),
        (State.IN_FORCE, State.SIGNED),
    ],
)
@pytest.mark.parametrize("end", EndKind)
@pytest.mark.parametrize("agreed", [True, False])
def test_whatever_text_and_facts_say_moves_by_an_arrow(
    before: State, after: State, end: EndKind, agreed: bool
) -> None:
    verb = verb_to(after, end, agreed=agreed)
    arrow = find(TRANSITIONS, verb)
    assert before in arrow.sources
    assert arrow.target is after
    if after is State.ENDED:
        assert END_KIND_OF[verb] is end
        assert (verb == "agree_to_end") is (agreed and end is EndKind.TERMINATED)


def test_every_state_and_end_is_reached_by_the_table_of_transitions() -> None:
    reached = {arrow.target for arrow in TRANSITIONS}
    assert reached == set(State)
    ending = {arrow.verb for arrow in TRANSITIONS if arrow.target is State.ENDED}
    assert ending == set(END_KIND_OF)
    assert set(END_KIND_OF.values()) == set(EndKind)
    assert all(arrow.sources.isdisjoint({State.ENDED}) for arrow in TRANSITIONS)
    signed_ones = {State.SIGNED, State.IN_FORCE, State.ENDED}
    unsigned = set(State) - signed_ones
    assert not [arrow for arrow in TRANSITIONS if arrow.sources & signed_ones and arrow.target in unsigned]
    assert all(kind.label for kind in (*State, *EndKind))
