"""Questions of the caisse and answers of the sender: sealed for both, told without content, renewed with the case's key."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from maillage.cases.models import Participation
from maillage.cases.queries import keys_of
from maillage.core import crypto
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.referrals import questions, working
from maillage.referrals.models import CaseQuestion, Referral
from maillage.referrals.queries import asked_of, file_of, referral_of, waiting
from maillage.referrals.renewing import renew_cases
from maillage.referrals.sealed_words import ANSWER, QUESTION, REFUSAL
from tests.conventions.people import worker_process
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    STRANGER,
    WORKER,
    Signed,
    answer,
    ask,
    followed_by,
    member,
    organisation,
    send_referral,
    stop,
    work,
)

ASKED, ANSWERED = "Quelle mutuelle a-t-elle ?", "Aucune depuis mars."


def said(case: object, address: str) -> list[tuple[str, str]]:
    with member(address) as someone:
        return [(one.question, one.answer) for one in file_of(someone, case).history.questions]  # type: ignore[arg-type]


def test_a_question_and_its_answer_open_to_both_sides_and_are_told_without_content(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    first = ask(case, ASKED)
    assert said(case, WORKER) == said(case, ADVISER) == [(ASKED, "")]
    answer(case, first, ANSWERED)
    second = ask(case)
    assert said(case, WORKER) == said(case, ADVISER) == [(ASKED, ANSWERED), ("Quelle est sa mutuelle ?", "")]
    answer(case, second)
    told = []
    for address in (WORKER, ADVISER):
        with member(address):
            told += list(Message.objects.filter(kind__in=("referral_question", "referral_answer")))
            row = CaseQuestion.objects.get(id=first)
            assert row.answered_by is not None
            assert not any(
                word.encode() in bytes(row.sealed_question) + bytes(row.sealed_answer or b"")
                for word in (ASKED, ANSWERED)
            )
    assert len(told) == 4
    assert not any("mutuelle" in f"{one.once} {one.reference} {one.path}" for one in told)


def test_an_open_question_waits_for_the_sender_and_not_for_the_caisse(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")

    def lines() -> tuple[int, int]:
        with member(WORKER) as worker:
            owed = len(asked_of(worker, limit=9))
        with member(ADVISER) as adviser:
            assert asked_of(adviser, limit=9) == []
            return owed, len(waiting(adviser, on=today(), limit=9))

    assert lines() == (0, 1)
    question = ask(case)
    assert lines() == (1, 0)
    answer(case, question)
    assert lines() == (0, 1)
    ask(case)
    stop(case, "withdraw", "moved")
    assert lines() == (0, 0)


def test_a_form_sent_twice_asks_once_and_an_answer_is_given_once(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    with member(ADVISER) as adviser:
        known: dict[str, Any] = {
            "referral": referral_of(adviser, case),
            "question_id": uuid7(),
            "by": adviser,
            "at": now(),
        }
        assert questions.ask(text=ASKED, **known)
        assert not questions.ask(text=ASKED, **known)
    answer(case, known["question_id"])
    with pytest.raises(TransitionRefused, match="vient de répondre"):
        answer(case, known["question_id"])


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 1001])
def test_what_says_nothing_or_too_much_is_refused_at_its_field(signed: Signed, text: str) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    with pytest.raises(Refused) as refused:
        ask(case, text)
    assert refused.value.field == "question"
    question = ask(case)
    with pytest.raises(Refused) as refused:
        answer(case, question, text)
    assert refused.value.field == "answer"


def test_nobody_asks_before_the_reception_nor_answers_after_the_end(signed: Signed) -> None:
    case = send_referral(signed)
    with pytest.raises(TransitionRefused):
        ask(case)
    work(case, "acknowledge")
    question = ask(case)
    work(case, "refuse")
    with pytest.raises(TransitionRefused):
        answer(case, question)


@pytest.mark.security
def test_each_side_keeps_to_its_part_and_a_question_to_its_case(signed: Signed) -> None:
    case, other = send_referral(signed), send_referral(signed)
    for one in (case, other):
        work(one, "acknowledge")
    question = ask(case)
    with member(ADVISER) as adviser, pytest.raises(PermissionDenied):
        questions.answer(
            referral=referral_of(adviser, case), question=question, text="x", by=adviser, at=now()
        )
    with member(WORKER) as worker, pytest.raises(PermissionDenied):
        questions.ask(referral=referral_of(worker, case), question_id=uuid7(), text="x", by=worker, at=now())
    with pytest.raises(CaseQuestion.DoesNotExist):
        answer(other, question)
    with member(STRANGER):
        assert not CaseQuestion.objects.exists()


def test_a_new_key_of_the_case_takes_its_words_along(committed: Signed) -> None:
    case, refused = (followed_by(send_referral(committed), ADVISER) for _ in range(2))
    for one in (case, refused):
        work(one, "acknowledge")
    question = ask(case, ASKED)
    answer(case, question, ANSWERED)
    ask(case)
    with member(ADVISER) as adviser:
        working.refuse(
            referral=referral_of(adviser, refused), reason="other", words=ANSWERED, by=adviser, at=now()
        )
    with member(WORKER):
        former = keys_of(Participation.objects.filter(case_id__in=(case, refused)))
    with worker_process():
        done = renew_cases(organisation("CCAS").id, before=now())
    assert (done.changed, done.unreadable) == (2, 0)
    for address in (WORKER, ADVISER):
        assert said(case, address) == [(ASKED, ANSWERED), ("Quelle est sa mutuelle ?", "")]
        with member(address) as someone:
            assert file_of(someone, refused).history.refusal_words == ANSWERED
    row = CaseQuestion.objects.using("owner").get(id=question)
    words = Referral.objects.using("owner").get(case_id=refused).refusal_words
    for key, sealed, place in (
        (former[case], row.sealed_question, QUESTION.place(question)),
        (former[case], row.sealed_answer, ANSWER.place(question)),
        (former[refused], words, REFUSAL.place(refused)),
    ):
        assert sealed is not None
        with pytest.raises(crypto.DecryptionError):
            crypto.decrypt(key, bytes(sealed), at=place)


@pytest.mark.security
def test_the_web_renews_nothing(db: None) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege('words_to_renew(uuid)', 'EXECUTE'),"
            " has_function_privilege('encrypt_words_again(uuid, text, uuid, bytea, bytea)', 'EXECUTE')"
        )
        assert cursor.fetchone() == (False, False)
