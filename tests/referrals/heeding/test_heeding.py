"""Late and blocked referrals: noted by the daily round, told once to both sides, counted for each side alone (row D10)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from maillage.audit.models import Entry
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.queries import load, visible_to
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.organisations.member import Member
from maillage.referrals.heeding.models import AlertDays, Crossing
from maillage.referrals.heeding.rules import Kind
from maillage.referrals.tasks import heed_thresholds
from maillage.referrals.thresholds.actions import heed, set_days
from maillage.referrals.thresholds.queries import beyond, settings_of
from tests.days import today
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
