"""PostgreSQL offers the hours that the rules offer, and no others; it lends nobody under a clause that speaks of no appointments."""

import json
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from maillage.core.calendar import DAY
from maillage.core.identifiers import uuid7
from maillage.secondments.rules import Slot, Weekly, slots
from tests.referrals.world import WORKER, member, sign_convention
from tests.secondments.test_database_guards import refused
from tests.secondments.world import OFFICER, Lent, book

PARIS, MIQUELON = ZoneInfo("Europe/Paris"), ZoneInfo("America/Miquelon")
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)
HOUR = st.integers(0, 23 * 12).map(lambda part: time(part // 12, part % 12 * 5))
OFFERS = "SELECT secondments_offers(jsonb_populate_record(NULL::secondments_permanence, %s), %s, %s, %s)"


def offered(weekly: Weekly, zone: ZoneInfo, slot: Slot) -> bool:
    with connections["owner"].cursor() as cursor:
        row = json.dumps(asdict(weekly), default=str)
        cursor.execute(OFFERS, [row, zone.key, slot.starts_at, slot.ends_at])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(databases=["default", "owner"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    day=st.sampled_from([FORWARD, BACK]) | st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    starts=HOUR, length=st.integers(2, 60), minutes=st.integers(2, 24), every=st.integers(1, 4), ahead=st.integers(0, 60),
    last=st.none() | st.integers(0, 60), zone=st.sampled_from([PARIS, MIQUELON]), off=st.integers(-80, 80),
)  # fmt: skip
@example(day=BACK, starts=time(1), length=30, minutes=12, every=1, ahead=0, last=None, zone=PARIS, off=60)
@example(day=FORWARD, starts=time(1), length=30, minutes=6, every=1, ahead=0, last=None, zone=PARIS, off=30)
def test_postgresql_offers_the_hours_that_the_rules_cut(
    *,
    day: date,
    starts: time,
    length: int,
    minutes: int,
    every: int,
    ahead: int,
    last: int | None,
    zone: ZoneInfo,
    off: int,
) -> None:
    """For each slot of a day, for the same moved by some minutes, and for one of another length."""
    finish = datetime.combine(day, starts) + timedelta(minutes=5 * length)
    ends = finish.time() if finish.date() == day else time(23, 59)
    if ends <= starts:
        return
    since = day - ahead * DAY
    until = None if last is None else since + last * DAY
    weekly = Weekly(day.weekday(), starts, ends, 5 * minutes, since, until, every)
    cut = slots(weekly, day, zone)
    for slot in cut:
        assert offered(weekly, zone, slot)
        moved = Slot(slot.starts_at + timedelta(minutes=off), slot.ends_at + timedelta(minutes=off))
        if moved.starts_at.astimezone(zone).date() == day:
            assert offered(weekly, zone, moved) == (moved in cut)
        assert not offered(weekly, zone, Slot(slot.starts_at, slot.ends_at + timedelta(minutes=1)))
    if not cut:
        begins = datetime.combine(day, starts, zone)
        assert not offered(weekly, zone, Slot(begins, begins + timedelta(minutes=5 * minutes)))


MOVES = {  # how far from a slot that is free
    "a quarter of an hour": "starts_at = starts_at + interval '15 minutes', ends_at = ends_at + interval '15 minutes'",
    "before the first": "starts_at = starts_at - interval '10 hours', ends_at = ends_at - interval '10 hours'",
    "a longer one": "ends_at = ends_at + interval '30 minutes'",
}


@pytest.mark.security
@pytest.mark.parametrize("how", MOVES)
def test_hours_that_no_permanence_has_are_refused(lent: Lent, how: str) -> None:
    case = book(lent, slot=lent.slots()[7])
    moved = f"UPDATE secondments_appointment SET {MOVES[how]} WHERE case_id = %s"  # noqa: S608 - the test's own words
    assert "no permanence has these hours" in refused(WORKER, moved, case)


@pytest.mark.security
def test_a_slot_that_a_permanence_has_is_taken(lent: Lent) -> None:
    case = book(lent)
    moved = (
        "UPDATE secondments_appointment SET starts_at = starts_at + interval '7 days', ends_at = ends_at + interval '7 days'"
        " WHERE case_id = %s"
    )
    with member(WORKER), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(moved, [case])
        assert cursor.rowcount == 1


@pytest.mark.security
def test_nobody_is_lent_under_an_authorisation_of_something_else(lent: Lent) -> None:
    other = sign_convention().authorisation()
    statement = (
        "INSERT INTO secondments_secondment (id, authorisation_id, convention_id, caisse_id, host_id, agent_id, place, article,"
        " time_zone, departement, since, set_up_at, set_up_by) SELECT %s, {which}, %s, caisse_id, host_id, agent_id, place, '',"
        " '', '', since, now(), set_up_by FROM secondments_secondment WHERE id = %s"
    )
    named = [uuid7(), other.convention_id, lent.secondment]
    said = refused(OFFICER, statement.format(which=f"'{other.id}'"), *named)
    assert "no appointments under this authorisation" in said
    twin = [uuid7(), lent.convention, lent.secondment]
    with member(OFFICER), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(which="authorisation_id"), twin)
        assert cursor.rowcount == 1, "the control"
