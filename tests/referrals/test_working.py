"""The caisse works a referral: who may, in which order, once; and the sender is told at each step."""

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from maillage.beneficiaries.models import Beneficiary
from maillage.cases.models import Case, Participation
from maillage.core.clock import now
from maillage.core.crypto import DecryptionError
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.referrals import actions
from maillage.referrals.models import Draft, Referral
from maillage.referrals.queries import ReferralCounts, file_of, referral_counts, referral_of
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    send_referral,
    work,
    write_draft,
)


def test_the_sender_is_told_at_each_step_without_any_content(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge", "contact", "close")
    with member(WORKER):
        told = list(Message.objects.order_by("id"))
    assert [message.kind for message in told] == [
        "referral_acknowledged",
        "referral_contacted",
        "referral_closed",
    ]
    said = " ".join(f"{message.once} {message.reference} {message.path}" for message in told)
    assert not any(canary in said for canary in CANARIES)


def test_the_state_reaches_both_participations(signed: Signed) -> None:
    case = send_referral(signed)
    for verb, state in (("acknowledge", "acknowledged"), ("contact", "contacted"), ("close", "closed")):
        work(case, verb)
        for address in (WORKER, ADVISER):
            with member(address):
                part = Participation.objects.get(case_id=case)
                assert part.state == state
                assert (part.closed_at is not None) == (state == "closed")


def test_a_referral_is_acknowledged_once(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    with member(ADVISER) as adviser, pytest.raises(TransitionRefused):
        actions.acknowledge(referral=referral_of(adviser, case), by=adviser, at=now())


@pytest.mark.parametrize("verb", ["contact", "close"])
def test_nothing_is_skipped_before_the_acknowledgement(signed: Signed, verb: str) -> None:
    case = send_referral(signed)
    with pytest.raises(TransitionRefused):
        work(case, verb)


def test_a_person_who_could_not_be_reached_is_closed_without_contact(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        actions.close(referral=referral, care="unreachable", rights="none", by=adviser, at=now())
        assert Referral.objects.get(case_id=case).contacted_on is None


def test_the_sender_does_not_work_the_referral_that_it_sent(signed: Signed) -> None:
    case = send_referral(signed)
    with member(WORKER) as worker:
        referral = referral_of(worker, case)
        with pytest.raises(PermissionDenied):
            actions.acknowledge(referral=referral, by=worker, at=now())


def test_an_unknown_outcome_is_refused_at_its_field(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    for care, rights, field in (("x", "none", "care_outcome"), ("done", "x", "rights_outcome")):
        with member(ADVISER) as adviser, pytest.raises(Refused) as refused:
            actions.close(referral=referral_of(adviser, case), care=care, rights=rights, by=adviser, at=now())
        assert refused.value.field == field


def test_a_late_clock_never_acknowledges_before_the_sending(signed: Signed) -> None:
    case = send_referral(signed)
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        actions.acknowledge(referral=referral, by=adviser, at=now() - timedelta(hours=1))
        assert referral.acknowledged_at == referral.sent_at


def test_the_caisse_goes_on_after_the_end_and_the_sender_cannot_send(signed: Signed) -> None:
    case, draft = send_referral(signed), write_draft(signed)
    signed.end(at=now() - timedelta(seconds=1))
    work(case, "acknowledge", "contact", "close")
    with member(WORKER) as worker, pytest.raises(actions.FlowClosed):
        actions.send(draft=draft, by=worker, at=now())


def test_each_side_counts_its_own_referrals_in_one_query(
    signed: Signed, django_assert_num_queries: Callable[..., object]
) -> None:
    for verbs in ((), ("acknowledge",), ("acknowledge", "contact"), ("acknowledge", "contact", "close")):
        work(send_referral(signed), *verbs)
    expected = ReferralCounts(sent=4, acknowledged=3, contacted=1, closed=1)
    for address in (WORKER, ADVISER):
        with member(address) as someone, django_assert_num_queries(1):  # type: ignore[attr-defined]  # a context manager
            assert referral_counts(signed.id, someone) == expected
    with member(STRANGER) as stranger:
        assert referral_counts(signed.id, stranger) == ReferralCounts(0, 0, 0, 0)


def together(*acts: Callable[[], object]) -> list[object]:
    """Run acts at the same instant, each on a connection of its own; what each returned, or its exception."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(position: int, act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            results[position] = act()
        except Exception as error:  # noqa: BLE001 - what was raised is what the test looks at
            results[position] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(position, act)) for position, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.mark.security
def test_of_two_acknowledgements_at_once_one_wins_and_the_other_is_told(committed: Signed) -> None:
    for _ in range(5):
        case = send_referral(committed)
        results = together(*[lambda case=case: work(case, "acknowledge")] * 2)
        assert sorted(type(result).__name__ for result in results) == ["Referral", "TransitionRefused"]
        with member(WORKER):
            assert Message.objects.filter(once=f"referral_acknowledged:{case}").count() == 1


@pytest.mark.security
def test_a_draft_sent_twice_at_once_makes_one_case(committed: Signed) -> None:
    def send(draft: UUID) -> UUID:
        with member(WORKER) as worker:
            return actions.send(draft=draft, by=worker, at=now())

    for number in range(1, 6):
        draft = write_draft(committed)
        assert together(*[lambda draft=draft: send(draft)] * 2) == [draft, draft]
        with member(WORKER):
            assert Case.objects.count() == number
            assert not Draft.objects.exists()


@pytest.mark.security
def test_a_convention_closed_by_the_owner_closes_an_open_session(committed: Signed) -> None:
    draft = write_draft(committed)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE cases_authorisation SET open_during = tstzrange('2024-11-14', statement_timestamp())"
        )
    with member(WORKER) as worker, pytest.raises(actions.FlowClosed):
        actions.send(draft=draft, by=worker, at=now())
    with member(WORKER):
        assert Draft.objects.count() == 1


@pytest.mark.security
def test_an_identity_moved_to_another_case_does_not_open(committed: Signed) -> None:
    first, second = send_referral(committed), followed_by(send_referral(committed), ADVISER)
    stolen = Beneficiary.objects.using("owner").get(case_id=first).identity
    Beneficiary.objects.using("owner").filter(case_id=second).update(identity=stolen)
    with member(ADVISER) as adviser, pytest.raises(DecryptionError):
        file_of(adviser, second)


@pytest.mark.security
def test_a_narrative_that_was_altered_does_not_open(committed: Signed) -> None:
    case = followed_by(send_referral(committed), ADVISER)
    narrative = bytes(Referral.objects.using("owner").get(case_id=case).narrative or b"")
    altered = narrative[:-1] + bytes([narrative[-1] ^ 1])
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE referrals_referral DISABLE TRIGGER kept")
    Referral.objects.using("owner").filter(case_id=case).update(narrative=altered)
    with member(ADVISER) as adviser, pytest.raises(DecryptionError):
        file_of(adviser, case)


@pytest.mark.security
def test_a_stranger_neither_reaches_nor_changes_a_referral(signed: Signed) -> None:
    case = send_referral(signed)
    with member(STRANGER) as stranger:
        with pytest.raises(Participation.DoesNotExist):
            file_of(stranger, case)
        assert Referral.objects.filter(case_id=case).update(state="closed") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Beneficiary.objects.create(case_id=case, identity=b"x")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO cases_participation SELECT * FROM cases_participation")


LATER = now() + timedelta(days=1)
WRONG: dict[str, dict[str, object]] = {
    "no step leads": {"state": "lost", "acknowledged_at": LATER, "acknowledged_by": uuid7()},
    "referral_acknowledged_has_its_date": {"state": "acknowledged"},
    "referral_acknowledged_by_someone": {
        "state": "acknowledged",
        "acknowledged_at": now() + timedelta(days=1),
    },
    "referral_closed_has_its_outcome": {"care_outcome": "done"},
}


@pytest.mark.parametrize("constraint", WRONG)
def test_the_database_refuses_a_referral_that_makes_no_sense(signed: Signed, constraint: str) -> None:
    case = send_referral(signed)
    with member(ADVISER), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Referral.objects.filter(case_id=case).update(**WRONG[constraint])
