"""A draft becomes a case shared with the caisse, once, and only while the convention allows it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from psycopg import sql

from maillage.audit.models import Entry
from maillage.beneficiaries.models import Beneficiary, Information
from maillage.cases.models import Case, Participation
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.notifications.models import Message
from maillage.referrals import actions
from maillage.referrals.content import Step
from maillage.referrals.drafts import OpenedDraft, begin, discard, keep, open_draft
from maillage.referrals.models import Draft, Referral
from maillage.referrals.queries import file_of
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    NARRATIVE,
    OTHER_WORKER,
    PERSON,
    READER,
    STRANGER,
    WORKER,
    Signed,
    complete,
    followed_by,
    member,
    send_referral,
    write_draft,
)


def test_a_draft_becomes_a_case_with_its_person_its_information_and_its_message(signed: Signed) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    with member(ADVISER) as adviser:
        file = file_of(adviser, case)
        assert file.identity == PERSON
        assert file.narrative == NARRATIVE
        assert file.referral.state == "sent"
        assert file.participation.role == "recipient"
        assert file.information is not None
        assert file.information.recipient_id == adviser.organisation
        assert Message.objects.filter(kind="referral_sent", path=f"/orientations/{case}/").count() == 1
    with member(WORKER) as worker:
        assert not Draft.objects.exists()
        assert file_of(worker, case).identity == PERSON
        assert Entry.objects.filter(verb="send", object_ref=str(case), user_id=str(worker.user)).count() == 1


def test_a_second_sending_finds_the_case_of_the_first(signed: Signed) -> None:
    case = send_referral(signed)
    with member(WORKER) as worker:
        assert actions.send(draft=case, by=worker, at=now()) == case
        assert Case.objects.count() == 1
        assert Referral.objects.count() == 1


def test_the_same_form_sent_twice_makes_one_draft(signed: Signed) -> None:
    token = uuid7()
    assert write_draft(signed, token=token) == write_draft(signed, token=token)
    with member(WORKER):
        assert Draft.objects.count() == 1


def test_the_token_of_someone_else_leads_to_ones_own_draft(signed: Signed) -> None:
    token = uuid7()
    assert write_draft(signed, token=token) != write_draft(signed, by=OTHER_WORKER, token=token)


def test_a_colleague_does_not_reach_a_draft(signed: Signed) -> None:
    draft = write_draft(signed)
    with member(OTHER_WORKER) as colleague, pytest.raises(Draft.DoesNotExist):
        open_draft(colleague, draft)
    with member(OTHER_WORKER) as colleague, pytest.raises(Draft.DoesNotExist):
        actions.send(draft=draft, by=colleague, at=now())


def test_an_unfinished_draft_is_not_sent_and_says_what_is_missing(signed: Signed) -> None:
    draft = write_draft(signed, person=None, told=None)
    with member(WORKER) as worker, pytest.raises(actions.Incomplete) as refused:
        actions.send(draft=draft, by=worker, at=now())
    assert refused.value.steps == (Step.PERSON, Step.INFORMATION)


def test_an_answer_that_no_longer_holds_stops_the_sending(signed: Signed) -> None:
    draft = write_draft(signed, person=replace(PERSON, birth_date=today() + timedelta(days=2)))
    with member(WORKER) as worker, pytest.raises(actions.Incomplete) as refused:
        actions.send(draft=draft, by=worker, at=now())
    assert Step.PERSON in refused.value.steps


def test_when_the_convention_has_ended_nothing_is_sent_and_the_draft_stays(signed: Signed) -> None:
    draft = write_draft(signed)
    signed.end(at=now() - timedelta(minutes=1))
    with member(WORKER) as worker:
        with pytest.raises(actions.FlowClosed):
            actions.send(draft=draft, by=worker, at=now())
        assert isinstance(open_draft(worker, draft), OpenedDraft)
        assert not Case.objects.exists()


def test_a_convention_not_yet_open_sends_nothing(signed: Signed) -> None:
    draft = write_draft(signed)
    signed.publish(since=now() + timedelta(days=1), until=now() + timedelta(days=2))
    with member(WORKER) as worker, pytest.raises(actions.FlowClosed):
        actions.send(draft=draft, by=worker, at=now())


def test_an_authorisation_that_is_not_ones_own_opens_nothing(signed: Signed) -> None:
    with member(STRANGER) as stranger:
        content = complete(uuid4())
        draft = begin(token=uuid7(), content=content, by=stranger, at=now())
        with pytest.raises(actions.FlowClosed):
            actions.send(draft=draft, by=stranger, at=now())


def test_whoever_may_not_send_begins_nothing(signed: Signed) -> None:
    with member(READER) as reader:
        with pytest.raises(PermissionDenied):
            begin(token=uuid7(), content=complete(uuid4()), by=reader, at=now())
        with pytest.raises(PermissionDenied):
            actions.send(draft=uuid4(), by=reader, at=now())


def test_a_draft_is_kept_with_what_was_refused(signed: Signed) -> None:
    draft = write_draft(signed)
    with member(WORKER) as worker:
        before = open_draft(worker, draft).content
        keep(
            draft=draft,
            content=before.keeping(Step.PERSON, {"birth_date": ["31/02/1984"]}),
            by=worker,
            at=now(),
        )
        after = open_draft(worker, draft).content
        assert after.person == PERSON
        assert after.typed == {"person": {"birth_date": ["31/02/1984"]}}
        with pytest.raises(actions.Incomplete):
            actions.send(draft=draft, by=worker, at=now())
        keep(draft=draft, content=after.accepting(Step.PERSON, person=PERSON), by=worker, at=now())
        assert actions.send(draft=draft, by=worker, at=now()) == draft


def test_a_draft_thrown_away_leaves_nothing_and_cannot_be_kept(signed: Signed) -> None:
    draft = write_draft(signed)
    with member(WORKER) as worker:
        discard(draft=draft, by=worker)
        discard(draft=draft, by=worker)
        with pytest.raises(Draft.DoesNotExist):
            keep(draft=draft, content=complete(uuid4()), by=worker, at=now())
        assert Entry.objects.filter(verb="discard").count() == 1


@pytest.mark.security
def test_nothing_personal_is_readable_in_any_table(signed: Signed) -> None:
    write_draft(signed)
    send_referral(signed)
    found = []
    for address in (WORKER, ADVISER):
        with member(address), connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            for (table,) in cursor.fetchall():
                if not table.startswith(("auth_", "account_emailconf", "procrastinate")):
                    found += _leaks(table)
    assert found == []


def _leaks(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
        if not cursor.fetchone()[0]:
            return []
        cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
        rows = " ".join(row[0] for row in cursor.fetchall())
    hidden = [canary.encode().hex() for canary in CANARIES]
    return [f"{table}: {canary}" for canary in (*CANARIES, *hidden) if canary in rows]


@pytest.mark.security
def test_the_detector_of_leaks_finds_a_plain_identity(committed: Signed) -> None:
    case = send_referral(committed)
    Beneficiary.objects.using("owner").filter(case_id=case).update(identity=b"Ondine")
    with member(ADVISER):
        assert _leaks("beneficiaries_beneficiary")


@pytest.mark.security
def test_a_stranger_sees_no_row_of_the_referral(signed: Signed) -> None:
    send_referral(signed)
    write_draft(signed)
    for model in (Referral, Beneficiary, Information, Case, Participation, Draft, Message):
        with member(STRANGER):
            assert model._default_manager.count() == 0
        with member(WORKER if model is not Message else ADVISER):
            assert model._default_manager.count() > 0
