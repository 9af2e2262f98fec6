"""Of two who want the last place one has it; the lock taken away is seen, so that the race proves something."""

from threading import Barrier, Thread

from django.db import DatabaseError, connection, connections

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.training import queries, registering
from maillage.training.models import Session
from maillage.training.registering import Person
from tests.referrals.world import OTHER_WORKER, WORKER, member
from tests.secondments.test_races import without
from tests.training.world import CARSAT, OFFICER, Taught, planned, register, states, withdraw

PLACING = (
    "training_placed()",
    "WHERE s.id = NEW.session_id FOR UPDATE;",
    "WHERE s.id = NEW.session_id;",
)


def at_once(session: object, people: list[tuple[str, str]]) -> list[str]:
    """Each registers somebody at the same instant, and commits half a second later; what each was told."""
    outcomes, barrier = list[str](), Barrier(len(people))

    def run(address: str, name: str) -> None:
        try:
            with member(address) as someone:
                row = queries.session_of(someone, session)  # type: ignore[arg-type]
                seat = queries.own_seats(someone, row)[0]
                barrier.wait(timeout=20)
                place = registering.register(
                    token=uuid7(), session=row, attendee=None, person=Person(name, "Bénévole"), convention=seat.convention,
                    by=someone, at=now(),
                )  # fmt: skip
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(0.5)")  # not committed yet when the other asks
            outcomes.append(place.state)
        except (Refused, DatabaseError) as refused:
            outcomes.append(type(refused).__name__)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=one) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


PEOPLE = [(WORKER, "Ondine Modèle"), (OTHER_WORKER, "Basile Fictif"), (CARSAT, "Lou Témoin")]


def test_the_last_place_is_one_persons_and_the_others_wait_in_order(committed: Taught) -> None:
    session = planned(committed, capacity=1)
    assert at_once(session, PEOPLE) == ["registered", "waiting", "waiting"]
    with member(OFFICER):
        assert Session.objects.get(id=session).registered == 1
    assert states(session) == ["registered", "waiting", "waiting"]


def test_without_the_lock_a_rank_given_twice_is_refused_and_nobody_waits(committed: Taught) -> None:
    """The race above can fail; capacity still holds, by the constraints."""
    session = planned(committed, capacity=1)
    without(*PLACING)
    assert at_once(session, PEOPLE) == ["Refused", "Refused", "registered"]
    assert states(session) == ["registered"]


def test_a_place_given_back_is_not_given_twice(committed: Taught) -> None:
    session = planned(committed, capacity=1)
    first = register(session, "Zoé Spécimen")
    register(session, "Capucine Témoin")
    withdraw(first)
    assert states(session) == ["withdrawn", "registered"]
