"""What may be said of a sheet, when something is awaited, what is late; the steps of a study."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.calendar import Period, add
from maillage.steering.sheets.rules import (
    BEFORE,
    STEPS,
    Entry,
    Kind,
    Pace,
    Said,
    Standing,
    Step,
    due,
    faults,
    follows,
    next_delivery,
    standing,
)

ON = date(2026, 3, 2)
PARTIES = ("cpam", "cnsa")
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
PERIODIC = (Pace.WEEKLY, Pace.MONTHLY, Pace.QUARTERLY, Pace.HALF_YEARLY, Pace.YEARLY)
EXCHANGE = {"supplier": "cpam", "pace": "monthly", "legal_basis": "CASF L. 14-10-1"}
WHOLE = {
    Kind.SHEET: Said("Parcours", detail={"lead_cpam": "Direction des soins"}),
    Kind.MILESTONE: Said("Note de cadrage", Step.PLANNED, ON),
    Kind.EXCHANGE: Said("Dépenses des EHPAD", Step.RUNNING, ON, detail=EXCHANGE),
    Kind.DELIVERY: Said("Février", day=ON),
    Kind.RISK: Said("Retard du système", Step.OPEN, detail={"gravity": "high"}),
    Kind.NOTE: Said("Rien à signaler", day=ON),
    Kind.STUDY: Said("Parcours des résidents", Step.ASKED, ON),
}


def entry(kind: Kind, said: Said) -> Entry:
    new = uuid4()
    return Entry(new, new, kind, said, "cpam", datetime(2026, 1, 1, tzinfo=UTC))


def fields(kind: Kind, said: Said) -> set[str | None]:
    return {fault.field for fault in faults(kind, said, PARTIES, ON)}


@pytest.mark.parametrize("kind", Kind)
def test_a_whole_entry_of_each_kind_has_no_fault(kind: Kind) -> None:
    assert faults(kind, WHOLE[kind], PARTIES, ON) == []


@pytest.mark.parametrize("kind", Kind)
def test_an_entry_without_words_is_refused_at_its_text(kind: Kind) -> None:
    said = WHOLE[kind]
    assert "text" in fields(kind, Said(" ", said.step, said.day, said.done_on, said.detail))


@pytest.mark.parametrize(
    ("kind", "said", "field"),
    [
        (Kind.MILESTONE, Said("x", Step.DONE), "done_on"),
        (Kind.MILESTONE, Said("x", Step.PLANNED, done_on=ON), "done_on"),
        (Kind.MILESTONE, Said("x", Step.DONE, done_on=date(2026, 3, 3)), "done_on"),
        (Kind.MILESTONE, Said("x", Step.OPEN), None),
        (Kind.MILESTONE, Said("x" * 1001, Step.PLANNED), "text"),
        (Kind.EXCHANGE, Said("x", Step.RUNNING, ON, detail=EXCHANGE | {"pace": "often"}), "pace"),
        (Kind.EXCHANGE, Said("x", Step.RUNNING, ON, detail=EXCHANGE | {"supplier": "caf"}), "supplier"),
        (Kind.EXCHANGE, Said("x", Step.RUNNING, ON, detail=EXCHANGE | {"legal_basis": " "}), "legal_basis"),
        (Kind.EXCHANGE, Said("x", Step.RUNNING, None, detail=EXCHANGE), "day"),
        (Kind.RISK, Said("x", Step.OPEN), "gravity"),
        (Kind.NOTE, Said("x"), "day"),
        (Kind.NOTE, Said("x", day=date(2026, 3, 3)), "day"),
        (Kind.SHEET, Said("x", detail={"lead_caf": "Direction"}), None),
        (Kind.STUDY, Said("x", Step.AGREED, ON), "reference"),
        (Kind.STUDY, Said("x", Step.DELIVERED, ON, detail={"delivered": "Tableaux"}), "aggregates"),
        (Kind.STUDY, Said("x", Step.CONCLUDED, ON), "result"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(kind: Kind, said: Said, field: str | None) -> None:
    assert field in fields(kind, said)


def test_an_exchange_on_demand_expects_no_first_day() -> None:
    assert fields(Kind.EXCHANGE, Said("x", Step.RUNNING, detail=EXCHANGE | {"pace": "on_demand"})) == set()


def test_a_study_goes_step_by_step_and_no_other_way() -> None:
    steps = STEPS[Kind.STUDY]
    allowed = {(before, after) for before in steps for after in steps if follows(before, after, Kind.STUDY)}
    assert allowed == {(before, after) for after, before in BEFORE.items()}


def test_what_is_no_study_is_corrected_in_any_way() -> None:
    assert all(follows(a, b, Kind.MILESTONE) for a in STEPS[Kind.MILESTONE] for b in STEPS[Kind.MILESTONE])


@given(st.sampled_from(PERIODIC), DAYS, DAYS)
def test_the_next_delivery_follows_the_last_one_by_one_span(pace: Pace, first: date, last: date) -> None:
    found = next_delivery(first, pace, last)
    assert found is not None
    assert found > last
    assert next_delivery(first, pace, None) == first


def test_a_delivery_made_once_or_on_demand_is_awaited_no_more() -> None:
    assert next_delivery(ON, Pace.ONCE, None) == ON
    assert next_delivery(ON, Pace.ONCE, ON) is None
    assert next_delivery(ON, Pace.ON_DEMAND, None) is None


def test_a_month_keeps_its_day_or_takes_its_last() -> None:
    assert next_delivery(None, Pace.MONTHLY, date(2026, 1, 31)) == date(2026, 2, 28)


@pytest.mark.parametrize("step", STEPS[Kind.MILESTONE])
def test_a_milestone_is_awaited_until_it_is_done_or_dropped(step: Step) -> None:
    said = Said("x", step, ON, ON if step is Step.DONE else None)
    assert due(entry(Kind.MILESTONE, said)) == (ON if step in {Step.PLANNED, Step.STARTED} else None)


def test_an_exchange_that_stopped_is_late_no_more() -> None:
    running, stopped = (Said("x", step, ON, detail=EXCHANGE) for step in STEPS[Kind.EXCHANGE])
    assert due(entry(Kind.EXCHANGE, running), ON) == add(ON, Period(months=1))
    assert due(entry(Kind.EXCHANGE, stopped), ON) is None


@pytest.mark.parametrize("kind", [Kind.RISK, Kind.NOTE, Kind.STUDY, Kind.SHEET, Kind.DELIVERY])
def test_nothing_else_is_awaited(kind: Kind) -> None:
    assert due(entry(kind, WHOLE[kind])) is None


@given(DAYS, DAYS)
def test_what_went_by_is_late_and_nothing_else_is(awaited: date, on: date) -> None:
    assert (standing(awaited, on) is Standing.LATE) == (awaited < on)
    assert standing(None, on) is None


def test_thirty_days_ahead_is_near() -> None:
    assert standing(date(2026, 4, 1), ON) is Standing.SOON
    assert standing(date(2026, 4, 2), ON) is Standing.AHEAD
