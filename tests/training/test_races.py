"""Of two who want the last place one has it; the lock taken away is seen, so that the race proves something."""

from uuid import UUID

from django.db import DatabaseError

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.training import queries, registering
from maillage.training.models import Session
from maillage.training.registering import Person
from tests.racing import Racer, race, racer, without
from tests.referrals.world import OTHER_WORKER, WORKER, member
from tests.training.world import CARSAT, OFFICER, Taught, planned, register, states, withdraw

PLACING = (
    "training_placed()",
    "WHERE s.id = NEW.session_id FOR UPDATE;",
    "WHERE s.id = NEW.session_id;",
)


def registering_one(session: UUID, address: str, name: str) -> Racer:
    """Somebody registers somebody, and commits half a second later."""

    def look(someone: Member) -> tuple[Session, UUID | None]:
        row = queries.session_of(someone, session)
        return row, queries.own_seats(someone, row)[0].convention

    def act(someone: Member, seen: tuple[Session, UUID | None]) -> str:
        place = registering.register(
            token=uuid7(), session=seen[0], attendee=None, person=Person(name, "Bénévole"), convention=seen[1], by=someone, at=now(),
        )  # fmt: skip
        return place.state

    return racer(address, act, look=look, held=0.5)


def at_once(session: UUID, people: list[tuple[str, str]]) -> list[str]:
    """What each was told who registers somebody at the same instant."""
    results = race(*(registering_one(session, *one) for one in people))
    return sorted(
        type(one).__name__ if isinstance(one, Refused | DatabaseError) else str(one) for one in results
    )


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
