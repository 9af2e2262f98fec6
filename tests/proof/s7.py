"""S7 at full size: two people, one case: one wins, the other is told, and what was done was done once; a form sent twice acts once.

Both look before either acts, in transactions of their own. A course of a referral has as many races for one form sent twice as its
constants say: the courses alone reach the two figures of docs/security.md, the other rooms come on top. Without its lock each race is lost.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from maillage.catalogue.models import Support
from maillage.catalogue.rules import Moved
from maillage.catalogue.stock import note_movement
from maillage.core.clock import now
from maillage.core.database.testing import TestCluster
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.referrals import actions, outcomes, working
from maillage.referrals.models import ContactAttempt, Pause, Referral
from maillage.referrals.queries import referral_of
from maillage.rights import deciding, examining
from maillage.rights.examining import Asking
from maillage.rights.filing import file
from maillage.rights.models import Application, ApplicationEvent, PieceRequest
from maillage.rights.queries import application_of
from maillage.rights.rules import Opened
from maillage.secondments.actions import book
from maillage.training import queries, registering
from maillage.training.registering import Person
from tests.catalogue.world import KEEPER, published
from tests.days import today
from tests.proof.clones import own_clone
from tests.proof.recording import Tally
from tests.racing import Racer, Ring, racer, without
from tests.referrals.world import (
    ADVISER,
    OTHER_WORKER,
    WORKER,
    Signed,
    all_done,
    member,
    sign_convention,
    tried,
    write_draft,
)
from tests.rights.world import PASS, prepare
from tests.rights.world import Signed as SignedPass
from tests.rights.world import sign as sign_pass
from tests.secondments.test_races import BOOKING, ONE_SLOT
from tests.secondments.world import Lent, booking, lend
from tests.training.test_races import PLACING
from tests.training.world import planned, states, teach

UNITS, CASES = 125, 16
PAUSES, CONTACTS = 11, 9
RACES, DOUBLES = 3 + 2 * PAUSES, 1 + CONTACTS
"""Of one course: acknowledged, paused and resumed so many times, accepted, ended; sent and contacted by one form twice."""
APPLICATIONS, SLOTS, COPIES, SEATS = 150, 150, 400, 150
assert UNITS * CASES * RACES >= 50_000
assert UNITS * CASES * DOUBLES >= 20_000
Do = Callable[[Member, Any], object]


@pytest.fixture(scope="module")
def database(cluster: TestCluster, database_template: str, django_db_blocker: Any) -> Iterator[None]:
    """One for all units of a process: each makes cases of its own."""
    with own_clone(cluster, database_template, django_db_blocker, "s7"):
        yield


@pytest.fixture
def spoiled(cluster: TestCluster, database_template: str, django_db_blocker: Any) -> Iterator[None]:
    """One for a unit that takes locks away."""
    with own_clone(cluster, database_template, django_db_blocker, "s7_spoiled"):
        yield


@pytest.fixture(scope="module")
def signed(database: None) -> Signed:
    return sign_convention()


@pytest.fixture
def ring() -> Iterator[Ring]:
    with Ring(2) as both:
        yield both


def one_wins(results: list[object], what: str) -> list[str]:
    """What is wrong where not exactly one did it and the other was told that somebody came before."""
    late = [one for one in results if isinstance(one, TransitionRefused | Refused)]
    done = [one for one in results if not isinstance(one, Exception)]
    return [] if (len(done), len(late)) == (1, len(results) - 1) else [f"{what}: {results!r}"]


def both_done(results: list[object], what: str) -> list[str]:
    """What is wrong where a form sent twice was refused to one of them."""
    return [f"{what}: {results!r}" for one in results if isinstance(one, Exception)][:1]


class Course:
    """One referral from its draft to its end, each step by two at once."""

    def __init__(self, ring: Ring, tally: Tally, signed: Signed, number: int) -> None:
        self._ring, self._tally, self._number = ring, tally, number
        self.case = write_draft(signed)

    def run(self) -> None:
        """All of it; then what stands in the tables."""
        self._twice("send", racer(WORKER, self._send))
        self._race("acknowledge", self._caisse(working.acknowledge), self._caisse(working.acknowledge))
        self._race("accept", self._caisse(working.accept), self._caisse(working.accept))
        for turn in range(PAUSES):
            pause = partial(
                working.pause, reason="awaiting_papers", look_again_on=today() + timedelta(days=30)
            )
            self._race("pause", self._caisse(pause), self._caisse(pause))
            self._race("resume", self._caisse(working.resume), self._caisse(working.resume))
            if turn < CONTACTS:
                self._twice(
                    "contact", self._caisse(partial(working.contact, tried=tried(reached=turn % 2 == 0)))
                )
        self._race("end", *self._ends()[self._number % 3])
        self._tally.violations += self._standing()

    def _ends(self) -> list[tuple[Racer, Racer]]:
        close = self._caisse(self._close)
        withdraw = racer(WORKER, self._withdraw, look=self._look)
        return [(close, close), (close, withdraw), (withdraw, withdraw)]

    def _race(self, what: str, *racers: Racer) -> None:
        self._tally.tried += 1
        self._tally.violations += one_wins(self._ring.race(*racers), f"{what} {self.case}")

    def _twice(self, what: str, form: Racer) -> None:
        self._tally.tried += 1
        self._tally.violations += both_done(self._ring.race(form, form), f"{what} {self.case}")

    def _caisse(self, act: Callable[..., object]) -> Racer:
        def step(adviser: Member, seen: Referral) -> object:
            return act(referral=seen, by=adviser, at=now())

        return racer(ADVISER, step, look=self._look)

    def _look(self, someone: Member) -> Referral:
        return referral_of(someone, self.case)

    def _send(self, worker: Member, _seen: object) -> object:
        return actions.send(draft=self.case, by=worker, at=now())

    def _close(self, *, referral: Referral, by: Member, at: Any) -> None:
        outcomes.close(referral=referral, noted=all_done(self.case), by=by, at=at)

    def _withdraw(self, worker: Member, seen: Referral) -> None:
        working.withdraw(referral=seen, reason="moved", by=worker, at=now())

    def _standing(self) -> list[str]:
        """What was done other than once."""
        expected = {
            "send": 1,
            "acknowledge": 1,
            "accept": 1,
            "pause": PAUSES,
            "resume": PAUSES,
            "contact": CONTACTS,
        }
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT CASE WHEN verb IN ('close', 'withdraw') THEN 'end' ELSE verb END, count(*) FROM audit_entry"
                " WHERE object_type = 'referral' AND object_ref = %s AND verb = ANY(%s) GROUP BY 1",
                [str(self.case), [*expected, "close", "withdraw"]],
            )
            found = dict(cursor.fetchall())
        wrong = [] if found == {**expected, "end": 1} else [f"{self.case} in the journal: {found}"]
        rows = (
            Pause.objects.using("owner").filter(case_id=self.case).count(),
            ContactAttempt.objects.using("owner").filter(case_id=self.case).count(),
            Referral.objects.using("owner").get(case_id=self.case).state in {"closed", "withdrawn"},
        )
        return wrong if rows == (PAUSES, CONTACTS, True) else [*wrong, f"{self.case} in the tables: {rows}"]


@pytest.mark.parametrize("unit", range(UNITS))
def test_each_step_of_a_referral_by_two_at_once(unit: int, signed: Signed, ring: Ring, tally: Tally) -> None:
    for number in range(CASES):
        Course(ring, tally, signed, unit + number).run()
    assert tally.tried == CASES * (RACES + DOUBLES)


def test_without_lock_nor_state_a_referral_is_acknowledged_twice(
    spoiled: None, ring: Ring, tally: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = Course(ring, Tally(), sign_convention(), 0)
    with member(WORKER) as worker:
        actions.send(draft=course.case, by=worker, at=now())
    with connections["owner"].cursor() as cursor:
        for guard in ("kept", "state_jumps"):
            cursor.execute(f"ALTER TABLE referrals_referral DISABLE TRIGGER {guard}")
    connections["owner"].close()

    def anywhere(row: Referral, _table: object, _verb: str, **changes: object) -> None:
        Referral.objects.filter(case_id=row.case_id).update(state="acknowledged", **changes)

    monkeypatch.setattr(working, "move", anywhere)
    acknowledge = course._caisse(working.acknowledge)
    assert one_wins(ring.race(acknowledge, acknowledge), "acknowledge"), (
        "a race that no lock protects was not seen"
    )
    tally.controls = 1


@pytest.fixture(scope="module")
def hospital(database: None) -> SignedPass:
    return sign_pass()


def _on(case: UUID, act: Callable[..., object], **said: Any) -> Racer:
    def step(adviser: Member, seen: Application) -> object:
        return act(application=seen, by=adviser, at=now(), **said)

    return racer(ADVISER, step, look=lambda adviser: application_of(adviser, case))


@pytest.mark.parametrize("unit", range(2))
def test_each_step_of_an_application_by_two_at_once(
    unit: int, hospital: SignedPass, ring: Ring, tally: Tally
) -> None:
    for number in range(APPLICATIONS // 2):
        _application(hospital, ring, tally, granted_first=(unit + number) % 2 == 0)


def _application(hospital: SignedPass, ring: Ring, tally: Tally, *, granted_first: bool) -> None:
    made = prepare(hospital)

    def send(worker: Member, _seen: object) -> UUID:
        return file(preparation=made, by=worker, at=now())

    tally.violations += both_done(ring.race(racer(PASS, send), racer(PASS, send)), f"file {made}")
    receive = _on(made, examining.receive, on=today(), is_complete=False)
    tally.violations += one_wins(ring.race(receive, receive), f"receive {made}")
    asking = [_on(made, examining.ask, asking=Asking(uuid7(), ("identity",))) for _ in range(2)]
    tally.violations += one_wins(ring.race(*asking), f"ask {made}")
    grant = _on(made, deciding.grant, opened=Opened("ame", today()), on=today(), words="")
    refuse = _on(made, deciding.refuse, reason="resources", on=today(), words="")
    deciders = (grant, refuse) if granted_first else (refuse, grant)
    tally.violations += one_wins(ring.race(*deciders), f"decide {made}")
    tally.tried += 4
    events = ApplicationEvent.objects.using("owner").filter(case_id=made)
    found = [
        events.filter(kind__in=kinds).count() for kinds in (["sent"], ["received"], ["granted", "refused"])
    ]
    found.append(PieceRequest.objects.using("owner").filter(case_id=made).count())
    if found != [1, 1, 1, 1]:
        tally.violations.append(f"{made} in the tables: {found}")


def _booking(lent: Lent, free: list[Any]) -> list[Racer]:
    slot = free.pop(0)

    def act(worker: Member, _seen: object) -> UUID:
        return book(token=uuid7(), secondment=lent.secondment, booking=booking(slot), by=worker, at=now())

    return [racer(address, act) for address in (WORKER, OTHER_WORKER)]


def test_one_slot_by_two_at_once(database: None, ring: Ring, tally: Tally) -> None:
    lent = lend()
    free = lent.slots()
    for _ in range(SLOTS):
        free = free or lent.slots()
        tally.violations += one_wins(ring.race(*_booking(lent, free)), "book")
        tally.tried += 1


def test_without_lock_nor_index_a_slot_is_booked_twice(spoiled: None, ring: Ring, tally: Tally) -> None:
    lent = lend()
    free = lent.slots()
    assert not one_wins(
        ring.race(*_booking(lent, free)), "book"
    )  # it makes the convention's keys, one after the other
    without(*BOOKING)
    with connections["owner"].cursor() as cursor:
        cursor.execute(ONE_SLOT)
    connections["owner"].close()
    assert one_wins(ring.race(*_booking(lent, free)), "book"), "a race that no lock protects was not seen"
    tally.controls = 1


def test_the_last_copies_by_two_at_once(database: None, ring: Ring, tally: Tally) -> None:
    support, _ = published()

    def moved(kind: str, quantity: int) -> Do:
        def act(keeper: Member, _seen: object) -> object:
            row = Support.objects.get(id=support)
            return note_movement(
                new_id=uuid7(), support=row, moved=Moved(kind, quantity, today()), by=keeper, at=now()
            )

        return act

    give = racer(KEEPER, moved("sent", 3))
    with member(KEEPER) as keeper:
        moved("received", 4)(keeper, None)
    for _ in range(COPIES):
        tally.violations += one_wins(ring.race(give, give), "hand out")
        tally.tried += 1
        with member(KEEPER) as keeper:
            moved("received", 3)(keeper, None)


def test_the_last_seat_by_two_at_once(database: None, ring: Ring, tally: Tally) -> None:
    taught = teach()
    for _ in range(SEATS):
        session = planned(taught, capacity=1)
        results = ring.race(*_seats(session))
        tally.tried += 1
        if (found := states(session)) != ["registered", "waiting"]:
            tally.violations.append(f"seats of {session}: {found} {results!r}")


def _seats(session: UUID, held: float = 0.0) -> list[Racer]:
    def look(someone: Member) -> Any:
        return queries.session_of(someone, session)

    def act(someone: Member, seen: Any) -> object:
        convention = queries.own_seats(someone, seen)[0].convention
        person = Person("Ondine Modèle", "Bénévole", is_another=True)
        return registering.register(
            token=uuid7(), session=seen, attendee=None, person=person, convention=convention, by=someone, at=now()
        )  # fmt: skip

    return [racer(address, act, look=look, held=held) for address in (WORKER, OTHER_WORKER)]


def test_without_its_lock_nobody_waits_for_a_seat(spoiled: None, ring: Ring, tally: Tally) -> None:
    session = planned(teach(), capacity=1)
    without(*PLACING)
    ring.race(*_seats(session, held=0.3))
    assert states(session) != ["registered", "waiting"], "a race that no lock protects was not seen"
    tally.controls = 1
