"""Late and blocked referrals: noted by the daily round, told once to both sides, counted for each side alone (row D10)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections, transaction

from maillage.audit.models import Entry
from maillage.cases.actions import Delay, keep_delay
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.queries import load, visible_to
from maillage.core.calendar import Period
from maillage.core.clock import now
from maillage.core.holidays import public_holidays
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.organisations.member import Member
from maillage.referrals.heeding.late import late_threshold
from maillage.referrals.heeding.models import AlertDays, Crossing
from maillage.referrals.heeding.rules import DEFAULTS, Kind, Source, reached_on
from maillage.referrals.lists.around import around
from maillage.referrals.queries import visible_to as visible_to_member
from maillage.referrals.queries import waiting
from maillage.referrals.tasks import heed_thresholds
from maillage.referrals.thresholds.actions import heed, set_days
from maillage.referrals.thresholds.queries import beyond, settings_of
from tests.days import PARIS, today
from tests.referrals.test_expiring import as_the_worker, page
from tests.referrals.world import (
    ADVISER,
    AGREEMENT,
    READER,
    STRANGER,
    WORKER,
    Signed,
    member,
    send_referral,
    work,
)

pytestmark = pytest.mark.security


def loaded(signed: Signed, someone: Member) -> LoadedConvention:
    return load(visible_to(someone).get(id=signed.id))


def numbers(signed: Signed, address: str) -> list[int]:
    with member(address) as someone:
        return [one.referrals for one in beyond(loaded(signed, someone), someone, on=today())]


def told(kind: str) -> int:
    """How many messages the two sides got."""
    total = 0
    for address in (WORKER, ADVISER):
        with member(address) as someone:
            messages = Message.objects.filter(kind=kind, recipient_id=someone.organisation, referent_id=None)
            assert {one.path.count("conventions") for one in messages} <= {1}
            total += len(messages)
    return total


def at(days: int) -> datetime:
    return now() + timedelta(days=days)


def test_what_is_late_or_blocked_is_told_once_and_counted_for_each_side(committed: Signed) -> None:
    late, taken = send_referral(committed), send_referral(committed)
    work(taken, "acknowledge", "accept")
    with as_the_worker():
        assert [heed(at=at(days)) for days in (6, 7, 7, 8)] == [0, 1, 0, 0]
        heed_thresholds(0)  # the job, today: nothing is late yet
        assert [heed(at=at(days)) for days in (29, 30, 31)] == [0, 1, 0]
    assert (told("referrals_late"), told("referrals_blocked")) == (2, 2)
    assert numbers(committed, WORKER) == numbers(committed, ADVISER) == [1, 1]
    assert numbers(committed, "social@carsat.example.org") == [0, 0]
    home = page(READER, "/")
    for words in (
        "1 orientation sans accusé de réception à temps : ",
        "1 orientation sans étape depuis longtemps",
    ):
        assert words in home
        assert words not in page(ADVISER, "/")
    with member(ADVISER) as adviser:
        entries = Entry.objects.filter(verb="threshold_crossed", organisation_id=adviser.organisation)
        assert sorted(entries.values_list("reason", "object_ref", "user_id")) == [
            ("1 sans accusé de réception à temps", str(committed.id), ""),
            ("1 sans étape depuis longtemps", str(committed.id), ""),
        ]
    work(late, "acknowledge")
    work(taken, "contact")
    assert numbers(committed, WORKER) == [0, 1]  # acknowledged: no longer late, before the next round
    with as_the_worker():
        # The other one's last step is of the same day still: its former note goes on, told already.
        assert [heed(at=at(days)) for days in (1, 31, 31)] == [0, 1, 0]
    assert numbers(committed, WORKER) == [0, 2]
    assert told("referrals_blocked") == 4


def test_a_sender_from_whom_the_progress_is_withheld_learns_nothing_of_a_blocked_one(
    committed: Signed,
) -> None:
    case = send_referral(committed, agreement=replace(AGREEMENT, progress="received"))
    work(case, "acknowledge", "accept")
    with as_the_worker():
        assert heed(at=at(31)) == 1
    assert told("referrals_blocked") == 1
    assert numbers(committed, ADVISER) == [0, 1]
    assert numbers(committed, WORKER) == [0, 0]
    with member(ADVISER):
        assert Crossing.objects.count() == 1
    with member(WORKER):
        assert Crossing.objects.count() == 0


def test_a_pause_is_not_blocked_before_the_day_on_which_it_is_looked_at_again(committed: Signed) -> None:
    case = send_referral(committed)
    work(case, "acknowledge", "accept", "pause")  # to look at again in 30 days
    with as_the_worker():
        assert [heed(at=at(days)) for days in (45, 59, 60)] == [0, 0, 1]
    with member(ADVISER):
        row = Crossing.objects.get()
        assert (row.kind, row.step_on) == ("blocked", today() + timedelta(days=30))


def test_the_referents_of_a_party_set_the_days_and_it_is_journalled(committed: Signed) -> None:
    with member(READER) as referent:
        known = loaded(committed, referent)
        assert set_days(known=known, late=3, blocked=20, by=referent, at=now())
        assert not set_days(known=known, late=3, blocked=20, by=referent, at=now())
        with pytest.raises(Refused) as refused:
            set_days(known=known, late=0, blocked=400, by=referent, at=now())
        assert [fault.field for fault in refused.value.faults] == ["late", "blocked"]
        (setting,) = settings_of(known)
        assert (setting.agreed.days(Kind.LATE), setting.by) == (3, "CPAM 42")
        assert Entry.objects.filter(verb="set_thresholds", object_ref=str(committed.id)).count() == 1
    for address in (ADVISER, WORKER):
        with member(address) as someone, pytest.raises(PermissionDenied):
            set_days(known=loaded(committed, someone), late=3, blocked=20, by=someone, at=now())
    send_referral(committed)
    with as_the_worker():
        assert [heed(at=at(days)) for days in (2, 3)] == [0, 1]


def test_no_page_notes_a_crossing_and_nobody_reads_anothers(signed: Signed) -> None:
    case = send_referral(signed)
    for statement in (
        "SELECT * FROM referrals_to_heed()",
        "SELECT * FROM referrals_note_crossings(%(id)s, %(id)s, 'late', '2099-01-01', '2099-01-02')",
        "SELECT referrals_last_step(%(id)s, 'Europe/Paris')",
        "UPDATE referrals_crossing SET ended_on = '2026-01-02' WHERE case_id = %(id)s",
    ):
        with (
            member(ADVISER),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, {"id": case})
    with member(STRANGER), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        AlertDays.objects.create(
            convention_id=signed.id, organisation_id=uuid7(), late_days=1, blocked_days=1, set_at=now(), set_by=uuid7()
        )  # fmt: skip


def late_days(address: str, zone: tzinfo = PARIS) -> list[int]:
    """After how many days each open referral of somebody's is late, in her list; days of UTC while its convention says no delay."""
    with member(address) as someone:
        rows = visible_to_member(someone).order_by("since", "id")
        return [(row.late_on - row.since.astimezone(zone).date()).days for row in rows if row.late_on]


def test_lists_are_late_by_the_delay_of_the_convention_as_soon_as_it_is_set(committed: Signed) -> None:
    send_referral(committed)
    assert late_days(ADVISER, UTC) == late_days(WORKER, UTC) == [DEFAULTS[Kind.LATE]]
    with member(READER) as referent:
        assert set_days(known=loaded(committed, referent), late=3, blocked=20, by=referent, at=now())
    send_referral(committed)
    assert late_days(ADVISER) == late_days(WORKER) == [3, 3]
    with member(ADVISER) as adviser:
        beside = around(adviser, on=today())
        assert [(one, found.period.days, found.source) for one, _, found in beside.agreed] == [
            (committed.id, 3, Source.REFERENTS)
        ]
        assert [late_threshold(part.delay).period.days for part in waiting(adviser, on=today(), limit=5)] == [
            3,
            3,
        ]
    assert "en retard au bout de 3 jours (seuil fixé par les référents le" in page(ADVISER, "/")
    shown = page(WORKER, "/orientations/")
    assert "au bout de 7 jours (repère de la plateforme" in shown
    assert "au bout de 3 jours (seuil fixé par les référents le" in shown
    shown = page(WORKER, f"/orientations/?convention={committed.id}")
    assert "au bout de 7 jours" not in shown


def test_the_text_s_delay_reaches_the_lists_with_the_daily_round_and_what_slipped_by_is_put_right(
    committed: Signed,
) -> None:
    send_referral(committed)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE cases_participation SET late_on = '2030-01-01' WHERE convention_id = %s", [committed.id]
        )
    with as_the_worker():
        heed(at=now())
    assert late_days(ADVISER) == [DEFAULTS[Kind.LATE]]
    with member(READER) as referent:
        known = loaded(committed, referent)
        text = Delay(Period(working_days=5), "text", "4")
        assert [keep_delay(convention=known.id, delay=text) for _ in range(2)] == [True, False]
    assert late_days(ADVISER) == [reached_without_holidays(5).days]


def reached_without_holidays(number: int) -> timedelta:
    day = today()
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < 5
    return day - today()


def test_a_day_in_the_database_is_the_day_of_the_rule(committed: Signed) -> None:
    """Months, days and working days around every holiday of a year, as `reached_on` counts them."""
    periods = [Period(days=7), Period(months=1), Period(months=1, days=3), Period(working_days=10)]
    days_off = [day for year in (2026, 2027) for day in public_holidays("42", year)]
    step = date(2026, 1, 1)
    starts = [step + timedelta(days=number) for number in range(365)]
    for period in periods:
        with member(READER):
            keep_delay(convention=committed.id, delay=Delay(period, "text", "4", days_off=days_off))
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT array_agg(cases_late_on(%s, (day + time '12:00') AT TIME ZONE 'UTC') ORDER BY day) FROM unnest(%s) day",
                [committed.id, starts],
            )
            (found,) = cursor.fetchone()
        assert found == [reached_on(start, period, "42") for start in starts], period
