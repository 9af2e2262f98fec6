"""No fact of the life of a convention comes before it, and none rewrites a renewal that is on record."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions.lifecycle.chronology import (
    FROM_PROPOSAL,
    FROM_SIGNATURE,
    too_early,
    why_no_renewal,
)
from maillage.conventions.lifecycle.events import Event
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.rules import facts
from maillage.conventions.lifecycle.states import State
from maillage.conventions.terms.duration import Renewal
from maillage.core.calendar import DAY, Period
from tests.conventions.lifecycle.test_properties import DAYS, HISTORIES, SLOW, TEXTS
from tests.conventions.lifecycle.texts import S0, S2, S3, Text, event, signed

SIGNED = date(2016, 1, 8)
ON = date(2026, 11, 25)
KEYS = [party.key for party in S0.parties]
S0_EVENTS = [event("proposed", date(2015, 12, 29)), *signed(SIGNED), event("renewed", date(2017, 1, 8))]


@pytest.mark.parametrize("kind", sorted(FROM_SIGNATURE))
def test_what_binds_only_a_signed_convention_is_not_older_than_its_signature(kind: RecordedKind) -> None:
    assert "08/01/2016" in too_early(kind, SIGNED - DAY, KEYS, S0_EVENTS, ON)
    assert too_early(kind, SIGNED, KEYS, S0_EVENTS, ON) == ""


@pytest.mark.parametrize("kind", sorted(FROM_PROPOSAL))
def test_what_is_settled_while_signing_is_not_older_than_the_text(kind: RecordedKind) -> None:
    assert "29/12/2015" in too_early(kind, date(2015, 12, 28), KEYS, S0_EVENTS, ON)
    assert too_early(kind, date(2015, 12, 29), KEYS, S0_EVENTS, ON) == ""


def test_a_report_on_the_convention_before_may_be_older_than_this_one() -> None:
    assert too_early(RecordedKind.PREDECESSOR_REPORT, date(2010, 1, 1), KEYS, S0_EVENTS, ON) == ""


def test_an_opposition_older_than_the_signature_ends_nothing_and_is_flagged() -> None:
    events = [*S0_EVENTS, event("renewal_opposed", date(2010, 1, 1))]
    assert [(one.state, one.ends) for one in facts(S0, events, ON).each()] == [
        (one.state, one.ends) for one in facts(S0, S0_EVENTS, ON).each()
    ]
    assert any("antérieure à la signature" in remark.text for remark in facts(S0, events, ON).warnings)


def test_an_opposition_to_a_renewal_on_record_is_flagged_and_does_not_undo_it() -> None:
    events = [*S0_EVENTS, event("renewal_opposed", date(2016, 6, 1))]
    known = facts(S0, events, date(2017, 6, 1))
    assert (known.state, known.ends) == (State.IN_FORCE, date(2018, 1, 7))
    assert any("renouvellement du 08/01/2017 est constaté" in remark.text for remark in known.warnings)
    not_on_record = [one for one in events if one.kind != "renewed"]
    assert facts(S0, not_on_record, date(2017, 6, 1)).state is State.ENDED


@SLOW
@given(TEXTS, HISTORIES, DAYS, st.lists(st.timedeltas(timedelta(1), timedelta(4000)), min_size=1, max_size=3))
def test_oppositions_older_than_the_signature_never_change_the_dates(
    text: Text, events: list[Event], on: date, before: list[timedelta]
) -> None:
    bound = date(2018, 1, 1)
    early = [event("renewal_opposed", bound - gap) for gap in before]
    told, untold = facts(text, [*events, *early], on), facts(text, events, on)
    assert [(one.state, one.ends, one.out_from) for one in told.each()] == [
        (one.state, one.ends, one.out_from) for one in untold.each()
    ]


def test_a_notice_older_than_the_signature_is_flagged() -> None:
    events = [*signed(date(2024, 11, 14)), event("formal_notice_sent", date(2020, 1, 1))]
    known = facts(S3, events, date(2025, 1, 1))
    assert known.exits[0].first_day is None
    assert any("Mise en demeure du 01/01/2020 antérieure" in remark.text for remark in known.warnings)


def test_an_end_before_a_renewal_on_record_is_flagged_as_a_contradiction() -> None:
    events = [*S0_EVENTS, event("ended_by_agreement", date(2016, 12, 1))]
    warnings = facts(S0, events, ON).warnings
    assert any("ces deux faits se contredisent" in remark.text for remark in warnings)


def test_a_renewal_begins_on_the_day_after_a_term() -> None:
    events = signed(date(2024, 11, 14))
    assert why_no_renewal(S3, events, ON, date(2025, 11, 14)) == ""
    assert "14/11/2025" in why_no_renewal(S3, events, ON, date(2026, 3, 3))
    assert "aucun terme" in why_no_renewal(S3, events, date(2025, 3, 3), date(2025, 3, 3))


def test_a_renewal_recorded_inside_a_term_is_flagged() -> None:
    events = [
        *signed(date(2024, 11, 14)),
        event("renewed", date(2025, 11, 14)),
        event("renewed", date(2026, 3, 3)),
    ]
    assert [
        remark.text for remark in facts(S3, events, ON).warnings if "ne suit aucun terme" in remark.text
    ] == ["Renouvellement constaté le 03/03/2026 : il ne suit aucun terme, sans effet."]


@pytest.mark.parametrize("kind", ["ended_by_agreement", "renewal_opposed"])
def test_a_convention_that_has_ended_is_not_renewed(kind: str) -> None:
    events = [*signed(date(2024, 11, 14)), event(kind, date(2025, 6, 1))]
    assert why_no_renewal(S3, events, ON, date(2025, 11, 14)) != ""


def test_an_express_renewal_is_decided_before_the_end_of_the_term() -> None:
    text = Text(renewal=Renewal(article="2", mode="express", period=Period(months=12)))
    events = signed(date(2024, 1, 1))
    assert why_no_renewal(text, events, date(2025, 2, 1), date(2024, 12, 31)) == ""
    assert "31/12/2024" in why_no_renewal(text, events, date(2025, 2, 1), date(2025, 1, 1))
    assert "ne prévoit pas" in why_no_renewal(Text(), events, ON, date(2024, 12, 1))


def test_each_reading_gives_its_days_of_renewal() -> None:
    assert why_no_renewal(S0, S0_EVENTS, ON, date(2026, 1, 8)) == ""
    assert why_no_renewal(S2, signed(date(2025, 3, 1)), ON, date(2026, 3, 1)) == ""
