"""Raw statements in the host's context, or the caisse's, and what PostgreSQL answers."""

from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from maillage.cases.models import Participation
from maillage.core.identifiers import uuid7
from maillage.secondments.models import Appointment
from tests.referrals.world import ADVISER, STRANGER, WORKER, member, send_referral, sign_convention
from tests.secondments.world import OFFICER, Lent, act, book, user

pytestmark = [pytest.mark.security]
BOOK = (
    "INSERT INTO secondments_appointment (case_id, secondment_id, state, starts_at, ends_at, service, papers, follows_id,"
    " booked_at, booked_by, outcome, cancelled_for) SELECT %s, secondment_id, {state}, starts_at + {later}, ends_at + {later},"
    " service, papers, {follows}, booked_at, booked_by, '', '' FROM secondments_appointment WHERE case_id = %s"
)
CHANGES = {  # statement about an appointment, by whom, what is answered
    "papers = '{}'": (WORKER, "what was booked stays"),
    "service = 'misas'": (ADVISER, "what was booked stays"),
    "booked_by = gen_random_uuid()": (WORKER, "what was booked stays"),
    "state = 'missed', closed_at = now(), closed_by = booked_by": (WORKER, "the caisse says"),
    "state = 'held', closed_at = now(), closed_by = booked_by, outcome = 'opened'": (
        WORKER,
        "the caisse says",
    ),
    "starts_at = '2099-12-01', ends_at = '2099-12-02'": (WORKER, "outside the convention"),
    "starts_at = '2024-12-01', ends_at = '2024-12-02'": (WORKER, "outside the convention"),
    "ends_at = starts_at": (ADVISER, "appointment_hours_ordered"),
    "moved_at = now()": (ADVISER, "appointment_moved_by_someone"),
    "closed_at = now()": (ADVISER, "appointment_closed_by_someone"),
    "outcome = 'opened'": (ADVISER, "appointment_held_has_its_outcome"),
    "cancelled_for = 'person'": (ADVISER, "appointment_cancelled_says_for_whom"),
    "state = 'held', closed_at = now(), closed_by = booked_by": (ADVISER, "appointment_held_has_its_outcome"),
    "state = 'cancelled', closed_at = now(), closed_by = booked_by": (
        ADVISER,
        "appointment_cancelled_says_for_whom",
    ),
    "state = 'unknown', closed_at = now(), closed_by = booked_by": (
        ADVISER,
        "no step leads|appointment_state_known",
    ),
}
ARRANGED = {
    "place = ''": "secondment_somewhere",
    "until = since - 1": "secondment_dates_ordered",
    "host_id = caisse_id": "what a secondment stands on stays",
    "since = since - 1": "what a secondment stands on stays",
    "article = '1'": "what a secondment stands on stays",
    "agent_id = gen_random_uuid()": "the agent works for the caisse",
}
HELD = {
    "weekday = 7": "permanence_weekday_known",
    "ends = starts": "permanence_hours_ordered",
    "minutes = 9": "permanence_length_bounded",
    "every = 5": "permanence_rhythm_bounded",
    "until = since - 1": "permanence_dates_ordered",
}
PERMANENCE = (
    "INSERT INTO secondments_permanence (id, secondment_id, weekday, starts, ends, minutes, every, since, until)"
    " VALUES (gen_random_uuid(), %s, {weekday}, '09:00', {ends}, {minutes}, {every}, '2026-06-01', {until})"
)


def refused(address: str, statement: str, *arguments: UUID) -> str:
    """What PostgreSQL says to a statement of the web's role in this person's context."""
    with (
        pytest.raises(DatabaseError) as error,
        member(address),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, list(arguments))
    return str(error.value)


@pytest.mark.parametrize("values", CHANGES)
def test_an_appointment_keeps_what_was_booked_and_makes_sense(lent: Lent, values: str) -> None:
    address, told = CHANGES[values]
    case = book(lent)
    said = refused(address, f"UPDATE secondments_appointment SET {values} WHERE case_id = %s", case)  # noqa: S608 - the test's own words
    assert any(words in said for words in told.split("|"))


def test_what_was_noted_stays(lent: Lent) -> None:
    case = book(lent)
    act("hold", case, outcome="opened")
    statement = "UPDATE secondments_appointment SET outcome = 'lodged' WHERE case_id = %s"
    assert "what was noted stays" in refused(ADVISER, statement, case)


def copied(lent: Lent, *, state: str = "'booked'", later: str = "interval '0'", follows: str = "NULL") -> str:
    """What is said to a second appointment, copied from a first one under a new case of the same authorisation."""
    from maillage.cases.actions import open_case
    from maillage.cases.models import Authorisation

    first, second = book(lent), uuid7()
    with member(WORKER):
        open_case(
            case=second,
            under=Authorisation.objects.get(convention_id=lent.convention),
            kind="appointment",
            urgent=False,
        )
    return refused(WORKER, BOOK.format(state=state, later=later, follows=follows), second, first)


def test_no_second_appointment_has_the_same_hours(lent: Lent) -> None:
    assert "this slot is taken" in copied(lent, later="interval '10 minutes'")


def test_the_same_slot_is_refused_by_an_index_as_well(lent: Lent) -> None:
    """The trigger speaks first: without it, the index still holds."""
    book(lent)
    with member(WORKER):
        row = Appointment.objects.get()
    (unique,) = [one for one in Appointment._meta.constraints if one.name == "appointment_slot_once"]
    twin = Appointment(
        case_id=uuid7(), secondment_id=row.secondment_id, starts_at=row.starts_at, ends_at=row.ends_at
    )
    with member(WORKER), pytest.raises(Exception, match="vient d’être pris"):
        unique.validate(Appointment, twin)


def test_an_appointment_begins_when_it_is_booked(lent: Lent) -> None:
    assert "begins when it is booked" in copied(lent, state="'held'", later="interval '7 days'")


def test_an_appointment_follows_one_of_the_same_agent(lent: Lent) -> None:
    assert "no such secondment" in copied(lent, later="interval '7 days'", follows=f"'{uuid7()}'")


def test_a_referral_is_no_appointment(lent: Lent) -> None:
    first, other = book(lent), send_referral(sign_convention())
    statement = BOOK.format(state="'booked'", later="interval '7 days'", follows="NULL")
    assert "no such secondment" in refused(WORKER, statement, other, first)


@pytest.mark.parametrize("values", ARRANGED)
def test_a_secondment_keeps_what_it_stands_on(lent: Lent, values: str) -> None:
    statement = f"UPDATE secondments_secondment SET {values} WHERE id = %s"  # noqa: S608 - the test's own words
    assert ARRANGED[values] in refused(OFFICER, statement, lent.secondment)


@pytest.mark.parametrize("values", HELD)
def test_a_permanence_makes_sense(lent: Lent, values: str) -> None:
    said = {"weekday": "5", "ends": "'10:00'", "minutes": "30", "every": "1", "until": "NULL"}
    name, _, value = values.partition(" = ")
    value = {"starts": "'09:00'", "since - 1": "'2026-05-31'"}.get(value, value)
    assert HELD[values] in refused(OFFICER, PERMANENCE.format(**(said | {name: value})), lent.secondment)
    rewritten = "UPDATE secondments_permanence SET minutes = 20 WHERE secondment_id = %s"
    assert "a permanence only ends" in refused(OFFICER, rewritten, lent.secondment)


def changed(address: str, statement: str, *arguments: UUID) -> int:
    with member(address), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, list(arguments))
        return int(cursor.rowcount)


def test_the_host_arranges_nothing(lent: Lent) -> None:
    said = {"weekday": "5", "ends": "'10:00'", "minutes": "30", "every": "1", "until": "NULL"}
    assert "row-level security" in refused(WORKER, PERMANENCE.format(**said), lent.secondment)
    assert changed(WORKER, "UPDATE secondments_permanence SET until = '2099-01-01'") == 0
    assert changed(WORKER, "UPDATE secondments_secondment SET place = 'Ailleurs'") == 0
    assert changed(OFFICER, "UPDATE secondments_secondment SET place = 'Ailleurs'") == 1  # the control


def test_only_the_sides_of_an_open_authorisation_make_a_secondment(lent: Lent) -> None:
    statement = (
        "INSERT INTO secondments_secondment (id, authorisation_id, convention_id, caisse_id, host_id, agent_id, place, article,"
        " time_zone, departement, since, set_up_at, set_up_by) SELECT gen_random_uuid(), authorisation_id, convention_id,"
        " {caisse}, {host}, agent_id, place, '', '', '', since, set_up_at, set_up_by FROM secondments_secondment WHERE id = %s"
    )
    turned = statement.format(caisse="host_id", host="caisse_id")
    assert "no such authorisation" in refused(WORKER, turned, lent.secondment)
    assert "no such authorisation" in refused(
        WORKER, statement.format(caisse="caisse_id", host="host_id"), lent.secondment
    )
    assert changed(OFFICER, statement.format(caisse="caisse_id", host="host_id"), lent.secondment) == 1
    from datetime import timedelta

    from maillage.core.clock import now

    lent.publish(now() - timedelta(days=1))
    closed = statement.format(caisse="caisse_id", host="host_id")
    assert "authorisation closed" in refused(OFFICER, closed, lent.secondment)


def test_presences_are_told_to_both_sides_and_to_nobody_else(lent: Lent) -> None:
    def told(address: str) -> int:
        with member(address), connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM secondment_presence(%s, '2026-01-01', '2099-01-01')",
                [[lent.secondment]],
            )
            return int(cursor.fetchone()[0])

    assert [told(address) for address in (WORKER, OFFICER, STRANGER)] == [1, 1, 0]


def test_the_state_reaches_both_participations(lent: Lent) -> None:
    case = book(lent)
    act("miss", case)
    for address in (WORKER, ADVISER):
        with member(address):
            part = Participation.objects.get(case_id=case)
        assert (part.state, part.closed_at is not None) == ("missed", True)


def test_the_agent_follows_what_is_booked(lent: Lent) -> None:
    case: UUID = book(lent)
    with member(ADVISER), connection.cursor() as cursor:
        cursor.execute("SELECT user_id, reason FROM cases_following WHERE case_id = %s", [case])
        assert cursor.fetchall() == [(user(ADVISER), "seconded")]
