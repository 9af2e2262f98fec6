"""Raw statements inside the partner's context, or the caisse's, and what PostgreSQL answers."""

from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from maillage.cases.actions import NotAuthorised, open_case
from maillage.cases.models import Authorisation
from maillage.core.identifiers import uuid7
from maillage.rights.models import Application, ApplicationEvent, Piece
from tests.days import today
from tests.referrals.world import member
from tests.rights.test_examining import RIGHT, ask
from tests.rights.world import ADVISER, PASS, Signed, act, receive, send

pytestmark = pytest.mark.security


def refused(address: str, statement: str, case: UUID) -> str:
    """What PostgreSQL says to a statement of the web's role in this person's context."""
    with (
        pytest.raises(DatabaseError) as error,
        member(address),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [case])
    return str(error.value)


def setting(values: str) -> str:
    return f"UPDATE rights_application SET {values} WHERE case_id = %s"  # noqa: S608 - the test's own words


@pytest.mark.parametrize("address", [PASS, ADVISER])
@pytest.mark.parametrize(
    "values", ["\"right\" = 'c2s'", "urgent = NOT urgent", "details = NULL", "handed_on = NULL", "sent_by = gen_random_uuid()"]
)  # fmt: skip
def test_what_was_filed_stays(signed: Signed, address: str, values: str) -> None:
    case = send(signed)
    assert refused(address, setting(values), case)


@pytest.mark.parametrize(
    ("address", "values"),
    [
        (PASS, "state = 'received', received_on = current_date"),
        (PASS, "promised_on = current_date + 900"),
        (ADVISER, "state = 'withdrawn', end_reason = 'covered', closed_at = now(), closed_by = sent_by"),
        (ADVISER, "state = 'cancelled', end_reason = 'duplicate', closed_at = now(), closed_by = sent_by"),
    ],
)
def test_each_side_takes_its_own_steps_only(signed: Signed, address: str, values: str) -> None:
    case = send(signed)
    assert "not a step of this side" in refused(address, setting(values), case)


def test_an_application_goes_forwards_only(signed: Signed) -> None:
    case = send(signed)
    receive(case)
    assert "what was received stays" in refused(ADVISER, setting("received_on = received_on - 1"), case)
    assert "from complete to sent" in refused(ADVISER, setting("state = 'sent'"), case)
    act("grant", case, opened=RIGHT, on=today(), words="")
    for values in ("state = 'complete'", "ends_on = NULL", "opens_on = opens_on - 1"):
        assert refused(ADVISER, setting(values), case)


def test_the_partner_tells_nobody_in_the_caisse_s_place(signed: Signed) -> None:
    case = send(signed)
    receive(case)
    act("grant", case, opened=RIGHT, on=today(), words="")
    told = setting("notified_on = current_date, notified_how = 'letter'")
    assert "what was decided stays" in refused(PASS, told, case)


def test_an_event_is_dated_by_the_database_and_signed_by_who_acts(signed: Signed) -> None:
    case, somebody = send(signed), uuid7()
    with member(ADVISER) as adviser:
        row = ApplicationEvent.objects.create(
            case_id=case, organisation_id=adviser.organisation, kind="received", day=today(), noted_by=somebody,
            noted_at="2020-01-01T00:00:00Z",
        )  # fmt: skip
        row.refresh_from_db()
        assert (row.noted_by, row.noted_at.year > 2020) == (adviser.user, True)


@pytest.mark.parametrize(
    ("address", "kind", "day", "said"),
    [
        (PASS, "granted", "current_date", "not a step of this side"),
        (ADVISER, "withdrawn", "current_date", "not a step of this side"),
        (ADVISER, "received", "current_date + 3", "a day to come"),
    ],
)
def test_an_event_is_of_its_own_side_and_of_no_day_to_come(
    signed: Signed, address: str, kind: str, day: str, said: str
) -> None:
    case = send(signed)
    statement = (
        "INSERT INTO rights_applicationevent (id, case_id, organisation_id, kind, day, noted_at, noted_by)"  # noqa: S608
        f" SELECT gen_random_uuid(), c.id, c.sender_id, '{kind}', {day}, now(), gen_random_uuid() FROM cases_case c WHERE c.id = %s"
    )
    assert said in refused(address, statement, case)


def test_silence_is_noted_by_no_page(signed: Signed) -> None:
    case = send(signed)
    statement = (
        "INSERT INTO rights_applicationevent (id, case_id, kind, day, noted_at)"
        " VALUES (gen_random_uuid(), %s, 'silence', current_date, now())"
    )
    assert "noted by someone" in refused(ADVISER, statement, case)


def test_an_event_stays(signed: Signed) -> None:
    case = send(signed)
    for statement in (
        "UPDATE rights_applicationevent SET day = day - 1 WHERE case_id = %s",
        "DELETE FROM rights_applicationevent WHERE case_id = %s",
    ):
        assert "permission denied" in refused(PASS, statement, case)


def test_what_was_asked_stays_and_is_asked_of_what_is_examined_alone(signed: Signed) -> None:
    case, waiting = send(signed), send(signed, "c2s")
    receive(case, is_complete=False)
    ask(case, "identity", granted_days=10)
    for values in ("granted_days = 90", "asked_on = asked_on - 9", "keys = '{form}'"):
        statement = f"UPDATE rights_piecerequest SET {values} WHERE case_id = %s"  # noqa: S608
        assert "what was asked stays" in refused(ADVISER, statement, case)
    asked = (
        "INSERT INTO rights_piecerequest (id, case_id, number, keys, indispensable, asked_on, again, asked_at, asked_by)"
        " VALUES (gen_random_uuid(), %s, 1, '{form}', true, current_date, '', now(), gen_random_uuid())"
    )
    assert "nobody examines" in refused(ADVISER, asked, waiting)
    assert "row-level security" in refused(PASS, asked, case)


def test_a_piece_is_a_document_of_whoever_adds_it(signed: Signed) -> None:
    case = send(signed)
    with member(PASS):
        document = Piece.objects.filter(case_id=case).values_list("document_id", flat=True)[0]
    statement = (
        "INSERT INTO rights_piece (id, case_id, organisation_id, document_id, key, added_at, added_by)"  # noqa: S608
        f" SELECT gen_random_uuid(), c.id, c.caisse_id, '{document}', 'form', now(), gen_random_uuid() FROM cases_case c WHERE c.id = %s"
    )
    assert "no such document" in refused(ADVISER, statement, case)


def test_no_application_begins_elsewhere_than_under_its_right(signed: Signed) -> None:
    with member(PASS):
        under = Authorisation.objects.get(convention_id=signed.id)
        with pytest.raises(NotAuthorised):
            open_case(case=uuid7(), under=under, kind="referral", urgent=False)
        opened = open_case(case=uuid7(), under=under, kind="application", urgent=False)
        with pytest.raises(DatabaseError, match="no such authorisation"), transaction.atomic():
            Application.objects.create(
                case_id=opened.id, right="domiciliation", sent_at=opened.opened_at, sent_by=uuid7()
            )
