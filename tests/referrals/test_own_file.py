"""The caisse's own file: what it writes for itself opens to it alone, dies with its key for the convention, and is never forgotten."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from maillage.cases.following import begin_following, unfollow
from maillage.cases.queries import keys_of
from maillage.cases.queries import visible_to as parts_of
from maillage.cases.resealing import reseal_cases
from maillage.cases.rules import Reason
from maillage.core import crypto
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.core.states import TransitionRefused
from maillage.referrals import consenting, outcomes, planning
from maillage.referrals.models import Assessment, CaseFile, PlannedAction, Referral
from maillage.referrals.outcomes import Noted, action_field
from maillage.referrals.own.rules import (
    ACTION_KINDS,
    ENDINGS,
    FARTHEST,
    HEADING_LONGEST,
    OVERTAKEN,
    action_problems,
    assessment_problems,
    state_and_reason,
)
from maillage.referrals.own_file import OwnFile, assessment_place, wrap_files_again
from maillage.referrals.planning import Plan
from maillage.referrals.queries import file_of, referral_of
from maillage.vault.actions import vault
from tests.conventions.people import worker_process
from tests.days import today
from tests.referrals.test_database_guards import refused, taken
from tests.referrals.world import (
    ADVISER,
    READER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    organisation,
    send_referral,
    stop,
    work,
)

SAID = {"rights": "C2S à renouveler en mars.", "needs": "", "obstacles": "Craint les guichets."}


@given(st.dates(), st.integers(-800, 800))
def test_an_action_is_planned_from_today_to_a_year(on: Any, offset: int) -> None:
    try:
        day = on + timedelta(days=offset)
    except OverflowError:
        return
    accepted = "due_on" not in action_problems("other", day, "", on=on)
    assert accepted == (0 <= offset <= FARTHEST.days)


def test_what_is_of_no_list_or_too_long_is_said_at_its_field() -> None:
    assert set(action_problems("prayer", today(), "x" * 501, on=today())) == {"kind", "words"}
    assert set(assessment_problems({})) == {"rights"}
    assert set(assessment_problems({"needs": "x" * (HEADING_LONGEST + 1)})) == {"needs"}
    assert assessment_problems({"needs": "Un logement."}) == {}
    assert {state_and_reason(ending)[0] for ending in ENDINGS} == {"done", "given_up"}
    with pytest.raises(KeyError):
        state_and_reason("lost")


def assess(case: UUID, after: int = 0, **texts: str) -> bool:
    with member(ADVISER) as adviser:
        said = texts or SAID
        return planning.assess(
            referral=referral_of(adviser, case), texts=said, after=after, by=adviser, at=now()
        )


def plan(case: UUID, words: str = "Avec le lunetier du quartier", **changes: Any) -> UUID:
    new = uuid7()
    with member(ADVISER) as adviser:
        action = Plan(
            **{"action_id": new, "kind": "appointment", "due_on": today(), "words": words, **changes}
        )
        assert planning.plan(referral=referral_of(adviser, case), action=action, by=adviser, at=now())
    return new


def ended(case: UUID, action: UUID, ending: str) -> None:
    with member(ADVISER) as adviser:
        planning.end_action(
            referral=referral_of(adviser, case), action=action, ending=ending, by=adviser, at=now()
        )


def own(address: str, case: UUID) -> OwnFile:
    with member(address) as someone:
        return file_of(someone, case).own


@pytest.fixture
def case(signed: Signed) -> UUID:
    """A referral at work."""
    sent = followed_by(send_referral(signed), ADVISER)
    work(sent, "acknowledge", "accept")
    return sent


def test_the_last_version_is_shown_and_the_former_ones_stay(case: UUID) -> None:
    assert own(ADVISER, case) == OwnFile()
    assert assess(case)
    assert not assess(case)  # a second click
    with pytest.raises(Refused, match="une autre version"):
        assess(case, after=0, rights="Autre chose.")
    assert assess(case, after=1, rights="C2S renouvelée.")
    shown = own(ADVISER, case)
    assert shown.assessment is not None
    assert (shown.assessment.number, shown.texts["rights"], shown.texts["obstacles"]) == (
        2,
        "C2S renouvelée.",
        "",
    )
    with member(ADVISER):
        assert Assessment.objects.count() == 2


@pytest.mark.security
def test_nobody_but_the_caisse_reads_it_not_even_with_the_case_s_key(case: UUID) -> None:
    assess(case)
    plan(case)
    assert own(WORKER, case) == OwnFile()
    for address in (WORKER, STRANGER):
        with member(address):
            assert not any(model.objects.exists() for model in (CaseFile, Assessment, PlannedAction))
    with member(ADVISER) as adviser:
        row = Assessment.objects.get()
        key = keys_of(parts_of(adviser).filter(case_id=case))[case]
    assert b"guichets" not in bytes(row.sealed)
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(key, bytes(row.sealed), at=assessment_place(row.id))


def test_it_dies_with_the_caisse_s_key_for_the_convention(case: UUID, signed: Signed) -> None:
    assess(case)
    plan(case)
    vault().store.destroy(organisation("CPAM 42").id, signed.id)
    shown = own(ADVISER, case)
    assert (shown.texts["rights"], shown.plan[0].words) == ("", "")
    with pytest.raises(Refused, match="détruites"):
        assess(case, after=1, rights="Encore.")


def test_it_opens_while_the_key_of_the_store_is_renewed_and_after(committed: Signed) -> None:
    case = followed_by(send_referral(committed), ADVISER)
    work(case, "acknowledge")
    assess(case)
    caisse = organisation("CPAM 42").id
    assert vault().store.renew(caisse, committed.id)
    assert own(ADVISER, case).texts["rights"] == SAID["rights"]
    with worker_process():
        reseal_cases(caisse, convention=committed.id)
        done = wrap_files_again(caisse, committed.id)
    assert (done.changed, done.unreadable) == (1, 0)
    assert vault().store.forget_former(caisse, committed.id)
    assert own(ADVISER, case).texts["rights"] == SAID["rights"]


def test_an_action_is_due_to_who_planned_it_on_its_day(case: UUID) -> None:
    first, later = plan(case), plan(case, kind="transport", due_on=today() + timedelta(days=3))
    for address, on, expected in (
        (ADVISER, today(), [first]),
        (ADVISER, today() + timedelta(days=3), [first, later]),
        (READER, today(), []),
        (WORKER, today(), []),
    ):
        with member(address) as someone:
            assert [row.id for row in planning.actions_due(someone, on=on, limit=9)] == expected
    ended(case, first, "done")
    with pytest.raises(TransitionRefused):
        ended(case, first, "other")
    with pytest.raises(Refused):
        ended(case, later, "lost")
    stop(case, "withdraw", "moved")
    with member(ADVISER) as adviser:
        assert planning.actions_due(adviser, on=today() + timedelta(days=9), limit=9) == []
    shown = own(ADVISER, case)
    assert [(one.row.state, one.words) for one in shown.plan] == [
        ("done", "Avec le lunetier du quartier"),
        ("cancelled", "Avec le lunetier du quartier"),
    ]
    row = shown.plan[1].row
    with member(WORKER) as worker:
        assert (row.reason, row.ended_by) == ("withdrawn", worker.user)
    with pytest.raises(TransitionRefused):
        ended(case, later, "done")


@pytest.mark.parametrize("end", ["refused", "cancelled", "withdrawn"])
def test_what_was_planned_ends_with_its_case_however_it_ends(signed: Signed, end: str) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    work(case, "acknowledge")
    done, left = plan(case), plan(case, kind="money")
    ended(case, done, "done")
    if end == "withdrawn":
        with member(WORKER) as worker:
            consenting.revoke(referral=referral_of(worker, case), by=worker, at=now())
    elif end == "cancelled":
        stop(case, "cancel", "duplicate")
    else:
        work(case, "refuse")
    with member(ADVISER):
        assert PlannedAction.objects.get(id=done).state == "done"
        row = PlannedAction.objects.get(id=left)
        assert (row.state, row.reason, row.ended_at is not None) == ("cancelled", end, True)


def test_a_case_handed_over_takes_its_plan_along(case: UUID) -> None:
    action = plan(case)
    with member(ADVISER) as adviser:
        colleague = replace(adviser, user=uuid7())
    with transaction.atomic(), acting(organisation=colleague.organisation, user=colleague.user):
        begin_following(case=case, reason=Reason.WORKED, by=colleague, at=now())
        assert planning.actions_due(colleague, on=today(), limit=9) == []  # her colleague still follows
    with member(ADVISER) as adviser:
        unfollow(case=referral_of(adviser, case).case, by=adviser, at=now())
        assert planning.actions_due(adviser, on=today(), limit=9) == []
    with transaction.atomic(), acting(organisation=colleague.organisation, user=colleague.user):
        assert [row.id for row in planning.actions_due(colleague, on=today(), limit=9)] == [action]


def test_a_plan_sent_twice_plans_once_and_a_wrong_one_is_refused_at_its_field(case: UUID) -> None:
    action = Plan(uuid7(), "money", today())
    with member(ADVISER) as adviser:
        known: dict[str, Any] = {"referral": referral_of(adviser, case), "by": adviser, "at": now()}
        assert [planning.plan(action=action, **known) for _ in range(2)] == [True, False]
        for wrong, field in (
            (Plan(uuid7(), "prayer", today()), "kind"),
            (Plan(uuid7(), "other", today() - timedelta(days=1)), "due_on"),
            (Plan(uuid7(), "other", today(), "x" * 501), "words"),
        ):
            with pytest.raises(Refused) as refusal:
                planning.plan(action=wrong, **known)
            assert refusal.value.field == field


def test_a_closing_drops_no_action_in_silence(case: UUID) -> None:
    left, given_up = plan(case), plan(case, kind="money")
    with member(ADVISER) as adviser:
        known: dict[str, Any] = {"referral": referral_of(adviser, case), "by": adviser, "at": now()}
        with pytest.raises(Refused) as refusal:
            outcomes.close(noted=Noted(actions={given_up: "unreachable"}), **known)
        assert [fault.field for fault in refusal.value.faults] == [action_field(left)]
        outcomes.close(noted=Noted(actions={given_up: "unreachable", left: "done"}), **known)
        found = dict(PlannedAction.objects.values_list("kind", "reason"))
        assert found == {"appointment": "", "money": "unreachable"}
        assert Referral.objects.get(case_id=case).state == "closed"


def test_only_who_works_the_referral_writes_there(signed: Signed) -> None:
    case = send_referral(signed)
    with pytest.raises(TransitionRefused):
        assess(case)
    with member(WORKER) as worker:
        known: dict[str, Any] = {"referral": referral_of(worker, case), "by": worker, "at": now()}
        for act in (
            lambda: planning.assess(texts=SAID, after=0, **known),
            lambda: planning.plan(action=Plan(uuid7(), "other", today()), **known),
            lambda: planning.end_action(action=uuid7(), ending="done", **known),
        ):
            with pytest.raises(PermissionDenied):
                act()


def adding(table: str, columns: str, values: str) -> str:
    return (
        f"INSERT INTO referrals_{table} (id, organisation_id, case_id, {columns}) SELECT gen_random_uuid(),"  # noqa: S608 - the test's own words
        f" nullif(current_setting('maillage.organisation'), '')::uuid, c.id, {values} FROM cases_case c WHERE c.id = %s"
    )


ADD_ASSESSMENT = adding(
    "assessment", "number, sealed, made_at, made_by", "1, 'x', '1990-01-01', gen_random_uuid()"
)
ADD_ACTION = adding(
    "plannedaction", "kind, due_on, state, reason, planned_at, planned_by",
    "'other', current_date, 'planned', '', '1990-01-01', gen_random_uuid()",
)  # fmt: skip
END = (
    "UPDATE referrals_plannedaction SET state = 'done', ended_at = now() + interval '1 day', ended_by = gen_random_uuid()"
    " WHERE case_id = %s"
)


@pytest.mark.security
def test_the_database_keeps_the_own_file_to_whoever_works_the_case(signed: Signed) -> None:
    case = send_referral(signed)
    for statement in (ADD_ASSESSMENT, ADD_ACTION):
        assert "nobody works this referral now" in refused(ADVISER, statement, case)
    work(case, "acknowledge", "accept")
    for statement in (ADD_ASSESSMENT, ADD_ACTION):
        assert "only whoever works the referral" in refused(WORKER, statement, case)
        assert taken(STRANGER, statement, case) == 0
        assert taken(ADVISER, statement, case) == 1
    with member(ADVISER) as adviser:
        assert (Assessment.objects.get().made_by, PlannedAction.objects.get().planned_by) == (
            adviser.user,
        ) * 2
    closing = (
        "UPDATE referrals_referral SET state = 'closed', care_outcome = 'none_needed', rights_outcome = 'none',"
        " closed_at = now() + interval '1 day', closed_by = gen_random_uuid() WHERE case_id = %s"
    )
    assert "an action is still planned" in refused(ADVISER, closing, case)
    change = "UPDATE referrals_plannedaction SET due_on = due_on + 1 WHERE case_id = %s"
    assert "stays as it was planned" in refused(ADVISER, change, case)
    overtaken = END.replace("'done'", "'cancelled', reason = 'withdrawn'")
    assert "its case alone cancels an action" in refused(ADVISER, overtaken, case)
    assert taken(ADVISER, END, case) == 1
    assert "stays as it was planned" in refused(ADVISER, END.replace("1 day", "2 days"), case)
    assert "permission denied" in refused(
        ADVISER, "UPDATE referrals_assessment SET number = 2 WHERE case_id = %s", case
    )
    assert taken(ADVISER, closing, case) == 1
    assert "nobody works this referral now" in refused(ADVISER, ADD_ACTION, case)


@pytest.mark.security
def test_the_key_of_a_file_is_only_wrapped_again(case: UUID) -> None:
    assess(case)
    for change in ("wrapped_key = 'short'", "convention_id = gen_random_uuid()"):
        statement = f"UPDATE referrals_casefile SET {change} WHERE case_id = %s"  # noqa: S608 - the test's own words
        assert "only wrapped again" in refused(ADVISER, statement, case)


def test_each_kind_of_action_has_its_words() -> None:
    assert all(words.strip() for words in (*ACTION_KINDS.values(), *ENDINGS.values(), *OVERTAKEN.values()))
