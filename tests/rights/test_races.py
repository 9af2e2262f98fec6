"""Of two at once one wins: on the decision, on the request for pieces, on the sending; without the lock the race can fail."""

from collections.abc import Callable
from uuid import UUID

import pytest

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.states import TOO_LATE
from maillage.organisations.member import Member
from maillage.rights import deciding, examining
from maillage.rights.examining import Asking
from maillage.rights.filing import file
from maillage.rights.models import Application, ApplicationEvent, PieceRequest
from maillage.rights.queries import application_of
from maillage.rights.rules import Opened
from tests.days import today
from tests.racing import race, racer, told
from tests.referrals.world import member
from tests.rights.world import ADVISER, PASS, Signed, prepare, receive, send

pytestmark = pytest.mark.security
Act = Callable[[Member, object], object]


def at_once(address: str, acts: list[Act]) -> list[str]:
    """Each looks at what is there, then acts; what each was told."""

    def look(_someone: Member) -> int:
        return Application.objects.count()

    return told(race(*(racer(address, act, look=look, held=0.3) for act in acts)))


def events(case: UUID, *kinds: str) -> int:
    with member(ADVISER):
        return ApplicationEvent.objects.filter(case_id=case, kind__in=kinds).count()


def decide(case: UUID) -> list[Act]:
    def accept(someone: Member, _seen: object) -> None:
        deciding.grant(
            application=application_of(someone, case), opened=Opened("ame", today()), on=today(), words="", by=someone, at=now()
        )  # fmt: skip

    def decline(someone: Member, _seen: object) -> None:
        deciding.refuse(
            application=application_of(someone, case), reason="resources", on=today(), words="", by=someone, at=now()
        )  # fmt: skip

    return [accept, decline]


def test_of_two_decisions_at_once_one_wins(committed: Signed) -> None:
    case = send(committed)
    receive(case)
    assert at_once(ADVISER, decide(case)) == [TOO_LATE, "done"]
    assert events(case, "granted", "refused") == 1


def test_of_two_requests_for_pieces_at_once_one_wins(committed: Signed) -> None:
    case = send(committed)
    receive(case, is_complete=False)

    def ask(someone: Member, _seen: object) -> None:
        asking = Asking(uuid7(), ("identity",))
        examining.ask(application=application_of(someone, case), asking=asking, by=someone, at=now())

    assert at_once(ADVISER, [ask, ask]) == [TOO_LATE, "done"]
    with member(ADVISER):
        assert PieceRequest.objects.filter(case_id=case).count() == 1


def test_a_file_sent_twice_at_once_is_one_case(committed: Signed) -> None:
    first, made = send(committed, "c2s"), prepare(committed)

    def send_it(someone: Member, _seen: object) -> None:
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
