"""Places: one person stays one person, the last place is one person's, who waits moves up, nothing changes once it began."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.training import actions, queries, registering
from maillage.training.models import Attendee, Registration, Session
from maillage.training.registering import Person
from maillage.training.states import Place
from tests.referrals.world import STRANGER, WORKER, member
from tests.training.world import (
    CARSAT,
    OFFICER,
    PLAN,
    SOON,
    Taught,
    planned,
    register,
    states,
    withdraw,
)

R, W, GONE = Place.REGISTERED.value, Place.WAITING.value, Place.WITHDRAWN.value


def test_one_person_in_several_sessions_is_one_person(taught: Taught) -> None:
    first = register(planned(taught), "Ondine Modèle")
    second = register(planned(taught, dedicated=False), attendee=first.attendee_id)
    assert first.attendee_id == second.attendee_id
    with member(WORKER) as worker:
        assert queries.people(worker).count() == 1


def test_somebody_who_looks_like_somebody_known_is_pointed_out_and_not_merged(taught: Taught) -> None:
    session = planned(taught)
    register(session, "Ondine Modèle")
    with pytest.raises(Refused) as error:
        register(session, "MODELE Ondine")
    assert error.value.field == "name"
    assert "Ondine Modèle" in error.value.message
    register(session, "MODELE Ondine", is_another=True)
    with member(WORKER) as worker:
        assert queries.people(worker).count() == 2


def test_nobody_is_registered_twice_and_a_form_sent_twice_registers_once(taught: Taught) -> None:
    session, token = planned(taught), uuid7()
    first = register(session, "Ondine Modèle", token=token)
    assert register(session, "Ondine Modèle", token=token).id == first.id
    with pytest.raises(Refused) as error:
        register(session, attendee=first.attendee_id)
    assert error.value.field == "attendee"


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (Person("", "Bénévole"), "name"),
        (Person("Ondine Modèle", " "), "function"),
        (Person("Ondine Modèle", "Bénévole", "nulle part"), "email"),
        (Person("x" * 121, "Bénévole"), "name"),
    ],
)
def test_who_is_badly_described_is_refused_at_the_field(taught: Taught, person: Person, field: str) -> None:
    session = planned(taught)
    with member(WORKER) as worker:
        row = queries.session_of(worker, session)
        with pytest.raises(Refused) as error:
            registering.register(
                token=uuid7(), session=row, attendee=None, person=person, convention=taught.convention, by=worker, at=now()
            )  # fmt: skip
        assert error.value.field == field


def test_beyond_the_last_place_one_waits_in_order_and_moves_up(taught: Taught) -> None:
    session = planned(taught)
    first = register(session, "Ondine Modèle")
    for name in ("Zoé Spécimen", "Basile Fictif", "Capucine Témoin"):
        register(session, name)
    assert states(session) == [R, R, W, W]
    withdraw(first)
    assert states(session) == [GONE, R, R, W]
    with member(WORKER) as worker:
        assert Session.objects.get(id=session).registered == 2
        message = Message.objects.get(kind="session_place", recipient_id=worker.organisation)
        assert message.path == f"/formations/seances/{session}/"
        moved = Registration.objects.get(session=session, rank=3)
        assert moved.moved_up_at is not None
    withdraw(first)  # twice is once
    assert states(session) == [GONE, R, R, W]


def test_more_places_move_up_whoever_waits(taught: Taught) -> None:
    session = planned(taught)
    for name in ("Ondine Modèle", "Zoé Spécimen", "Basile Fictif", "Capucine Témoin"):
        register(session, name)
    with member(OFFICER) as officer:
        row = queries.session_of(officer, session)
        plan = PLAN.__class__(PLAN.day, PLAN.starts, PLAN.ends, 4, PLAN.trainer, PLAN.place)
        actions.change(session=row, planned=plan, by=officer, at=now())
    assert states(session) == [R, R, R, R]


def test_who_gives_back_a_rank_leaves_the_others_in_theirs(taught: Taught) -> None:
    session = planned(taught, capacity=1)
    register(session, "Ondine Modèle")
    waiting = register(session, "Zoé Spécimen")
    register(session, "Basile Fictif")
    withdraw(waiting)
    assert states(session) == [R, GONE, W]
    register(session, attendee=waiting.attendee_id)  # she comes back last
    assert states(session) == [R, GONE, W, W]


def test_places_change_no_more_once_the_session_began(taught: Taught) -> None:
    session = planned(taught)
    place = register(session, "Ondine Modèle")
    begun = now() + SOON + timedelta(days=1)
    with pytest.raises(Refused, match="closes"):
        register(session, "Zoé Spécimen", at=begun)
    with pytest.raises(Refused, match="a commencé"):
        withdraw(place, at=begun)
    assert states(session) == [R]


def test_a_partner_reads_its_own_people_and_how_many_places_are_left(taught: Taught) -> None:
    session = planned(taught)
    register(session, "Ondine Modèle")
    register(session, "Lou Témoin", by=CARSAT)
    with member(CARSAT) as carsat:
        row = queries.session_of(carsat, session)
        assert row.capacity - row.registered == 0
        assert [one.attendee.name for one in queries.places(carsat, row)] == ["Lou Témoin"]
        assert list(Attendee.objects.values_list("name", flat=True)) == ["Lou Témoin"]
        assert Registration.objects.count() == 1
    with member(OFFICER) as officer:
        assert len(queries.places(officer, queries.session_of(officer, session))) == 2
    with member(STRANGER) as stranger:
        assert not queries.visible_to(stranger).exists()
        assert not Session.objects.exists()
        assert not Registration.objects.exists()
        assert not Attendee.objects.exists()


def test_the_organiser_may_give_a_place_back_and_another_partner_not(taught: Taught) -> None:
    session = planned(taught)
    place = register(session, "Ondine Modèle")
    with member(CARSAT) as carsat, pytest.raises(PermissionDenied):
        registering.withdraw(place=place, by=carsat, at=now())
    withdraw(place, by=OFFICER)
    assert states(session) == [GONE]


def test_the_organiser_registers_its_own_people_under_no_convention(taught: Taught) -> None:
    place = register(planned(taught), "Alix Témoin", by=OFFICER)
    assert place.convention_id is None


def test_a_person_is_said_otherwise_by_her_own_organisation_only(taught: Taught) -> None:
    place = register(planned(taught), "Ondine Modèle")
    with member(WORKER) as worker:
        row = queries.people(worker).get(id=place.attendee_id)
        registering.change_person(attendee=row, person=Person("Ondine Autrement", "Bénévole"), by=worker)
        row.refresh_from_db()
        assert (row.name, row.sort_name) == ("Ondine Autrement", "ondine autrement")
    with member(OFFICER) as officer:
        seen = Attendee.objects.get(id=place.attendee_id)
        with pytest.raises(PermissionDenied):
            registering.change_person(attendee=seen, person=Person("Autre", "Bénévole"), by=officer)


def test_the_convention_is_one_that_binds_both(taught: Taught) -> None:
    session = planned(taught, dedicated=False)
    with member(WORKER) as worker, pytest.raises(Refused) as error:
        registering.register(
            token=uuid7(), session=queries.session_of(worker, session), attendee=None, person=Person("Ondine Modèle", "x"),
            convention=uuid7(), by=worker, at=now(),
        )  # fmt: skip
    assert error.value.field == "convention"
