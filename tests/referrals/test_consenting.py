"""The person's agreement leaves with her referral; taken back on either side, it stops everything, whatever the code says."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.models import Consent, Information
from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.referrals import actions, consenting
from maillage.referrals.models import Referral
from maillage.referrals.queries import file_of, referral_of
from tests.referrals.world import (
    ADVISER,
    AGREEMENT,
    READER,
    WORKER,
    Signed,
    complete,
    followed_by,
    member,
    organisation,
    send_referral,
    work,
    write_draft,
)

REFUSED = (IntegrityError, InternalError, ProgrammingError)
MANDATED = Agreement("agreed", "all", "mandate", "MANDAT-2026-0042")


def revoke(case: UUID, by: str) -> None:
    with member(by) as someone:
        consenting.revoke(referral=referral_of(someone, case), by=someone, at=now())


def stored(case: UUID) -> tuple[Referral, Consent]:
    with acting(organisation=organisation("CPAM 42").id):
        return Referral.objects.get(case_id=case), Consent.objects.get(case_id=case)


def messages(to: str, kind: str) -> int:
    with acting(organisation=organisation(to).id):
        return Message.objects.filter(kind=kind).count()


def test_what_she_was_told_and_what_she_answered_leave_with_her_referral(signed: Signed) -> None:
    told = replace(complete(signed.id).told, language="ar", notice="easy")  # type: ignore[type-var]
    case = send_referral(signed, told=told, agreement=MANDATED)
    work(followed_by(case, ADVISER), "acknowledge")
    _, consent = stored(case)
    assert (consent.answer, consent.how, consent.progress) == ("agreed", "mandate", "all")
    assert b"MANDAT" not in bytes(consent.sealed_mandate or b"")
    with member(ADVISER) as adviser:
        file = file_of(adviser, case)
    assert file.mandate == "MANDAT-2026-0042"
    assert file.information is not None
    assert (file.information.language, file.information.notice) == ("ar", "easy")


@pytest.mark.parametrize("agreement", [None, Agreement("refused", "all"), Agreement("agreed", "all")])
def test_without_an_answer_or_against_it_nothing_leaves(signed: Signed, agreement: Agreement | None) -> None:
    draft = write_draft(signed, agreement=agreement)
    with member(WORKER) as worker, pytest.raises(actions.Incomplete) as refused:
        actions.send(draft=draft, by=worker, at=now())
    assert refused.value.steps == ("information",)
    assert Information.objects.count() == 0


def test_that_nobody_asked_her_is_written_as_such(signed: Signed) -> None:
    _, consent = stored(send_referral(signed, agreement=Agreement("not_asked", "all", "oral", "XX")))
    assert (consent.answer, consent.how, consent.sealed_mandate) == ("not_asked", "", None)


@pytest.mark.parametrize(
    ("by", "side", "verbs", "told", "kind"),
    [
        (WORKER, "sender", ("acknowledge", "accept", "pause"), "CPAM 42", "referral_withdrawn"),
        (ADVISER, "recipient", (), "CCAS", "referral_revoked"),
    ],
)
def test_whichever_side_hears_it_everything_stops_and_the_other_is_told(
    signed: Signed, *, by: str, side: str, verbs: tuple[str, ...], told: str, kind: str
) -> None:
    case = send_referral(signed)
    if verbs:
        work(case, *verbs)
    revoke(case, by)
    referral, consent = stored(case)
    assert (referral.state, referral.end_reason) == ("withdrawn", "consent_withdrawn")
    assert referral.closed_by == consent.withdrawn_by
    assert consent.withdrawn_to == side
    assert referral.closed_at is not None
    assert messages(told, kind) == 1
    for again in (WORKER, ADVISER):
        with pytest.raises(TransitionRefused):
            revoke(case, again)


def test_who_only_reads_or_takes_no_part_notes_nothing(signed: Signed) -> None:
    case = send_referral(signed)
    with pytest.raises(PermissionDenied):
        revoke(case, READER)


STOPPED = (
    "UPDATE referrals_referral SET state = 'withdrawn', closed_at = now(), closed_by = case_id, end_reason = '{}'"
    " WHERE case_id = %s"
)
SECOND = (
    "INSERT INTO beneficiaries_consent (case_id, answer, how, progress, noted_at, noted_by, withdrawn_to)"
    " VALUES (%s, 'agreed', 'oral', 'all', now(), gen_random_uuid(), '')"
)
CHANGED = "UPDATE beneficiaries_consent SET {} WHERE case_id = %s"
STATEMENTS = {
    "a caisse stops it without the record": ("CPAM 42", STOPPED.format("consent_withdrawn")),
    "a caisse stops it for another reason": ("CPAM 42", STOPPED.format("moved")),
    "a sender says so without the record": ("CCAS", STOPPED.format("consent_withdrawn")),
    "an answer is changed": ("CPAM 42", CHANGED.format("answer = 'not_asked', how = ''")),
    "what may return is changed": ("CCAS", CHANGED.format("progress = 'received'")),
    "a refusal is sent": ("CCAS", CHANGED.format("answer = 'refused'")),
    "a second answer": ("CCAS", SECOND),
}


def refused(case: UUID, body: str, statement: str) -> bool:
    """Whether PostgreSQL refuses a statement in the context of an organisation."""
    try:
        with acting(organisation=organisation(body).id), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [case])
            return not cursor.rowcount
    except REFUSED:
        return True


def test_postgresql_refuses_what_the_code_forgets(signed: Signed) -> None:
    case = send_referral(signed, agreement=AGREEMENT)
    for what, (body, statement) in STATEMENTS.items():
        assert refused(case, body, statement), what
    assert not refused(case, "CPAM 42", TAKEN_BACK)  # the same hand may do what is its own
    for body in ("CPAM 42", "CCAS"):
        assert refused(case, body, GIVEN_AGAIN)


TAKEN_BACK = (
    "UPDATE beneficiaries_consent SET withdrawn_at = now(), withdrawn_by = case_id WHERE case_id = %s"
)
GIVEN_AGAIN = "UPDATE beneficiaries_consent SET withdrawn_at = NULL, withdrawn_by = NULL, withdrawn_to = '' WHERE case_id = %s"
