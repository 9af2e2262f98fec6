"""The daily round: warnings exactly once whatever the worker suffers, renewals with their evidence, ends on time."""

import random
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from maillage.cases.models import Authorisation
from maillage.conventions.lifecycle import sweeping
from maillage.conventions.lifecycle.actions import oppose_renewal, share_evaluation
from maillage.conventions.lifecycle.models import Convention, Event
from maillage.conventions.lifecycle.notifications import tell
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.sweeping import sweep
from maillage.conventions.tasks import WATCHES
from maillage.core.row_security import acting
from maillage.notifications.models import Message
from tests.conventions.people import (
    CARSAT,
    CPAM,
    S2,
    SIGNED,
    body,
    instant,
    member,
    roles_recorded,
    seen,
    signed,
    swept,
    worker_process,
)

PARTIES = ("CPAM 42", "CARSAT RA", "CCAS")


class Killed(BaseException):
    """The worker dies here."""


def warnings_of(convention: UUID) -> Counter[tuple[str, str, str]]:
    """How many warnings each party got, by term and threshold."""
    found: Counter[tuple[str, str, str]] = Counter()
    for name in PARTIES:
        with transaction.atomic(), acting(organisation=body(name).id):
            for once in Message.objects.filter(kind="convention_warning").values_list("once", flat=True):
                _, _, then, threshold, _ = once.split(":")
                found[name, then, threshold] += 1
    return found


def row_of(convention: UUID) -> Convention:
    with transaction.atomic(), acting(organisation=body("cpam").id):
        return Convention.objects.get(pk=convention)


def sweep_among_crashes(days: Iterable[int], monkeypatch: pytest.MonkeyPatch) -> int:
    """Sweep some days after the signature, each up to four times; the worker sleeps or dies by chance. How often it died."""
    chance = random.Random(20241114)  # noqa: S311 - a test's own repeatable chance
    told, died = tell, 0

    def fragile(*arguments: Any, **named: Any) -> None:
        told(*arguments, **named)
        if chance.random() < 0.4:
            raise Killed

    monkeypatch.setattr(sweeping, "tell", fragile)
    with worker_process():
        for number in days:
            if chance.random() < 0.3:
                continue  # the worker sleeps, sometimes for days
            for _ in range(chance.randint(1, 4)):
                try:
                    sweep(SIGNED + timedelta(days=number, hours=chance.randint(0, 12)))
                except Killed:
                    died += 1
                    connection.close()
    return died


def expected_once() -> dict[tuple[str, str, str], int]:
    return {(name, "2025-11-14", threshold): 1 for name in PARTIES for threshold in ("120", "90", "30")}


def test_each_warning_goes_out_once_through_crashes_and_sleep_around_its_day(
    fresh_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = signed()
    days = [365 - threshold + shift for threshold in (120, 90, 30) for shift in range(-2, 4)]
    assert sweep_among_crashes(days, monkeypatch) > 2
    assert warnings_of(new) == expected_once()


@pytest.mark.long
def test_each_warning_goes_out_once_through_a_year_of_crashes_and_sleep(
    fresh_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All its days, those of test_each_warning_goes_out_once_through_crashes_and_sleep_around_its_day among them."""
    new = signed()
    assert sweep_among_crashes(range(1, 400), monkeypatch) > 2
    assert warnings_of(new) == expected_once()


def test_a_worker_asleep_for_the_whole_year_still_sends_each_warning_once(fresh_database: object) -> None:
    new = signed()
    with worker_process():
        assert sweep(instant("2025-12-24")).swept == 1
        assert sweep(instant("2025-12-24", hour=20)).swept == 0
    assert set(warnings_of(new).values()) == {1}
    assert len(warnings_of(new)) == 9


def test_warnings_count_from_the_earliest_reading_and_once_a_term(fresh_database: object) -> None:
    new = signed(S2, instant("2023-02-20"), instant("2023-03-01"))
    expected = [date(2023, 8, 3), date(2023, 9, 2), date(2023, 11, 1)]
    days: dict[str, date] = {}
    with worker_process():
        for number in range(1, 366):
            day = instant("2023-03-01") + timedelta(days=number)
            if number % 14 and not {day.date(), day.date() + timedelta(days=1)} & set(expected):
                continue  # each fortnight, and each expected day after its eve
            with transaction.atomic(), acting(organisation=body("cpam").id):
                sweeping.sweep_one(new, day, WATCHES)
                for once in Message.objects.filter(kind="convention_warning").values_list("once", flat=True):
                    days.setdefault(once, day.date())
    assert sorted(days.values()) == expected


def test_a_tacit_renewal_is_noted_with_its_evidence_and_has_no_known_end(fresh_database: object) -> None:
    new = signed()
    with member(CPAM, instant("2025-10-01")) as referent:
        share_evaluation(
            convention=seen(referent, new), day=date(2025, 9, 30), by=referent, at=instant("2025-10-01")
        )
    days = ("2025-07-16", "2025-08-15", "2025-10-14", "2025-11-13", "2025-11-14", "2025-11-15", "2026-11-14")
    swept(new, *map(instant, days))
    with transaction.atomic(), acting(organisation=body("ccas").id):
        noted = Event.objects.get(convention_id=new, kind="renewed")
        row = Convention.objects.get(pk=new)
        assert load(row).facts(date(2030, 1, 1)).is_in_force
    assert noted.day == date(2025, 11, 14)
    assert noted.detail["warned"] == {key: [120, 90, 30] for key in ("cpam", "carsat", "ccas")}
    assert noted.detail["evaluation"] == "2025-09-30"
    assert noted.detail["oppositions"] == []
    assert (row.state, row.ends_on, row.in_force.upper) == ("in_force", None, None)


def test_an_opposition_ends_the_convention_at_its_term_and_closes_its_flows(fresh_database: object) -> None:
    new = signed()
    roles_recorded(new)
    with member(CARSAT, instant("2025-10-01")) as referent:
        oppose_renewal(
            convention=seen(referent, new), day=date(2025, 9, 30), by=referent, at=instant("2025-10-01")
        )
        flow = Authorisation.objects.filter(convention_id=new)
        assert not flow.exists(), "the CARSAT is on neither side of the flow"
    row = row_of(new)
    assert row.in_force.upper.date() == date(2025, 11, 13), "midnight in Paris, in UTC"
    assert row.in_force.upper.hour == 23
    swept(new, instant("2025-11-14"))
    row = row_of(new)
    assert (row.state, row.end_kind, row.ends_on) == ("ended", "expired", date(2025, 11, 13))
    with transaction.atomic(), acting(organisation=body("ccas").id):
        assert Authorisation.objects.get(convention_id=new).open_during.upper == row.in_force.upper


def test_a_day_begins_where_the_caisse_is(fresh_database: object) -> None:
    new = signed()
    Convention.objects.using("owner").filter(pk=new).update(
        time_zone="Indian/Reunion", swept_on=date(2025, 11, 12)
    )
    swept(new, instant("2025-11-13", hour=19))
    assert row_of(new).swept_on == date(2025, 11, 13)
    swept(new, instant("2025-11-13", hour=20))
    assert row_of(new).swept_on == date(2025, 11, 14)


def test_a_convention_that_fails_does_not_keep_the_others_from_their_dates(
    fresh_database: object, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = signed(), signed()
    real = sweeping.sweep_one

    def failing(convention: UUID, at: datetime, watches: Any) -> None:
        if convention == bad:
            raise ValueError("2 84 02 42 147 000 69")
        real(convention, at, watches)

    monkeypatch.setattr(sweeping, "sweep_one", failing)
    with worker_process():
        done = sweep(instant("2024-11-20"))
    assert (done.swept, done.failed) == (1, 1)
    assert row_of(good).swept_on == date(2024, 11, 20)
    assert str(bad) in caplog.text
    assert "284" not in caplog.text.replace(" ", "").replace(str(bad), "")


def test_late_thresholds_of_a_short_term_are_said_once(fresh_database: object) -> None:
    new = signed()
    Convention.objects.using("owner").filter(pk=new).update(swept_on=date(2025, 10, 1))
    swept(new, instant("2025-10-02"), instant("2025-10-03"))
    assert warnings_of(new) == {(name, "2025-11-14", "90"): 1 for name in PARTIES}


def test_a_zone_that_cannot_be_read_does_not_keep_the_others_from_their_dates(
    fresh_database: object,
) -> None:
    bad, good = signed(), signed()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE conventions_convention DROP CONSTRAINT convention_time_zone_known")
    Convention.objects.using("owner").filter(pk=bad).update(time_zone="Nowhere/Land")
    with worker_process():
        done = sweep(instant("2024-11-20"))
    assert (done.swept, done.failed) == (1, 1)
    assert row_of(good).swept_on == date(2024, 11, 20)
