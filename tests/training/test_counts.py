"""Counts of a convention: the statement equals the pure arithmetic over what was signed, whoever of the parties asks."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from psycopg.errors import InsufficientPrivilege
from pytest_django import DjangoAssertNumQueries

from maillage.core.clock import now
from maillage.indicators.counting import amounts
from maillage.indicators.figures import Year
from maillage.training import queries
from maillage.training.models import Presence
from maillage.training.rules import THEMES, Attended, Count, Theme, TrainingCounts, count_all
from tests.days import PARIS, today
from tests.referrals.world import STRANGER, WORKER, member
from tests.training.test_signing_off import coming
from tests.training.world import CARSAT, MODULE, OFFICER, SOON, Taught, add_module, counted, held, sign

YEAR = (today() - timedelta(days=365), today() + timedelta(days=1))


def oracle(taught: Taught, publics: int = 0) -> TrainingCounts:
    """The same, from the lines that the organiser reads, one by one."""
    with member(OFFICER):
        rows = Presence.objects.filter(convention=taught.convention).select_related(
            "sign_off__session__module"
        )
        last: dict[UUID, int] = {}
        for one in rows:
            session = one.sign_off.session_id
            last[session] = max(last.get(session, 0), one.sign_off.number)
        attended = [
            Attended(
                one.attendee_id,
                one.partner_id,
                one.sign_off.session_id,
                THEMES[one.sign_off.session.module.theme],
                one.sign_off.session.dedicated_to_id is not None,
            )
            for one in rows
            if one.outcome != "absent" and one.sign_off.number == last[one.sign_off.session_id]
        ]
    return count_all(attended, publics)


def taught_year(taught: Taught) -> None:
    """Three people over four sessions, one of them at three, on two themes, dedicated or not, one corrected."""
    known: dict[str, UUID] = {}
    with member(OFFICER) as officer:
        online = add_module(
            officer, MODULE.__class__("online_services", "Le compte", "Ameli.", ("staff", "public"))
        )
    held(taught, [("Ondine Modèle", True), ("Zoé Spécimen", True)], known=known)
    held(taught, [("Ondine Modèle", True), ("Basile Fictif", False)], known=known, dedicated=False)
    held(
        taught,
        [("Ondine Modèle", True)],
        known=known,
        module=online,
        publics=7,
        newcomers=coming("Lou Venue"),
    )
    last = held(taught, [("Zoé Spécimen", False)], known=known, dedicated=False, module=online)
    with member(OFFICER) as officer:
        places = queries.places(officer, queries.session_of(officer, last))
    sign(last, {one.id: True for one in places}, reason="Elle était là.")


def test_the_statement_equals_the_arithmetic_over_the_lines(taught: Taught) -> None:
    taught_year(taught)
    found = counted(taught, *YEAR)
    assert found == oracle(taught, publics=7)
    assert found.total == Count(persons=3, attendances=6, sessions=4)
    assert found.open_to_all == Count(persons=2, attendances=2, sessions=2)
    assert found.dedicated == Count(persons=3, attendances=4, sessions=2)
    assert dict(found.themes)[Theme.ONLINE_SERVICES] == Count(persons=3, attendances=3, sessions=2)
    for address in (WORKER, CARSAT):
        assert counted(taught, *YEAR, by=address) == found


def test_a_theme_of_ones_own_counts_with_the_others_and_among_all(taught: Taught) -> None:
    with member(OFFICER) as officer:
        own = add_module(
            officer,
            replace(MODULE, theme="other", other_theme="lire une ordonnance", title="Lire une ordonnance"),
        )
    held(taught, [("Ondine Modèle", True)])
    held(taught, [("Zoé Spécimen", True)], module=own)
    found = counted(taught, *YEAR)
    assert found == oracle(taught)
    assert dict(found.themes)[Theme.OTHER] == Count(persons=1, attendances=1, sessions=1)
    with member(OFFICER):
        said = amounts(taught.convention, Year(today().year))
    assert (said["persons_trained"], said["sessions_dedicated"]) == (2, 2)


def test_a_period_begins_on_its_first_day_and_ends_before_its_last(taught: Taught) -> None:
    held(taught, before=timedelta(days=30))
    planned_at = now() - timedelta(days=30) - SOON  # the clocks may have changed since
    day = planned_at.astimezone(PARIS).date() + SOON
    assert counted(taught, day, day + timedelta(days=1)).total.persons == 1
    assert counted(taught, day + timedelta(days=1), YEAR[1]).total.persons == 0
    assert counted(taught, YEAR[0], day).total.persons == 0


def test_nothing_held_counts_nothing(taught: Taught) -> None:
    assert counted(taught, *YEAR) == count_all([])


def test_the_organisers_own_people_are_not_counted(taught: Taught) -> None:
    held(taught, [("Alix Témoin", True)], by=OFFICER)
    assert counted(taught, *YEAR).total == Count()


def test_whoever_is_no_party_is_refused(taught: Taught) -> None:
    held(taught)
    with pytest.raises(DatabaseError) as error, member(STRANGER), transaction.atomic():
        queries.counts(taught.convention, *YEAR)
    assert isinstance(error.value.__cause__, InsufficientPrivilege)


def test_it_is_one_statement(taught: Taught, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    held(taught)
    with member(OFFICER), django_assert_num_queries(1):
        queries.counts(taught.convention, *YEAR)
