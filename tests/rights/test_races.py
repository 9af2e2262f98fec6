"""Of two at once one wins: on the decision, on the request for pieces, on the sending; without the lock the race can fail."""

from collections.abc import Callable
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection, connections

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.rights import deciding, examining
from maillage.rights.examining import Asking
from maillage.rights.filing import file
from maillage.rights.models import Application, ApplicationEvent, PieceRequest
from maillage.rights.queries import application_of
from maillage.rights.rules import Opened
from tests.days import today
from tests.referrals.world import member
from tests.rights.world import ADVISER, PASS, Signed, prepare, receive, send

pytestmark = pytest.mark.security
Act = Callable[[Member], object]


def at_once(address: str, acts: list[Act]) -> list[str]:
    """Each looks at what is there, waits for the others to have looked, then acts; what each was told."""
    outcomes, barrier = list[str](), Barrier(len(acts))

    def run(act: Act) -> None:
        try:
            with member(address) as someone:
                Application.objects.count()
                barrier.wait(timeout=20)
                act(someone)
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(0.3)")  # not committed yet when the other comes
            outcomes.append("done")
        except (TransitionRefused, Refused) as refused:
            outcomes.append(type(refused).__name__)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


def events(case: UUID, *kinds: str) -> int:
    with member(ADVISER):
        return ApplicationEvent.objects.filter(case_id=case, kind__in=kinds).count()


def decide(case: UUID) -> list[Act]:
    def accept(someone: Member) -> None:
        deciding.grant(
            application=application_of(someone, case), opened=Opened("ame", today()), on=today(), words="", by=someone, at=now()
        )  # fmt: skip

    def decline(someone: Member) -> None:
        deciding.refuse(
            application=application_of(someone, case), reason="resources", on=today(), words="", by=someone, at=now()
        )  # fmt: skip

    return [accept, decline]


def test_of_two_decisions_at_once_one_wins(committed: Signed) -> None:
    case = send(committed)
    receive(case)
    assert at_once(ADVISER, decide(case)) == ["TransitionRefused", "done"]
    assert events(case, "granted", "refused") == 1


def test_of_two_requests_for_pieces_at_once_one_wins(committed: Signed) -> None:
    case = send(committed)
    receive(case, is_complete=False)

    def ask(someone: Member) -> None:
        asking = Asking(uuid7(), ("identity",))
        examining.ask(application=application_of(someone, case), asking=asking, by=someone, at=now())

    assert at_once(ADVISER, [ask, ask]) == ["TransitionRefused", "done"]
    with member(ADVISER):
        assert PieceRequest.objects.filter(case_id=case).count() == 1


def test_a_file_sent_twice_at_once_is_one_case(committed: Signed) -> None:
    first, made = send(committed, "c2s"), prepare(committed)

    def send_it(someone: Member) -> None:
        file(preparation=made, by=someone, at=now())

    assert at_once(PASS, [send_it, send_it]) == ["done", "done"]
    with member(PASS):
        assert set(Application.objects.values_list("case_id", flat=True)) == {first, made}
    assert events(made, "sent") == 1


def test_without_the_lock_nor_the_state_two_decisions_pass(
    committed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race above can fail."""
    case = send(committed)
    receive(case)

    def unlocked(application: Application, *, at: object) -> object:
        _ = at
        return _Looked(application)

    class _Looked:
        requests: tuple[()] = ()

        def __init__(self, application: Application) -> None:
            self.application, self.today = application, today()

    def anywhere(row: Application, table: object, verb: str, **changes: object) -> None:
        _ = table, verb
        row.refresh_from_db()

    monkeypatch.setattr(deciding, "locked", unlocked)
    monkeypatch.setattr(deciding, "move", anywhere)
    assert at_once(ADVISER, decide(case)) == ["done", "done"]
    assert events(case, "granted", "refused") == 2
