"""The caisse works a referral: who may, in which order, once; and the sender is told at each step."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections, transaction

from maillage.beneficiaries.models import Beneficiary
from maillage.cases.models import Case, Participation
from maillage.core.clock import now
from maillage.core.crypto import DecryptionError
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.referrals import actions, outcomes, working
from maillage.referrals.models import ContactAttempt, Draft, Referral
from maillage.referrals.outcomes import Noted
from maillage.referrals.queries import ReferralCounts, file_of, referral_counts, referral_of
from maillage.referrals.states import ENDS
from maillage.referrals.working import Tried
from tests.days import today
from tests.racing import together
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    STRANGER,
    WORKER,
    Signed,
    all_done,
    followed_by,
    member,
    send_referral,
    stop,
    tried,
    work,
    write_draft,
)


def test_the_sender_is_told_at_each_step_without_any_content(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge", "accept", "contact", "close")
    with member(WORKER):
        told = list(Message.objects.order_by("id"))
    assert [message.kind for message in told] == [
        "referral_acknowledged",
        "referral_accepted",
        "referral_contacted",
        "referral_closed",
    ]
    said = " ".join(f"{message.once} {message.reference} {message.path}" for message in told)
    assert not any(canary in said for canary in CANARIES)


LIVES: dict[str, tuple[str, ...]] = {
    "closed": ("acknowledge", "accept", "pause", "resume", "close"),
    "refused": ("acknowledge", "refuse"),
    "paused": ("acknowledge", "accept", "pause"),
}


@pytest.mark.parametrize("end", LIVES)
def test_the_state_reaches_both_participations(signed: Signed, end: str) -> None:
    case = send_referral(signed)
    for verb in LIVES[end]:
        state = work(case, verb).state
        for address in (WORKER, ADVISER):
            with member(address):
                part = Participation.objects.get(case_id=case)
                assert part.state == state
                assert (part.closed_at is not None) == (state in ENDS)
    assert state == end


def test_a_referral_is_acknowledged_once(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    with pytest.raises(TransitionRefused):
        work(case, "acknowledge")


@pytest.mark.parametrize(
    ("done", "verb"),
    [
        ((), "accept"),
        ((), "contact"),
        ((), "refuse"),
        (("acknowledge",), "close"),
        (("acknowledge",), "pause"),
        (("acknowledge", "accept"), "refuse"),
        (("acknowledge", "accept"), "resume"),
        (("acknowledge", "accept", "pause"), "pause"),
        (("acknowledge", "refuse"), "contact"),
        (("acknowledge", "refuse"), "accept"),
    ],
)
def test_nothing_is_skipped_nor_done_too_late(signed: Signed, done: tuple[str, ...], verb: str) -> None:
    case = send_referral(signed)
    work(case, *done)
    with pytest.raises(TransitionRefused):
        work(case, verb)


def test_a_person_who_could_not_be_reached_is_closed_without_contact(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge", "accept")
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        for way in ("call", "letter"):
            assert working.contact(
                referral=referral, tried=tried(reached=False, way=way), by=adviser, at=now()
            )
        noted = all_done(case, "unreachable", ame="not_applicable")
        outcomes.close(referral=referral, noted=noted, by=adviser, at=now())
        kept = Referral.objects.get(case_id=case)
        assert kept.contacted_on is None
        assert (kept.care_outcome, kept.rights_outcome) == ("unreachable", "none")
    with member(WORKER):
        assert ContactAttempt.objects.filter(case_id=case, reached=False).count() == 2


def test_the_first_try_that_reaches_dates_the_contact_and_tells_the_sender_once(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    first = tried()
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        for one, is_new in ((tried(reached=False), True), (first, True), (first, False), (tried(), True)):
            assert working.contact(referral=referral, tried=one, by=adviser, at=now()) is is_new
        kept = Referral.objects.get(case_id=case)
        assert (kept.contacted_on, kept.contacted_by) == (first.day, adviser.user)
        assert ContactAttempt.objects.count() == 3
    with member(WORKER):
        assert Message.objects.filter(kind="referral_contacted").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (tried(day=today() + timedelta(days=1)), "day"),
        (tried(day=today() - timedelta(days=400)), "day"),
        (tried(way="pigeon"), "way"),
    ],
)
def test_an_impossible_try_is_refused_at_its_field(signed: Signed, wrong: Tried, field: str) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    with member(ADVISER) as adviser, pytest.raises(Refused) as refused:
        working.contact(referral=referral_of(adviser, case), tried=wrong, by=adviser, at=now())
    assert refused.value.field == field


def test_a_refusal_says_why_and_its_words_open_to_both_sides_only(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    words = "Le lunetier du quartier l’attend."
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        for reason, said, field in (("", "", "reason"), ("weather", "", "reason"), ("other", " ", "words")):
            with pytest.raises(Refused) as refused:
                working.refuse(referral=referral, reason=reason, words=said, by=adviser, at=now())
            assert refused.value.field == field
        working.refuse(referral=referral, reason="other", words=words, by=adviser, at=now())
    for address in (WORKER, ADVISER):
        with member(address) as someone:
            file = file_of(someone, case)
            assert (file.referral.state, file.referral.end_reason) == ("refused", "other")
            assert file.history.refusal_words == words
            assert words.encode() not in bytes(file.referral.refusal_words or b"")


def test_a_pause_has_its_reason_and_comes_back_on_its_day(signed: Signed) -> None:
    case, soon = send_referral(signed), today() + timedelta(days=30)
    work(case, "acknowledge", "accept")
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        for reason, day, field in (
            ("", soon, "reason"),
            ("awaiting_papers", today(), "look_again_on"),
            ("awaiting_papers", today() + timedelta(days=400), "look_again_on"),
        ):
            with pytest.raises(Refused) as refused:
                working.pause(referral=referral, reason=reason, look_again_on=day, by=adviser, at=now())
            assert refused.value.field == field
    for verb, due in (("pause", soon), ("resume", None), ("pause", soon)):
        work(case, verb)
        with member(ADVISER):
            assert Participation.objects.get(case_id=case).due_on == due
        with member(WORKER):
            assert Participation.objects.get(case_id=case).due_on is None  # each side has its own
    with member(WORKER) as worker:
        pauses = file_of(worker, case).history.pauses
        assert [pause.resumed_at is None for pause in pauses] == [False, True]
        assert Message.objects.filter(kind="referral_paused").count() == 2


@pytest.mark.parametrize(
    ("verb", "reason", "after"),
    [
        ("withdraw", "person_refuses", ()),
        ("withdraw", "moved", ("acknowledge", "accept", "pause")),
        ("cancel", "wrong_person", ()),
        ("cancel", "duplicate", ("acknowledge",)),
    ],
)
def test_the_sender_stops_what_it_sent_and_the_caisse_is_told(
    signed: Signed, verb: str, reason: str, after: tuple[str, ...]
) -> None:
    case = send_referral(signed)
    work(case, *after)
    referral = stop(case, verb, reason)
    with member(ADVISER):
        part = Participation.objects.get(case_id=case)
        assert part.closed_at == referral.closed_at
        assert part.state == referral.state == {"withdraw": "withdrawn", "cancel": "cancelled"}[verb]
        assert Message.objects.filter(kind=f"referral_{part.state}", once__contains=str(case)).count() == 1
    with pytest.raises(TransitionRefused):
        work(case, "contact")
    with pytest.raises(TransitionRefused):
        stop(case, verb, reason)


def test_a_stop_needs_its_reason_and_comes_too_late_after_an_end(signed: Signed) -> None:
    case = send_referral(signed)
    for verb in ("withdraw", "cancel"):
        with pytest.raises(Refused) as refused:
            stop(case, verb, "weather")
        assert refused.value.field == "reason"
    work(case, "acknowledge", "accept")
    with pytest.raises(TransitionRefused):
        stop(case, "cancel", "duplicate")
    work(case, "close")
    with pytest.raises(TransitionRefused):
        stop(case, "withdraw", "moved")


def test_the_caisse_does_not_stop_what_it_received(signed: Signed) -> None:
    case = send_referral(signed)
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        for verb, reason in (("withdraw", "moved"), ("cancel", "duplicate")):
            with pytest.raises(PermissionDenied):
                getattr(working, verb)(referral=referral, reason=reason, by=adviser, at=now())


def test_the_sender_does_not_work_the_referral_that_it_sent(signed: Signed) -> None:
    case = send_referral(signed)
    with member(WORKER) as worker:
        known: dict[str, Any] = {"referral": referral_of(worker, case), "by": worker, "at": now()}
        for act in (
            lambda: working.acknowledge(**known),
            lambda: working.accept(**known),
            lambda: working.refuse(reason="not_eligible", words="", **known),
            lambda: working.contact(tried=tried(), **known),
            lambda: working.pause(reason="other", look_again_on=today() + timedelta(days=9), **known),
            lambda: working.resume(**known),
            lambda: outcomes.note(noted=Noted(), **known),
            lambda: outcomes.close(noted=Noted(), **known),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_a_late_clock_never_acknowledges_before_the_sending(signed: Signed) -> None:
    case = send_referral(signed)
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        late = now() - timedelta(hours=1)
        working.acknowledge(referral=referral, by=adviser, at=late)
        working.accept(referral=referral, by=adviser, at=late)
        outcomes.close(referral=referral, noted=Noted(), by=adviser, at=late)
        assert referral.acknowledged_at == referral.accepted_at == referral.closed_at == referral.sent_at


def test_the_caisse_goes_on_after_the_end_and_the_sender_cannot_send(signed: Signed) -> None:
    case, draft = send_referral(signed), write_draft(signed)
    signed.end(at=now() - timedelta(seconds=1))
    work(case, "acknowledge", "accept", "contact", "close")
    with member(WORKER) as worker, pytest.raises(actions.FlowClosed):
        actions.send(draft=draft, by=worker, at=now())


def test_each_side_counts_its_own_referrals_in_one_query(
    signed: Signed, django_assert_num_queries: Callable[..., object]
) -> None:
    for verbs in (
        (),
        ("acknowledge",),
        ("acknowledge", "contact"),
        ("acknowledge", "accept", "contact", "pause"),
        ("acknowledge", "accept", "contact", "close"),
        ("acknowledge", "contact", "refuse"),
    ):
        work(send_referral(signed), *verbs)
    for verbs in ((), ("acknowledge",)):
        withdrawn, cancelled = send_referral(signed), send_referral(signed)
        work(withdrawn, *verbs)
        work(cancelled, *verbs)
        stop(withdrawn, "withdraw", "moved")
        stop(cancelled, "cancel", "duplicate")
    expected = ReferralCounts(sent=8, acknowledged=6, contacted=2, closed=1)
    for address in (WORKER, ADVISER):
        with member(address) as someone, django_assert_num_queries(1):  # type: ignore[attr-defined]  # a context manager
            assert referral_counts(signed.id, someone) == expected
    with member(STRANGER) as stranger:
        assert referral_counts(signed.id, stranger) == ReferralCounts(0, 0, 0, 0)


@pytest.mark.security
def test_of_two_who_act_at_once_one_wins_and_the_other_is_told(committed: Signed) -> None:
    for _ in range(4):
        case = send_referral(committed)
        for verb, kind in (("acknowledge", "referral_acknowledged"), ("accept", "referral_accepted")):
            results = together(*[partial(work, case, verb)] * 2)
            assert sorted(type(result).__name__ for result in results) == ["Referral", "TransitionRefused"]
            with member(WORKER):
                assert Message.objects.filter(once=f"{kind}:{case}").count() == 1


@pytest.mark.security
def test_a_case_stopped_while_it_is_closed_has_one_end(committed: Signed) -> None:
    for _ in range(4):
        case = send_referral(committed)
        work(case, "acknowledge", "accept")
        results = together(partial(work, case, "close"), partial(stop, case, "withdraw", "moved"))
        (kept,) = (one for one in results if isinstance(one, Referral))
        assert [type(one) for one in results if one is not kept] == [TransitionRefused]
        with member(WORKER):
            assert Referral.objects.get(case_id=case).state == kept.state


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
