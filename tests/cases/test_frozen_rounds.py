"""What runs by itself goes past a restricted case, even one that is restricted under its hands, and finds it again; its key is renewed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from maillage.cases.freezes import Freeze
from maillage.cases.freezing import freeze
from maillage.cases.freezing import lift as lift_freeze
from maillage.cli import renewal
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals import expiring
from maillage.referrals import queries as referrals
from maillage.referrals.models import Referral
from maillage.referrals.own.rules import ACTION_KINDS
from maillage.referrals.planning import Plan, actions_due, plan
from maillage.rights import alerting, lapsing
from maillage.rights.alerting import alert
from maillage.rights.lapsing import lapse
from maillage.rights.lists import to_send, to_tell
from maillage.rights.models import Application
from maillage.secondments.agenda import to_note
from tests.beneficiaries.jobs import as_worker
from tests.cli.kept_world import raw as as_owner
from tests.conventions.people import worker_process
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    PERSON,
    WORKER,
    Signed,
    ask,
    followed_by,
    member,
    organisation,
    send_referral,
    sign_convention,
    work,
)
from tests.rights import world as rights
from tests.rights.test_examining import ask as ask_pieces
from tests.rights.test_lapsing import aged
from tests.secondments import world as secondments

pytestmark = pytest.mark.security


def frozen(case: UUID, by: str) -> Freeze:
    with member(by) as someone:
        (row,) = freeze(cases=[case], ground="accuracy", by=someone, at=now())
    return row


def lifted(row: Freeze, by: str) -> None:
    with member(by) as someone:
        lift_freeze(
            row=row, why="Vérifié.", told_on=today(), told_how="letter", by=someone, at=now(), on=today(), since=today()
        )  # fmt: skip


def restricting(case: UUID, short_name: str) -> Callable[[UUID], bool]:
    """Sees nothing, while the case is restricted by somebody else at that very instant."""

    def look(seen: UUID) -> bool:
        if seen == case and not Freeze.objects.using("owner").filter(case_id=case, lifted_at=None).exists():
            Freeze(
                id=uuid7(), case_id=case, organisation_id=organisation(short_name).id, ground="claims", since=now(), frozen_by=uuid7(),
            ).save(using="owner", force_insert=True)  # fmt: skip
        return False

    return look


@pytest.fixture
def signed(fresh_database: object) -> Signed:
    return sign_convention()


@pytest.fixture
def pass_(fresh_database: object) -> rights.Signed:
    return rights.sign()


def states() -> dict[UUID, str]:
    with member(WORKER):
        return dict(Referral.objects.values_list("case_id", "state"))


def test_a_referral_restricted_under_the_hands_of_a_round_does_not_stop_it(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other = send_referral(signed), send_referral(signed)
    later = now() + timedelta(days=91)
    monkeypatch.setattr(expiring, "is_frozen", restricting(case, "CCAS"))
    with worker_process():
        assert expiring.expire(at=later, days=90) == 1
    assert states() == {case: "sent", other: "expired"}
    monkeypatch.undo()
    with member(WORKER):
        row = Freeze.objects.get(case_id=case)
    lifted(row, WORKER)
    with worker_process():
        assert expiring.expire(at=later, days=90) == 1


def silent_ones(signed: rights.Signed) -> tuple[UUID, UUID]:
    case, other = rights.send(signed, "c2s"), rights.send(signed, "ame")
    for one in (case, other):
        rights.receive(one)
        aged(one, 70)
    return case, other


def test_the_silence_of_the_law_waits_for_the_lifting_and_speaks_at_its_own_day(pass_: rights.Signed) -> None:
    case, other = silent_ones(pass_)
    row = frozen(case, rights.PASS)
    with worker_process():
        assert lapse(at=now()) == 1
    assert rights.read(case).lapsed_on is None
    assert rights.read(other).lapsed_on is not None
    legal = rights.read(case).legal_on
    lifted(row, rights.PASS)
    with worker_process():
        assert lapse(at=now()) == 1
        assert lapse(at=now()) == 0
    found = rights.read(case)
    assert legal is not None
    assert (found.state, found.lapsed_on) == ("granted", legal + timedelta(days=1))


def test_a_file_restricted_under_the_hands_of_the_silence_does_not_stop_it(
    pass_: rights.Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other = silent_ones(pass_)
    monkeypatch.setattr(lapsing, "is_frozen", restricting(case, rights.HOSPITAL))
    with worker_process():
        assert lapse(at=now()) == 1
    assert (rights.read(case).lapsed_on, rights.read(other).lapsed_on is None) == (None, False)


def waiting_ones(signed: rights.Signed) -> tuple[UUID, UUID]:
    """Two files of one convention and caisse whose day to be told of has come."""
    case, other = rights.send(signed, "c2s"), rights.send(signed, "ame")
    for one in (case, other):
        rights.receive(one)
    as_owner("UPDATE rights_application SET alert_on = received_on RETURNING case_id")
    return case, other


def alert_days() -> dict[UUID, Any]:
    with member(ADVISER):
        return dict(Application.objects.values_list("case_id", "alert_on"))


def test_what_waits_too_long_is_told_once_it_is_lifted(pass_: rights.Signed) -> None:
    case, other = waiting_ones(pass_)
    row = frozen(case, rights.PASS)
    with worker_process():
        alert(at=now())
    days = alert_days()
    assert days[case] == today()
    assert days[other] != today()
    lifted(row, rights.PASS)
    with worker_process():
        alert(at=now())
    assert alert_days()[case] != today()


def test_a_file_restricted_while_others_are_told_does_not_keep_them(
    pass_: rights.Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other = waiting_ones(pass_)
    look = restricting(case, rights.HOSPITAL)

    def seen(cases: list[UUID]) -> list[Freeze]:
        for one in cases:
            look(one)
        return []

    monkeypatch.setattr(alerting, "restricted", seen)
    with worker_process():
        alert(at=now())
    days = alert_days()
    assert days[case] == today()
    assert days[other] != today()


def test_nothing_is_asked_of_anybody_about_it(signed: Signed) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    work(case, "acknowledge", "accept")
    ask(case)
    with member(ADVISER) as adviser:
        action = Plan(uuid7(), next(iter(ACTION_KINDS)), today())
        plan(referral=referrals.referral_of(adviser, case), action=action, by=adviser, at=now())

    def asked() -> tuple[int, int]:
        with member(WORKER) as worker:
            questions = len(referrals.asked_of(worker, limit=9))
        with member(ADVISER) as adviser:
            return questions, len(actions_due(adviser, on=today(), limit=9))

    assert asked() == (1, 1)
    row = frozen(case, WORKER)
    assert asked() == (0, 0)
    lifted(row, WORKER)
    assert asked() == (1, 1)


def test_no_piece_is_asked_and_nobody_is_to_be_told_of_a_decision(pass_: rights.Signed) -> None:
    asked, decided = rights.send(pass_, "ame"), rights.send(pass_, "c2s")
    rights.receive(asked, is_complete=False)
    ask_pieces(asked)
    rights.receive(decided)
    rights.act("refuse", decided, reason="other", words="Sans suite.", on=today())

    def waits() -> tuple[int, int]:
        with member(rights.PASS) as worker:
            pieces = len(to_send(worker, limit=9))
        with member(ADVISER) as adviser:
            return pieces, len(to_tell(adviser, limit=9))

    assert waits() == (1, 1)
    rows = [frozen(one, rights.PASS) for one in (asked, decided)]
    assert waits() == (0, 0)
    for row in rows:
        lifted(row, rights.PASS)
    assert waits() == (1, 1)


def test_no_appointment_is_to_be_noted(fresh_database: object) -> None:
    case = secondments.book_past(secondments.lend(since=today() - timedelta(days=30)))

    def waits() -> int:
        with member(ADVISER) as adviser:
            return len(to_note(adviser, at=now(), limit=9))

    assert waits() == 1
    frozen(case, WORKER)
    assert waits() == 0


def test_the_key_of_a_restricted_case_is_renewed_and_both_sides_read_it(signed: Signed) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    work(case, "acknowledge", "accept", "contact")
    frozen(case, WORKER)
    (before,) = as_owner("SELECT key_made_at FROM cases_participation WHERE case_id = %s LIMIT 1", case)[0]
    (sealed,) = as_owner("SELECT identity FROM beneficiaries_beneficiary WHERE case_id = %s", case)[0]
    with as_worker():
        assert renewal.cases(renewal.Wanted()) == 0
    (after,) = as_owner("SELECT key_made_at FROM cases_participation WHERE case_id = %s LIMIT 1", case)[0]
    assert after > before
    assert as_owner("SELECT identity FROM beneficiaries_beneficiary WHERE case_id = %s", case) != [(sealed,)]
    for address in (WORKER, ADVISER):
        with member(address) as someone:
            file = referrals.file_of(someone, case)
            assert file.identity == PERSON
            assert file.participation.frozen_since is not None
