"""Denunciations and terminations as they are recorded: valid, late, outside their window, incomplete."""

from datetime import date

import pytest

from maillage.conventions.lifecycle.facts import Departure
from maillage.conventions.lifecycle.rules import facts
from maillage.conventions.lifecycle.states import EndKind, State
from maillage.conventions.terms.duration import (
    AnniversaryDenunciation,
    Denunciation,
    FormalNotice,
    Renewal,
)
from maillage.core.calendar import Period
from tests.conventions.lifecycle.texts import S0, S1, S2, S3, THREE, Text, event, one_year, signed

SIGNED_S2 = signed(date(2023, 3, 1))


def test_a_denunciation_inside_the_window_is_late_for_the_other_reading_and_flagged() -> None:
    events = [*SIGNED_S2, event("denunciation_sent", date(2024, 1, 15))]
    known = facts(S2, events, date(2024, 1, 20))
    assert {row.reading: row.effect for row in known.exits if row.kind == "denunciation"} == {
        "window": date(2024, 3, 1),
        "at_latest": date(2025, 3, 1),
    }
    assert any("hors délai" in remark.text for remark in known.warnings)
    after = facts(S2, events, date(2024, 3, 1))
    assert {each.reading: (each.state, each.ends) for each in after.readings} == {
        "window": (State.ENDED, date(2024, 2, 29)),
        "at_latest": (State.IN_FORCE, date(2025, 2, 28)),
    }


def test_a_denunciation_before_the_window_has_no_effect_under_that_reading() -> None:
    events = [*SIGNED_S2, event("denunciation_sent", date(2023, 6, 1))]
    known = facts(S2, events, date(2023, 6, 2))
    assert {row.reading: row.effect for row in known.exits if row.kind == "denunciation"} == {
        "window": None,
        "at_latest": date(2024, 3, 1),
    }
    assert any("hors de la fenêtre" in remark.text for remark in known.warnings)


@pytest.mark.parametrize("day", [date(2023, 12, 1), date(2024, 2, 29)])
def test_both_ends_of_the_window_are_inside(day: date) -> None:
    known = facts(S2, [*SIGNED_S2, event("denunciation_sent", day)], day)
    assert [row.effect for row in known.exits if row.reading == "window"] == [date(2024, 3, 1)]


def test_each_other_party_has_its_own_letter_and_the_last_one_counts() -> None:
    text = Text(
        parties=THREE,
        term=one_year(lasts="indefinite"),
        exits=(Denunciation(article="6", notice=Period(months=2), counted_from="sending"),),
    )
    first = event("denunciation_sent", date(2024, 1, 10), party="cpam", addressee="hopital")
    second = event("denunciation_sent", date(2024, 1, 20), party="cpam", addressee="carsat")
    known = facts(text, [*signed(date(2023, 1, 1)), first], date(2024, 2, 1))
    assert known.exits[0].effect is None
    assert any("manque pour un destinataire" in remark.text for remark in known.warnings)
    known = facts(text, [*signed(date(2023, 1, 1)), first, second], date(2024, 2, 1))
    assert known.exits[0].effect == date(2024, 3, 21)


def test_a_party_may_leave_alone_while_the_others_go_on() -> None:
    text = Text(
        parties=THREE,
        term=one_year(lasts="indefinite"),
        exits=(
            Denunciation(article="6", notice=Period(months=1), counted_from="sending", effect="party_leaves"),
        ),
    )
    leaves = event("denunciation_sent", date(2024, 1, 10), party="carsat")
    known = facts(text, [*signed(date(2023, 1, 1)), leaves], date(2024, 6, 1))
    assert (known.state, known.departures) == (State.IN_FORCE, (Departure("carsat", date(2024, 2, 11)),))
    alone = event("denunciation_sent", date(2024, 3, 10), party="hopital")
    known = facts(text, [*signed(date(2023, 1, 1)), leaves, alone], date(2024, 6, 1))
    assert (known.state, known.end_kind, known.ends) == (State.ENDED, EndKind.DENOUNCED, date(2024, 4, 10))


def test_a_party_that_may_not_denounce_is_flagged() -> None:
    text = Text(
        exits=(Denunciation(article="6", notice=Period(days=10), counted_from="sending", by=("ccas",)),),
    )
    events = [*signed(date(2024, 1, 1)), event("denunciation_sent", date(2024, 2, 1), party="cpam")]
    known = facts(text, events, date(2024, 6, 1))
    assert known.state is State.IN_FORCE
    assert any("à qui le texte ne l'ouvre pas" in remark.text for remark in known.warnings)


def test_a_notice_in_working_days_leaves_out_week_ends_and_holidays() -> None:
    text = Text(exits=(Denunciation(article="6", notice=Period(working_days=10), counted_from="sending"),))
    events = [*signed(date(2025, 1, 1)), event("denunciation_sent", date(2025, 5, 7))]
    assert facts(text, events, date(2025, 6, 1)).exits[0].effect == date(2025, 5, 23)
    assert facts(text, events, date(2025, 6, 1), "971").exits[0].effect == date(2025, 5, 23)


def test_a_notice_that_is_not_stated_leaves_the_effect_unknown() -> None:
    text = Text(exits=(Denunciation(article="6", counted_from="sending"),))
    events = [*signed(date(2025, 1, 1)), event("denunciation_sent", date(2025, 5, 7))]
    known = facts(text, events, date(2025, 6, 1))
    assert (known.state, known.exits[0].effect) == (State.IN_FORCE, None)
    assert any("ne donne pas de préavis" in remark.text for remark in known.warnings)


def test_a_denunciation_that_the_text_does_not_provide_opposes_the_renewal() -> None:
    events = [*signed(date(2024, 11, 14)), event("denunciation_sent", date(2025, 9, 1))]
    known = facts(S3, events, date(2025, 11, 14))
    assert (known.state, known.end_kind) == (State.ENDED, EndKind.EXPIRED)
    assert any("vaut opposition" in remark.text for remark in known.warnings)


def test_a_limit_before_the_term_counts_from_the_end_of_a_longer_term() -> None:
    text = Text(
        term=one_year(lasts=Period(months=36)),
        renewal=Renewal(article="2", mode="tacit", period=Period(months=36)),
        exits=(
            AnniversaryDenunciation(
                article="3", before=Period(months=6), before_what="term", limit="at_latest"
            ),
        ),
    )
    known = facts(text, signed(date(2020, 1, 1)), date(2021, 6, 1))
    assert known.exits[0].last_day == date(2022, 7, 1)
    late = facts(
        text, [*signed(date(2020, 1, 1)), event("denunciation_sent", date(2022, 9, 1))], date(2022, 9, 2)
    )
    assert late.exits[0].effect == date(2026, 1, 1)


def test_an_immediate_termination_ends_it_at_once_or_on_the_day_that_it_states() -> None:
    known = facts(S2, [*SIGNED_S2, event("terminated", date(2023, 5, 5))], date(2023, 5, 5))
    assert (known.state, known.end_kind, known.ends) == (State.ENDED, EndKind.TERMINATED, date(2023, 5, 4))
    assert [row.effect for row in known.exits if row.kind == "immediate"] == [date(2023, 5, 5)]
    stated = event("terminated", date(2023, 5, 5), effect=date(2023, 6, 1))
    known = facts(S2, [*SIGNED_S2, stated], date(2023, 5, 20))
    assert (known.state, known.ends) == (State.IN_FORCE, date(2023, 5, 31))


def test_a_termination_on_grounds_without_delay_follows_the_decision() -> None:
    events = [*signed(date(2016, 10, 13)), event("terminated", date(2018, 5, 2))]
    known = facts(S1, events, date(2018, 5, 2))
    assert (known.state, known.end_kind, known.ends) == (State.ENDED, EndKind.TERMINATED, date(2018, 5, 1))


@pytest.mark.parametrize("text", [S0, S3])
def test_a_termination_that_no_clause_carries_is_kept_and_flagged(text: Text) -> None:
    known = facts(text, [*signed(date(2024, 1, 1)), event("terminated", date(2024, 6, 1))], date(2024, 6, 2))
    assert known.state is State.IN_FORCE
    assert any("Résiliation du 01/06/2024" in remark.text for remark in known.warnings)


def test_compliance_of_another_party_does_not_close_the_notice() -> None:
    notice = event("formal_notice_sent", date(2024, 11, 14), party="cpam", addressee="ccas")
    other = event("complied", date(2024, 11, 20), party="carsat")
    known = facts(S3, [*signed(date(2024, 11, 1)), notice, other], date(2024, 12, 5))
    assert known.exits[0].first_day == date(2024, 11, 30)
    late = event("complied", date(2024, 12, 3), party="ccas")
    known = facts(S3, [*signed(date(2024, 11, 1)), notice, late], date(2024, 12, 5))
    assert known.exits[0].first_day is None
    assert any("tardive" in remark.text for remark in known.warnings)


def test_a_formal_notice_without_a_stated_delay_opens_nothing() -> None:
    text = Text(exits=(FormalNotice(article="9", counted_from="sending"),))
    known = facts(
        text, [*signed(date(2024, 11, 1)), event("formal_notice_sent", date(2024, 11, 14))], date(2025, 1, 1)
    )
    assert known.exits[0].first_day is None
    assert any("ne donne pas de délai" in remark.text for remark in known.warnings)


def test_a_successor_ends_it_and_so_does_the_agreement_of_all() -> None:
    replaced = event("superseded", date(2024, 6, 1), effect=date(2024, 7, 1))
    known = facts(S3, [*signed(date(2024, 1, 1)), replaced], date(2024, 7, 1))
    assert (known.end_kind, known.ends) == (EndKind.SUPERSEDED, date(2024, 6, 30))
    agreed = event("ended_by_agreement", date(2024, 6, 1))
    assert facts(S3, [*signed(date(2024, 1, 1)), agreed], date(2024, 6, 1)).end_kind is EndKind.TERMINATED


def test_what_comes_before_the_last_signature_has_no_effect() -> None:
    events = [
        *signed(date(2016, 1, 8)),
        event("denunciation_sent", date(2016, 1, 2)),
        event("superseded", date(2016, 1, 3)),
    ]
    known = facts(S0, events, date(2016, 6, 1))
    assert known.state is State.IN_FORCE
    assert sum("antérieur" in remark.text for remark in known.warnings) >= 2
