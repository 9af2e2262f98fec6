"""An attempt noted by error is struck and stays; a question is taken back before its answer, by its own side alone."""

from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.core.states import TransitionRefused
from maillage.referrals import correcting, working
from maillage.referrals.models import CaseQuestion, ContactAttempt, Referral
from maillage.referrals.queries import asked_of, referral_of, waiting
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    WORKER,
    Signed,
    answer,
    ask,
    member,
    organisation,
    send_referral,
    tried,
    work,
)


def note(case: UUID, *, reached: bool) -> UUID:
    one = tried(reached)
    with member(ADVISER) as adviser:
        working.contact(referral=referral_of(adviser, case), tried=one, by=adviser, at=now())
    return one.attempt_id


def strike(case: UUID, attempt: UUID, by: str = ADVISER) -> bool:
    with member(by) as someone:
        return correcting.strike(referral=referral_of(someone, case), attempt=attempt, by=someone, at=now())


def take_back(case: UUID, question: UUID, by: str = ADVISER) -> bool:
    with member(by) as someone:
        return correcting.take_back(
            referral=referral_of(someone, case), question=question, by=someone, at=now()
        )


def contacted(case: UUID) -> bool:
    with acting(organisation=organisation("CPAM 42").id):
        return Referral.objects.get(case_id=case).contacted_on is not None


def refused(body: str, statement: str, row: UUID) -> bool:
    """Whether PostgreSQL refuses a statement in the context of an organisation, or finds nothing to change."""
    try:
        with acting(organisation=organisation(body).id), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [row])
            return not cursor.rowcount
    except (IntegrityError, InternalError, ProgrammingError):
        return True


def test_a_struck_attempt_stays_and_the_contact_goes_to_the_next_that_reached_her(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge", "accept")
    wrong, right, missed = note(case, reached=True), note(case, reached=True), note(case, reached=False)
    assert strike(case, missed)
    assert strike(case, wrong)
    assert not strike(case, wrong)
    assert contacted(case)
    assert strike(case, right)
    assert not contacted(case)
    with member(ADVISER) as adviser:
        assert [part.case_id for part in waiting(adviser, on=today(), limit=5)] == [
            case
        ]  # she is to be called
        assert ContactAttempt.objects.filter(case_id=case, struck_at__isnull=False).count() == 3
    note(case, reached=True)
    assert contacted(case)


def test_a_question_taken_back_awaits_no_answer(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    slip, real = ask(case), ask(case)
    assert take_back(case, slip)
    assert not take_back(case, slip)
    with member(WORKER) as worker:
        assert [one.id for one in asked_of(worker, limit=5)] == [real]
    with pytest.raises(TransitionRefused, match="a retiré cette question"):
        answer(case, slip)
    answer(case, real)
    with pytest.raises(TransitionRefused, match="vient de répondre"):
        take_back(case, real)


def test_neither_is_done_by_the_other_side_nor_after_the_end_nor_for_another_case(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    attempt, question = note(case, reached=True), ask(case)
    for act, row in ((strike, attempt), (take_back, question)):
        with pytest.raises(PermissionDenied):
            act(case, row, WORKER)
    with pytest.raises(ContactAttempt.DoesNotExist):
        strike(case, uuid4())
    with pytest.raises(CaseQuestion.DoesNotExist):
        take_back(case, uuid4())
    work(case, "refuse")
    for act, row in ((strike, attempt), (take_back, question)):
        with pytest.raises(TransitionRefused):
            act(case, row)


STRIKE = "UPDATE referrals_contactattempt SET struck_at = now(), struck_by = id WHERE id = %s"
TAKE_BACK = "UPDATE referrals_casequestion SET withdrawn_at = now(), withdrawn_by = id WHERE id = %s"
ANSWER = "UPDATE referrals_casequestion SET answered_at = now(), answered_by = id, sealed_answer = 'x' WHERE id = %s"


def test_postgresql_tells_the_sides_apart_and_keeps_what_was_noted(signed: Signed) -> None:
    case = send_referral(signed)
    work(case, "acknowledge")
    attempt, question = note(case, reached=True), ask(case)
    attacks = (
        ("CCAS", STRIKE, attempt),
        ("CPAM 42", "UPDATE referrals_contactattempt SET reached = false WHERE id = %s", attempt),
        ("CPAM 42", "UPDATE referrals_referral SET contacted_on = NULL, contacted_by = NULL WHERE case_id = %s", case),
        ("CCAS", TAKE_BACK, question),
        ("CPAM 42", ANSWER, question),
        ("CPAM 42", "UPDATE referrals_casequestion SET sealed_question = 'x' WHERE id = %s", question),
    )  # fmt: skip
    for body, statement, row in attacks:
        assert refused(body, statement, row), statement
    for body, statement, row in (("CPAM 42", STRIKE, attempt), ("CPAM 42", TAKE_BACK, question)):
        assert not refused(body, statement, row), statement
    after = (
        ("CPAM 42", "UPDATE referrals_contactattempt SET struck_at = NULL, struck_by = NULL WHERE id = %s", attempt),
        ("CPAM 42", "UPDATE referrals_casequestion SET withdrawn_at = NULL, withdrawn_by = NULL WHERE id = %s", question),
        ("CCAS", ANSWER, question),
    )  # fmt: skip
    for body, statement, row in after:
        assert refused(body, statement, row), statement
