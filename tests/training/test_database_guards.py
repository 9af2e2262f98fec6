"""Raw statements in a partner's context, or the organiser's, and what PostgreSQL answers."""

from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from tests.referrals.world import STRANGER, WORKER, member
from tests.training.world import CARSAT, OFFICER, Taught, held, planned, register

pytestmark = [pytest.mark.security]
MODULE = {
    "organisation_id = gen_random_uuid()": "a withdrawn module stays",
    "theme = 'cooking'": "module_theme_known",
    "theme = 'other'": "module_other_theme_said",
    "other_theme = 'lire une ordonnance'": "module_other_theme_said",
    "audiences = '{}'": "module_audiences_known",
    "audiences = '{cats}'": "module_audiences_known",
    "title = ''": "module_described",
    "withdrawn_at = now()": "module_withdrawn_by_someone",
}
SESSION = {
    "registered = 0": "stays",
    "module_id = gen_random_uuid()": "stays",
    "dedicated_to_id = NULL": "stays",
    "time_zone = 'Indian/Reunion'": "stays",
    "state = 'held', closed_at = now(), closed_by = planned_by": "stays",
    "ends_at = starts_at": "session_hours_ordered",
    "capacity = 0": "session_capacity_bounded|session_within_capacity",
    "capacity = 1001": "session_capacity_bounded",
    "capacity = 1": "session_within_capacity",
    "place = ''": "session_somewhere",
    "trainer = ''": "session_has_a_trainer",
    "closed_at = now()": "session_closed_by_someone",
    "reason = 'x'": "session_cancelled_for_a_reason",
    "state = 'cancelled', closed_at = now(), closed_by = planned_by": "session_cancelled_for_a_reason",
    "state = 'unknown'": "no step leads|session_state_known",
}
ATTENDEE = {
    "organisation_id = gen_random_uuid()": "somebody stays|row-level security",
    "added_for_id = gen_random_uuid()": "somebody stays",
    "name = ''": "attendee_named",
}


def refused(address: str, statement: str, *arguments: UUID | str) -> str:
    """What PostgreSQL says to a statement of the web's role in this person's context."""
    with (
        pytest.raises(DatabaseError) as error,
        member(address),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, arguments)
    return str(error.value)


def changed(address: str, statement: str, *arguments: UUID | str) -> int:
    """How many rows a statement reaches."""
    with member(address), connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return int(cursor.rowcount)


@pytest.fixture
def full(taught: Taught) -> UUID:
    """A session of two places, both taken."""
    session = planned(taught)
    for name in ("Ondine Modèle", "Zoé Spécimen"):
        register(session, name)
    return session


def said(answer: str, expected: str) -> bool:
    return any(one in answer for one in expected.split("|"))


@pytest.mark.parametrize("change", MODULE)
def test_a_module_keeps_its_promises(taught: Taught, change: str) -> None:
    answer = refused(OFFICER, f"UPDATE training_module SET {change} WHERE id = %s", taught.module)  # noqa: S608 - of this file
    assert said(answer, MODULE[change]), answer


@pytest.mark.parametrize("change", SESSION)
def test_a_session_keeps_its_promises(full: UUID, change: str) -> None:
    answer = refused(OFFICER, f"UPDATE training_session SET {change} WHERE id = %s", full)  # noqa: S608 - of this file
    assert said(answer, SESSION[change]), answer


@pytest.mark.parametrize("change", ATTENDEE)
def test_a_person_keeps_her_promises(full: UUID, change: str) -> None:
    answer = refused(WORKER, f"UPDATE training_attendee SET {change}")  # noqa: S608 - of this file
    assert said(answer, ATTENDEE[change]), answer


def test_a_partner_changes_no_session_and_nobody_a_place(full: UUID) -> None:
    assert changed(WORKER, "UPDATE training_session SET capacity = 9 WHERE id = %s", full) == 0
    for address in (WORKER, OFFICER):
        assert "permission denied" in refused(
            address, "UPDATE training_registration SET state = 'registered'"
        )
        assert "permission denied" in refused(address, "DELETE FROM training_registration")
        assert "permission denied" in refused(address, "UPDATE training_presence SET outcome = 'present'")


_PLACE = (
    "INSERT INTO training_registration (id, session_id, attendee_id, partner_id, organiser_id, convention_id, state, rank, asked_at,"
    " asked_by) SELECT gen_random_uuid(), session_id, {attendee}, {partner}, organiser_id, {convention}, 'registered', 1, {at},"
    " asked_by FROM training_registration WHERE session_id = %s LIMIT 1"
)
_OWN = "(SELECT id FROM training_attendee a WHERE a.name = 'Ondine Modèle')"
_ANOTHER = "(SELECT id FROM training_attendee a WHERE a.name = 'Lou Autre')"
_AS_THEY_ARE = {"attendee": _OWN, "partner": "partner_id", "convention": "convention_id", "at": "asked_at"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "registration_once"),
        ({"convention": "NULL"}, "not a session of this organisation"),
        ({"convention": "gen_random_uuid()"}, "not a session of this organisation"),
        ({"attendee": "gen_random_uuid()"}, "not a session of this organisation"),
        ({"partner": "organiser_id"}, "not a session of this organisation"),
        ({"at": "'2099-01-01'", "attendee": _ANOTHER}, "registrations are closed"),
    ],
)
def test_a_place_is_asked_for_ones_own_people_before_the_session(
    taught: Taught, full: UUID, changes: dict[str, str], expected: str
) -> None:
    register(planned(taught), "Lou Autre")
    answer = refused(WORKER, _PLACE.format(**(_AS_THEY_ARE | changes)), full)
    assert expected in answer


def test_the_database_says_who_waits_whatever_the_statement_says(taught: Taught) -> None:
    session = planned(taught, capacity=1)
    register(session, "Ondine Modèle")
    assert register(session, "Zoé Spécimen").state == "waiting"


def test_a_sheet_that_was_signed_takes_no_other_line(taught: Taught) -> None:
    session = held(taught)
    more = (
        "INSERT INTO training_presence (id, sign_off_id, attendee_id, partner_id, organiser_id, convention_id, outcome)"
        " SELECT gen_random_uuid(), p.sign_off_id, a.id, p.partner_id, p.organiser_id, p.convention_id, 'unannounced'"
        " FROM training_presence p, training_attendee a WHERE a.name = 'Lou Autre'"
    )
    register(planned(taught), "Lou Autre")
    assert "what was signed off stays" in refused(OFFICER, more)
    assert "row-level security" in refused(WORKER, more)
    again = (
        "INSERT INTO training_signoff (id, session_id, organiser_id, number, listed, publics, reason, recorded_at, recorded_by)"
        " SELECT gen_random_uuid(), session_id, organiser_id, 1, 0, 0, '', recorded_at, recorded_by FROM training_signoff"
        " WHERE session_id = %s"
    )
    assert "signoff_corrects_for_a_reason" in refused(OFFICER, again, session)
    assert "row-level security" in refused(CARSAT, again, session)
    assert "stays" in refused(
        OFFICER, "UPDATE training_session SET place = 'Ailleurs' WHERE id = %s", session
    )


def test_nobody_adds_people_to_a_body_with_which_nothing_binds_it(taught: Taught) -> None:
    add = (
        "INSERT INTO training_attendee (id, organisation_id, name, sort_name, function, email, added_for_id, added_at, added_by)"
        " SELECT gen_random_uuid(), o.id, 'X', 'x', 'x', '', nullif(current_setting('maillage.organisation'), '')::uuid, now(),"
        " gen_random_uuid() FROM organisations_organisation o WHERE o.short_name = %s"
    )
    assert changed(OFFICER, add, "CCAS") == 1
    assert "row-level security" in refused(OFFICER, add, "CCAS de Villexemple")
    assert "row-level security" in refused(STRANGER, add, "CCAS")
