"""When the law's delay passes without a decision: silence opens a C2S, refuses an AME that the caisse may still decide, once."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, connections, transaction

from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.notifications.models import Message
from maillage.rights.lapsing import lapse
from maillage.rights.models import ApplicationEvent
from maillage.rights.rules import Opened
from maillage.rights.states import State
from maillage.rights.tasks import note_silences
from tests.conventions.people import worker_process
from tests.days import today
from tests.referrals.world import member, organisation
from tests.rights.test_examining import ask
from tests.rights.world import ADVISER, CAISSE, PASS, Signed, act, read, receive, send

pytestmark = pytest.mark.security


def aged(case: UUID, days: int) -> date:
    """Let an application be so many days older; the last day of the law, then."""
    back = f"- interval '{days} days'"
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"UPDATE rights_application SET sent_at = sent_at {back}, handed_on = handed_on - {days},"  # noqa: S608
            f" forward_by = forward_by - {days}, received_on = received_on - {days}, complete_on = complete_on - {days},"
            f" promised_on = promised_on - {days}, legal_on = legal_on - {days} WHERE case_id = %s RETURNING legal_on",
            [case],
        )
        found: date = cursor.fetchone()[0]
    return found


def events(case: UUID) -> list[str]:
    with member(ADVISER):
        rows = ApplicationEvent.objects.filter(case_id=case, noted_by=None).order_by("kind")
        return list(rows.values_list("kind", flat=True))


def test_the_silence_of_the_caisse_opens_a_c2s_and_says_so_once(committed: Signed) -> None:
    case = send(committed, "c2s")
    receive(case)
    with worker_process():
        assert lapse(at=now()) == 0
    last = aged(case, 70)
    assert last < today()
    with worker_process():
        assert lapse(at=now()) == 1
        assert lapse(at=now()) == 0
        note_silences(0)
    row = read(case)
    day = last + timedelta(days=1)
    assert (row.state, row.by_silence, row.opened, row.closed_by) == (State.GRANTED, True, "c2s", None)
    assert (row.decided_on, row.lapsed_on, row.opens_on) == (day, day, day)
    assert events(case) == ["granted", "silence"]
    for address in (PASS, ADVISER):
        with member(address):
            assert Message.objects.filter(kind="application_lapsed").count() == 1


def test_silence_refuses_an_ame_and_the_caisse_may_still_decide(committed: Signed) -> None:
    case = send(committed, "ame")
    receive(case)
    last = aged(case, 70)
    with worker_process():
        assert lapse(at=now()) == 1
        assert lapse(at=now()) == 0
    row = read(case)
    assert (row.state, row.lapsed_on, row.by_silence) == (State.COMPLETE, last + timedelta(days=1), False)
    assert events(case) == ["silence"]
    act("grant", case, opened=Opened("ame", today()), on=today(), words="")
    assert read(case).state == State.GRANTED


def test_silence_says_nothing_before_the_day_is_over(committed: Signed) -> None:
    case = send(committed, "c2s")
    receive(case)
    last = aged(case, 30)
    while last > today():
        last = aged(case, 1)
    assert last == today()
    with worker_process():
        assert lapse(at=now()) == 0
    assert read(case).state == State.COMPLETE


def test_what_waits_for_pieces_does_not_lapse(committed: Signed) -> None:
    case = send(committed, "c2s")
    receive(case, is_complete=False)
    assert ask(case, "tax").legal_on is None
    with worker_process():
        assert lapse(at=now() + timedelta(days=400)) == 0


@pytest.mark.parametrize(
    "values",
    [
        "lapsed_on = current_date - 1",
        "state = 'granted', by_silence = true, lapsed_on = current_date, opened = 'c2s', opens_on = current_date",
    ],
)
def test_no_page_makes_silence_speak_nor_any_job_before_its_day(committed: Signed, values: str) -> None:
    case = send(committed, "c2s")
    receive(case)
    statement = f"UPDATE rights_application SET {values} WHERE case_id = %s"  # noqa: S608 - the test's own words

    def tried() -> str:
        with (
            pytest.raises(DatabaseError) as error,
            transaction.atomic(),
            acting(organisation=organisation(CAISSE).id),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [case])
        return str(error.value)

    with worker_process():
        assert "silence does not speak" in tried()  # a job, before the day
    aged(case, 70)
    assert "silence does not speak" in tried()  # a page, whenever it is
