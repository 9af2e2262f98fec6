"""An organisation's own durations: the text first, the most precise then, never before the notice; nothing goes where none is fixed."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.core.calendar import DAY, Period
from maillage.protection.retention.durations import (
    CLOSING,
    KINDS,
    MOST_MONTHS,
    NOTICE,
    Duration,
    case_rule,
    counted_from,
    duration_faults,
    duration_for,
    passed,
    rule_of,
    running,
)
from maillage.protection.retention.rules import Rule, Source
from tests.protection.retention.test_rules import CCAS, HOSPITAL, with_all

CONVENTION, OTHER = UUID(int=1), UUID(int=2)
FIXED = date(2026, 3, 2)
days = st.dates(date(2005, 1, 1), date(2040, 12, 31))
periods = st.one_of(
    st.builds(Period, months=st.integers(0, 240), days=st.integers(0, 400)),
    st.builds(Period, working_days=st.integers(1, 60)),
)


def stated(months: int | None, convention: UUID | None = None, kind: str = "", on: date = FIXED) -> Duration:
    return Duration(
        UUID(int=months or 0), months, "Référentiel des durées, fiche 3", on, convention=convention, kind=kind
    )


def rule(*found: Duration, name: str = CCAS, party: str = "cpam", kind: str = "referral") -> Rule:
    return case_rule(
        library.load(name), party=party, flow="", convention=CONVENTION, kind=kind, found=running(found)
    )


def test_where_none_is_fixed_nothing_goes_and_the_rule_says_so() -> None:
    found = rule()
    assert (found.source, found.duration) == (Source.DEFAULT, None)
    assert "tant qu’il n’en fixe pas, rien ne s’efface" in found.start
    assert passed(found, date(2090, 1, 1)) is None


def test_what_the_organisation_fixed_counts_from_the_closing_and_keeps_what_the_text_left_blank() -> None:
    found = rule(stated(24))
    assert (found.source, found.duration, found.start) == (Source.OWN, Period(months=24), CLOSING)
    assert found.reference == "Référentiel des durées, fiche 3"
    assert found.blank.startswith("Durée de conservation")
    assert found.until(date(2027, 1, 31)) == date(2029, 1, 31)


def test_the_text_wins_over_what_the_organisation_fixed() -> None:
    hospital = rule(stated(1), name=HOSPITAL, party="hospital")
    assert (hospital.source, hospital.duration) == (Source.TERMS, None)
    said = with_all(library.load(CCAS), Period(months=36))
    found = case_rule(
        said, party="cpam", flow="", convention=CONVENTION, kind="referral", found=running([stated(1)])
    )
    assert (found.source, found.duration, found.not_before) == (Source.TERMS, Period(months=36), None)


def test_the_most_precise_counts_the_newest_of_its_scope_and_a_withdrawn_one_counts_no_more() -> None:
    one, kind, all_of_them = stated(12, CONVENTION), stated(24, kind="referral"), stated(36)
    found = running([stated(99), all_of_them, kind, one])
    assert duration_for(found, CONVENTION, "referral") == one
    assert duration_for(found, OTHER, "referral") == kind
    assert duration_for(found, OTHER, "application") == all_of_them
    again = running([all_of_them, kind, one, stated(None, CONVENTION)])
    assert duration_for(again, CONVENTION, "referral") == kind
    assert duration_for(running([all_of_them, stated(None)]), OTHER, "application") is None


def test_nothing_goes_before_the_notice_has_run() -> None:
    found = rule(stated(1))
    last = FIXED + timedelta(days=NOTICE.days)
    assert found.until(date(2010, 1, 1)) == last
    assert passed(found, last) is None
    assert passed(found, last + DAY) == date(2026, 3, 1)


@given(days, periods, st.sampled_from(["42", "974", "57"]))
def test_of_all_facts_up_to_the_one_that_passed_the_data_go_and_of_none_after(
    on: date, length: Period, departement: str
) -> None:
    found = Rule(length, CLOSING, Source.OWN, "x")
    last = passed(found, on, departement)
    assert last is not None
    until, following = found.until(last, departement), found.until(last + DAY, departement)
    assert until is not None
    assert following is not None
    assert until < on <= following


@given(days, st.integers(1, 240), days)
def test_what_passed_agrees_with_until_whatever_the_notice(on: date, months: int, fixed: date) -> None:
    found = rule_of(stated(months, on=fixed))
    last = passed(found, on)
    assert found.not_before is not None
    if last is None:
        assert found.not_before >= on
    else:
        until = found.until(last)
        assert until is not None
        assert max(until, found.not_before) < on


@given(days, days, st.booleans())
def test_a_text_that_counts_from_the_end_of_the_convention_waits_for_it(
    closed: date, ended: date, runs: bool
) -> None:
    at_the_end = Rule(Period(months=6), "la fin de la convention", Source.TERMS, "12")
    at_the_closing = Rule(Period(months=6), "la clôture", Source.TERMS, "12")
    assert counted_from(at_the_end, closed, None if runs else ended) == (None if runs else max(closed, ended))
    assert counted_from(at_the_closing, closed, ended) == closed
    assert counted_from(at_the_closing, None, ended) is None


@given(st.one_of(st.none(), st.integers(-5, MOST_MONTHS + 5)), st.text(max_size=310))
def test_what_is_wrong_stands_at_its_field(months: int | None, reason: str) -> None:
    faults = [
        one for one in duration_faults(months=months, reason=reason, convention=None, kind="referral") if one
    ]
    assert ("months" in {one.field for one in faults}) is not (
        months is not None and 1 <= months <= MOST_MONTHS
    )
    assert ("reason" in {one.field for one in faults}) is not (1 <= len(reason.strip()) <= 300)


@pytest.mark.parametrize(("convention", "kind"), [(CONVENTION, "referral"), (None, "elsewhere")])
def test_a_scope_is_a_convention_or_a_known_kind(convention: UUID | None, kind: str) -> None:
    (fault,) = [
        one for one in duration_faults(months=12, reason="x", convention=convention, kind=kind) if one
    ]
    assert fault.field == "scope"


@given(st.sampled_from([None, CONVENTION]), st.sampled_from(["", *KINDS]))
def test_every_other_scope_is_taken(convention: UUID | None, kind: str) -> None:
    if not (convention and kind):
        assert not any(duration_faults(months=12, reason="x", convention=convention, kind=kind))
