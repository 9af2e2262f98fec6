"""Two at once on one request, or on one flow. The lock taken away, the race is lost, and seen."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import connection

from maillage.beneficiaries import stopping
from maillage.core.clock import now
from maillage.core.states import TOO_LATE
from maillage.organisations.member import Member
from maillage.protection.requests import answering
from maillage.protection.requests.deciding import decide
from maillage.protection.requests.models import RequestFile
from maillage.referrals import actions
from maillage.referrals.models import Referral
from tests.beneficiaries.jobs import index_as_worker
from tests.protection.requests.files import CCAS_ADMIN, attached, file_of, received
from tests.racing import Gate, Racer, race, racer, told
from tests.referrals.world import WORKER, member, send_referral, sign_convention, write_draft

pytestmark = pytest.mark.security


def answer(by: Member, file: RequestFile) -> None:
    answering.answer(file=file, by=by, at=now())


def refuse(by: Member, file: RequestFile) -> None:
    answering.refuse(file=file, ground="excessive", words="Trop souvent.", by=by, at=now())


@pytest.mark.parametrize("acts", [(answer, answer), (answer, refuse), (refuse, refuse)])
def test_of_two_who_answer_at_once_the_second_is_told(
    fresh_database: object, acts: tuple[Callable[..., None], ...]
) -> None:
    case = send_referral(sign_convention())
    request = attached(received(), case)
    racers = [racer(CCAS_ADMIN, act, look=lambda by: file_of(request, by), held=0.3) for act in acts]
    assert told(race(*racers)) == [TOO_LATE, "done"]


def granting(request: UUID) -> Racer:
    """Grants the objection, then holds its transaction while the other sends."""

    def run(gate: Gate) -> object:
        with member(CCAS_ADMIN) as by:
            file = file_of(request, by)
            given = decide(file=file, right="objection", outcome="granted", by=by, at=now())
            gate()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.8)")
        return given

    return run


def sending(draft: UUID) -> Racer:
    def run(gate: Gate) -> object:
        with member(WORKER) as worker:
            gate()
            return actions.send(draft=draft, by=worker, at=now())

    return run


@pytest.mark.parametrize("locked", [True, False])
def test_nothing_is_sent_while_the_objection_is_being_granted(
    fresh_database: object, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    signed = sign_convention()
    case = send_referral(signed)
    index_as_worker()
    request, draft = attached(received(rights=("objection",)), case), write_draft(signed)
    if not locked:
        monkeypatch.setattr(stopping, "_held", lambda *_: None)
    said = told(race(granting(request), sending(draft)))
    assert [one.partition(" le ")[0] for one in said] == (
        ["Cette personne s’est opposée", "done"] if locked else ["done", "done"]
    )
    with member(WORKER):
        assert Referral.objects.filter(state="sent").exists() is not locked


def test_other_flows_and_senders_do_not_wait(fresh_database: object) -> None:
    """Two who send along one flow hold it together."""
    signed = sign_convention()
    drafts = [write_draft(signed), write_draft(signed)]
    assert told(race(*map(sending, drafts))) == ["done", "done"]
