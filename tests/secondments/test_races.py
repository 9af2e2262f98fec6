"""Of two at once one wins; each lock and each index taken away is seen, so that the races prove something."""

from collections.abc import Iterable
from datetime import time

import pytest
from django.db import connections

from maillage.core.clock import now, today
from maillage.core.identifiers import uuid7
from maillage.organisations.member import Member
from maillage.secondments import actions
from maillage.secondments.queries import counts, free_slots, known
from maillage.secondments.rules import Weekly
from maillage.secondments.states import State
from maillage.web.presentation.dates import PARIS
from tests.racing import Racer, race, racer, told, without
from tests.referrals.world import OTHER_WORKER, WORKER, member
from tests.secondments.test_one_place import ELSEWHERE, SATURDAY
from tests.secondments.world import OFFICER, Lent, book, booking, lend

BOOKING = (
    "secondments_appointment_kept()",
    "WHERE s.id = NEW.secondment_id FOR UPDATE;",
    "WHERE s.id = NEW.secondment_id;",
)
ONE_SLOT = "DROP INDEX appointment_slot_once"
PROMISING = ("secondments_one_place()", "PERFORM pg_advisory_xact_lock(7301, hashtext(agent::text));", "")


def drop(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
    connections["owner"].close()


def book_one_slot(lent: Lent) -> list[str]:
    """Two workers of the host, one slot. The first booking of a convention makes its keys, one after the other: not this one."""
    book(lent)
    slot = lent.slots()[0]

    def look(worker: Member) -> None:
        assert slot in free_slots(known(worker, lent.secondment, at=now()), at=now())

    def act(worker: Member, _seen: object) -> None:
        actions.book(token=uuid7(), secondment=lent.secondment, booking=booking(slot), by=worker, at=now())

    return told(race(*(racer(address, act, look=look, held=0.5) for address in (WORKER, OTHER_WORKER))))


def booked(lent: Lent) -> int:
    with member(WORKER):
        return counts(lent.secondment)[State.BOOKED]


def test_of_two_who_book_one_slot_one_wins(committed: Lent) -> None:
    assert book_one_slot(committed) == sorted(["done", actions.TAKEN])
    assert booked(committed) == 2


@pytest.mark.parametrize("gone", ["lock", "index"])
def test_the_lock_and_the_index_each_hold_without_the_other(committed: Lent, gone: str) -> None:
    without(*BOOKING) if gone == "lock" else drop(ONE_SLOT)
    assert book_one_slot(committed) == sorted(["done", actions.TAKEN])
    assert booked(committed) == 2


def test_without_both_two_bookings_of_one_slot_pass(committed: Lent) -> None:
    """The race above can fail."""
    without(*BOOKING)
    drop(ONE_SLOT)
    assert book_one_slot(committed) == ["done", "done"]
    assert booked(committed) == 3


def promise_one_hour(lents: Iterable[Lent]) -> list[str]:
    """The same Saturday hour of one agent, at each place."""

    def promising(lent: Lent) -> Racer:
        def act(officer: Member, _seen: object) -> None:
            row = known(officer, lent.secondment, at=now()).row
            weekly = Weekly(SATURDAY, time(9), time(10), 30, today(PARIS))
            actions.add_permanence(new_id=uuid7(), secondment=row, weekly=weekly, by=officer)

        return racer(OFFICER, act, held=0.5)

    return told(race(*map(promising, lents)))


def test_of_two_who_promise_an_agent_at_one_hour_one_wins(committed: Lent) -> None:
    assert promise_one_hour([committed, lend(weekdays=())]) == sorted([ELSEWHERE, "done"])


def test_without_its_lock_both_would(committed: Lent) -> None:
    """The race above can fail."""
    without(*PROMISING)
    assert promise_one_hour([committed, lend(weekdays=())]) == ["done", "done"]
