"""Raw statements inside the sender's context, or the caisse's, and what PostgreSQL answers."""

from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from maillage.beneficiaries.models import Information
from maillage.cases.actions import open_case
from maillage.cases.models import Participation
from maillage.cases.states import STATES
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals.lists.queries import page_of
from maillage.referrals.lists.wanted import Wanted
from maillage.referrals.models import Referral
from maillage.referrals.states import State
from maillage.rights import states as rights
from maillage.secondments import states as secondments
from tests.days import today
from tests.referrals.world import ADVISER, STRANGER, WORKER, Signed, member, send_referral, work

pytestmark = [pytest.mark.security]


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


@pytest.mark.parametrize(
    "values", ["motives = '{cost}'", "narrative = NULL", "urgent = NOT urgent", "sent_by = gen_random_uuid()"]
)
def test_what_was_sent_stays(signed: Signed, values: str) -> None:
    case = send_referral(signed)
    statement = f"UPDATE referrals_referral SET {values} WHERE case_id = %s"  # noqa: S608 - the test's own words
    assert "what was sent stays" in refused(ADVISER, statement, case)


def test_a_referral_is_worked_forwards_only(signed: Signed) -> None:
    case = send_referral(signed)
    close = (
        "UPDATE referrals_referral SET state = 'closed', acknowledged_at = now(), acknowledged_by = sent_by, closed_at = now(),"
        " closed_by = sent_by, care_outcome = 'done', rights_outcome = 'none' WHERE case_id = %s"
    )
    assert "from sent to closed" in refused(ADVISER, close, case)
    work(case, "acknowledge", "accept", "close")
    back = (
        "UPDATE referrals_referral SET state = 'sent', acknowledged_at = NULL, acknowledged_by = NULL, closed_at = NULL,"
        " closed_by = NULL, care_outcome = '', rights_outcome = '' WHERE case_id = %s"
    )
    assert "stays" in refused(ADVISER, back, case)
    assert "what was done stays" in refused(
        ADVISER, "UPDATE referrals_referral SET care_outcome = 'refused' WHERE case_id = %s", case
    )


def test_the_sender_overwrites_nobody_s_identity(signed: Signed) -> None:
    case = send_referral(signed)
    statement = "UPDATE beneficiaries_beneficiary SET identity = 'x' WHERE case_id = %s"
    for address in (WORKER, ADVISER):
        assert "permission denied" in refused(address, statement, case)


def test_a_case_begins_sent_and_dated_by_the_database(signed: Signed) -> None:
    under, new, by = signed.authorisation(), uuid7(), uuid7()
    with member(WORKER) as worker:
        opened = open_case(case=new, under=under, kind="referral", urgent=False)
        with pytest.raises(DatabaseError, match="begins when it is sent"), transaction.atomic():
            Referral.objects.create(
                case_id=new, state=State.ACKNOWLEDGED, acknowledged_at=now(), acknowledged_by=by, motives=["cost"],
                sent_at=opened.opened_at, sent_by=by,
            )  # fmt: skip
        with pytest.raises(DatabaseError, match="referral_motives_known"), transaction.atomic():
            Referral.objects.create(case_id=new, motives=["weather"], sent_at=opened.opened_at, sent_by=by)
        Referral.objects.create(
            case_id=new, motives=["cost"], sent_at=opened.opened_at.replace(year=1990), sent_by=by
        )
        kept = Referral.objects.get(case_id=new)
        assert (kept.sent_at, kept.sent_by) == (opened.opened_at, worker.user)
        for year in (1990, 2999):
            with pytest.raises(DatabaseError, match="not what was told"), transaction.atomic():
                Information.objects.create(
                    case_id=new, given_on=today().replace(year=year, day=1), means="oral", by=by,
                    recipient_id=under.recipient_id,
                )  # fmt: skip
    with pytest.raises(DatabaseError, match="row-level security"), member(ADVISER) as adviser:
        Information.objects.create(
            case_id=new, given_on=today(), means="oral", by=adviser.user, recipient_id=under.recipient_id
        )


def test_a_kind_without_states_opens_no_case(signed: Signed) -> None:
    under = signed.authorisation()
    with pytest.raises(DatabaseError, match="no such kind"), member(WORKER):
        open_case(case=uuid7(), under=under, kind="solicitation", urgent=False)


def test_a_participation_has_the_states_of_what_is_shared(committed: Signed) -> None:
    assert set(STATES) == {state.value for state in (*State, *secondments.State, *rights.State)}
    case = send_referral(committed)
    with pytest.raises(DatabaseError, match="participation_state_known"), transaction.atomic(using="owner"):
        Participation.objects.using("owner").filter(case_id=case).update(state="whatever")
    with member(ADVISER) as adviser:
        assert page_of(adviser, Wanted(), on=today()).lines


def taken(address: str, statement: str, case: UUID) -> int:
    """How many rows a statement of the web's role writes in this person's context."""
    with member(address), connection.cursor() as cursor:
        cursor.execute(statement, [case])
        return int(cursor.rowcount)


_END = "closed_at = now() + interval '1 day', closed_by = gen_random_uuid()"
STOP = f"UPDATE referrals_referral SET state = 'withdrawn', end_reason = 'moved', {_END} WHERE case_id = %s"  # noqa: S608 - the test's own words
CANCEL = f"UPDATE referrals_referral SET state = 'cancelled', end_reason = 'other', {_END} WHERE case_id = %s"  # noqa: S608 - the test's own words
RECEIVE = (
    "UPDATE referrals_referral SET state = 'acknowledged', acknowledged_at = now() + interval '1 day',"
    " acknowledged_by = gen_random_uuid() WHERE case_id = %s"
)


def test_each_side_moves_a_referral_on_its_own_steps_only(signed: Signed) -> None:
    case = send_referral(signed)
    assert "not a step of this side" in refused(WORKER, RECEIVE, case)
    for statement in (STOP, CANCEL):
        assert "not a step of this side" in refused(ADVISER, statement, case)
    sly = STOP.replace("SET ", "SET contacted_on = current_date, contacted_by = gen_random_uuid(), ")
    assert "not a step of this side" in refused(WORKER, sly, case)
    assert taken(STRANGER, STOP, case) == 0
    assert taken(WORKER, STOP, case) == 1
    assert "what was done stays" in refused(WORKER, STOP.replace("moved", "other"), case)


_ROWS = {
    "contactattempt": ("day, way, reached, noted_at, noted_by", "current_date, 'call', true, '1990-01-01', gen_random_uuid()"),
    "casequestion": ("asked_at, asked_by, sealed_question", "'1990-01-01', gen_random_uuid(), 'x'"),
    "pause": (
        "reason, began_on, look_again_on, began_at, began_by",
        "'other', '1990-01-01', '1990-01-02', '1990-01-01', gen_random_uuid()",
    ),
}  # fmt: skip


def adding(table: str) -> str:
    """A row of one of the tables that hang on a referral, of another day and of nobody's."""
    columns, values = _ROWS[table]
    return f"INSERT INTO referrals_{table} (id, case_id, {columns}) VALUES (gen_random_uuid(), %s, {values})"  # noqa: S608 - the test's own words


@pytest.mark.parametrize("table", ["contactattempt", "casequestion"])
def test_nothing_is_tried_nor_asked_where_nobody_works(signed: Signed, table: str) -> None:
    case, statement = send_referral(signed), adding(table)
    assert "nobody works this referral now" in refused(ADVISER, statement, case)
    work(case, "acknowledge")
    assert "row-level security" in refused(WORKER, statement, case)
    assert taken(ADVISER, statement, case) == 1
    work(case, "refuse")
    assert "nobody works this referral now" in refused(ADVISER, statement, case)


@pytest.mark.parametrize(
    ("table", "at", "by"),
    [
        ("contactattempt", "noted_at", "noted_by"),
        ("casequestion", "asked_at", "asked_by"),
        ("pause", "began_at", "began_by"),
    ],
)
def test_what_is_noted_is_dated_by_the_database_and_signed_by_who_acts(
    signed: Signed, table: str, at: str, by: str
) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    assert taken(ADVISER, adding(table), case) == 1
    with member(ADVISER) as adviser, connection.cursor() as cursor:
        cursor.execute(f"SELECT {at} > now() - interval '1 hour', {by} FROM referrals_{table}")  # noqa: S608 - the test's own words
        assert cursor.fetchone() == (True, adviser.user)


def test_what_was_asked_answered_or_paused_stays(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge", "accept", "pause")
    answer_it = (
        "UPDATE referrals_casequestion SET sealed_answer = 'y', answered_at = now() + interval '1 day',"
        " answered_by = gen_random_uuid() WHERE case_id = %s"
    )
    assert taken(ADVISER, adding("casequestion"), case) == 1
    change = "UPDATE referrals_casequestion SET sealed_question = 'z' WHERE case_id = %s"
    assert "what was asked and answered stays" in refused(WORKER, change, case)
    assert "not an act of this side" in refused(ADVISER, answer_it, case)  # whoever asked does not answer
    assert taken(WORKER, answer_it, case) == 1
    assert "what was asked and answered stays" in refused(WORKER, answer_it.replace("'y'", "'n'"), case)
    later = "UPDATE referrals_pause SET look_again_on = look_again_on + 1 WHERE case_id = %s"
    assert "a pause stays as it was" in refused(ADVISER, later, case)
    assert taken(WORKER, later, case) == 0
    resume = "UPDATE referrals_pause SET resumed_at = now() + interval '1 day', resumed_by = began_by WHERE case_id = %s"
    assert taken(ADVISER, resume, case) == 1
    again = resume.replace("1 day", "2 days")
    assert "a pause stays as it was" in refused(ADVISER, again, case)
    remove = "DELETE FROM referrals_contactattempt WHERE case_id = %s"
    assert "permission denied" in refused(ADVISER, remove, case)
