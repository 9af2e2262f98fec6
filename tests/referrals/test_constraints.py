"""What the tables of a referral refuse, one constraint a test, written by the owner past every other guard."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Model

from maillage.beneficiaries.models import Consent, Information
from maillage.cases.models import Authorisation, Case
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.organisations.models import Organisation
from maillage.referrals.models import (
    Assessment,
    CaseFile,
    CaseQuestion,
    ContactAttempt,
    Pause,
    PlannedAction,
    Referral,
    Renunciation,
    RightFollowed,
)
from tests.days import today

pytestmark = pytest.mark.security
BEFORE, LATER, SOMEONE = now() - timedelta(days=900), now() + timedelta(days=1), uuid7()
ACKNOWLEDGED = {"acknowledged_at": LATER, "acknowledged_by": SOMEONE}
ACCEPTED = {"accepted_at": LATER, "accepted_by": SOMEONE}
ENDED = {"closed_at": LATER, "closed_by": SOMEONE}
REFUSED = {"state": "refused", "end_reason": "incomplete", **ACKNOWLEDGED, **ENDED}
CLOSED = {
    "state": "closed", "care_outcome": "done", "rights_outcome": "none", **ACKNOWLEDGED, **ACCEPTED, **ENDED,
}  # fmt: skip
REDIRECTED = {
    **REFUSED,
    "state": "redirected",
    "end_reason": "better_suited",
    "redirected_to": "flows.ailleurs",
}
WRONG: tuple[tuple[str, dict[str, object]], ...] = (
    ("referral_state_known", {"state": "lost", **ACKNOWLEDGED}),
    ("referral_acknowledged_has_its_date", {"state": "acknowledged"}),
    ("referral_acknowledged_by_someone", {"state": "acknowledged", "acknowledged_at": LATER}),
    ("referral_accepted_has_its_date", {"state": "accepted", **ACKNOWLEDGED}),
    ("referral_accepted_has_its_date", {**ACKNOWLEDGED, **ACCEPTED, "state": "acknowledged"}),
    ("referral_accepted_by_someone", {**CLOSED, "accepted_by": None}),
    ("referral_contacted_by_someone", {"contacted_on": today()}),
    ("referral_ended_has_its_date", {**REFUSED, "closed_at": None, "closed_by": None}),
    ("referral_ended_has_its_date", ENDED),
    ("referral_closed_has_its_outcome", {**CLOSED, "care_outcome": ""}),
    ("referral_closed_has_its_outcome", {"care_outcome": "done"}),
    ("referral_end_has_its_reason", {**REFUSED, "end_reason": ""}),
    ("referral_end_has_its_reason", {**REFUSED, "end_reason": "moved"}),
    ("referral_end_has_its_reason", {**ENDED, "state": "withdrawn", "end_reason": "incomplete"}),
    ("referral_end_has_its_reason", {**ENDED, "state": "cancelled", "end_reason": "moved"}),
    ("referral_end_has_its_reason", {"end_reason": "other"}),
    ("referral_refusal_says_the_other_reason", {**REFUSED, "end_reason": "other"}),
    ("referral_refusal_says_the_other_reason", {"refusal_words": b"x"}),
    ("referral_ended_has_its_date", {"state": "expired", **ENDED}),
    ("referral_ended_has_its_date", {"state": "expired"}),
    ("referral_acknowledged_has_its_date", {"state": "expired", "closed_at": LATER, **ACKNOWLEDGED}),
    ("referral_end_has_its_reason", {**REDIRECTED, "end_reason": "incomplete"}),
    ("referral_refusal_says_the_other_reason", {**REDIRECTED, "end_reason": "other"}),
    ("referral_redirected_somewhere", {**REDIRECTED, "redirected_to": ""}),
    ("referral_redirected_somewhere", {**REDIRECTED, "redirected_to": "Ondine Quintessence"}),
    ("referral_redirected_somewhere", {**REFUSED, "redirected_to": "flows.ailleurs"}),
    (
        "referral_acknowledged_after_sent",
        {"state": "acknowledged", **ACKNOWLEDGED, "acknowledged_at": BEFORE},
    ),
    ("referral_accepted_after_acknowledged", {**CLOSED, "accepted_at": LATER - timedelta(hours=1)}),
    (
        "referral_ended_after_sent",
        {**ENDED, "state": "cancelled", "end_reason": "other", "closed_at": BEFORE},
    ),
    ("referral_closed_after_acknowledged", {**REFUSED, "closed_at": LATER - timedelta(hours=1)}),
    (
        "referral_closed_after_accepted",
        {**CLOSED, "accepted_at": LATER + timedelta(hours=2), "closed_at": LATER + timedelta(hours=1)},
    ),
)
ATTEMPT = {"day": today(), "way": "call", "reached": True, "noted_at": LATER, "noted_by": SOMEONE}
PAUSE = {
    "reason": "other", "began_on": today(), "look_again_on": today() + timedelta(days=1), "began_at": LATER, "began_by": SOMEONE,
}  # fmt: skip
QUESTION = {"asked_at": LATER, "asked_by": SOMEONE, "sealed_question": b"x"}
ANSWER = {"answered_at": LATER, "answered_by": SOMEONE, "sealed_answer": b"x"}
CARE: dict[str, object] = {"care": "optics", "reason": "cost"}
SETTLED = {"settled_at": LATER, "settled_by": SOMEONE}
RIGHT = {"right": "c2s", "noted_at": LATER, "noted_by": SOMEONE}
FILE: dict[str, object] = {"wrapped_key": b"x"}
ASSESSMENT = {"number": 1, "sealed": b"x", "made_at": LATER, "made_by": SOMEONE}
ACTION = {"kind": "other", "due_on": today(), "planned_at": LATER, "planned_by": SOMEONE}
DONE = {"state": "done", "ended_at": LATER, "ended_by": SOMEONE}
OWN = (CaseFile, Assessment, PlannedAction)  # each row is of one organisation
ONCE = {"pause_one_at_a_time", "renunciation_once", "right_once", "casefile_once", "assessment_version_once"}
CONSENT = {"answer": "agreed", "how": "oral", "noted_at": now(), "noted_by": SOMEONE}
TAKEN_BACK = {"withdrawn_at": LATER, "withdrawn_by": SOMEONE, "withdrawn_to": "recipient"}
TOLD = {"given_on": today(), "means": "oral", "by": SOMEONE}
HANGING: tuple[tuple[str, type[Model], dict[str, object]], ...] = (
    ("attempt_way_known", ContactAttempt, {**ATTEMPT, "way": "pigeon"}),
    ("pause_reason_known", Pause, {**PAUSE, "reason": "weather"}),
    ("pause_looked_at_later", Pause, {**PAUSE, "look_again_on": today()}),
    ("pause_resumed_by_someone", Pause, {**PAUSE, "resumed_at": LATER}),
    ("pause_resumed_by_someone", Pause, {**PAUSE, "resumed_at": BEFORE, "resumed_by": SOMEONE}),
    ("pause_one_at_a_time", Pause, PAUSE),
    (
        "question_answer_has_its_date",
        CaseQuestion,
        {**QUESTION, "answered_at": LATER, "answered_by": SOMEONE},
    ),
    ("renunciation_care_known", Renunciation, {**CARE, "care": "teeth"}),
    ("renunciation_reason_known", Renunciation, {**CARE, "reason": "weather"}),
    ("renunciation_found_by_a_side", Renunciation, {**CARE, "found_by": "nobody"}),
    ("renunciation_not_done_says_why", Renunciation, {**CARE, **SETTLED, "outcome": "not_done"}),
    ("renunciation_not_done_says_why", Renunciation, {**CARE, **SETTLED, "outcome": "done", "why": "other"}),
    ("renunciation_settled_by_someone", Renunciation, {**CARE, "outcome": "done"}),
    ("renunciation_settled_by_someone", Renunciation, {**CARE, **SETTLED}),
    ("renunciation_once", Renunciation, CARE),
    ("right_known", RightFollowed, {**RIGHT, "right": "vote"}),
    ("right_outcome_known", RightFollowed, {**RIGHT, **SETTLED, "outcome": "lost"}),
    ("right_settled_by_someone", RightFollowed, {**RIGHT, "outcome": "opened"}),
    ("right_settled_by_someone", RightFollowed, {**RIGHT, **SETTLED}),
    (
        "right_settled_after_noted",
        RightFollowed,
        {**RIGHT, **SETTLED, "outcome": "opened", "settled_at": BEFORE},
    ),
    ("right_once", RightFollowed, RIGHT),
    ("casefile_once", CaseFile, FILE),
    ("assessment_version_once", Assessment, ASSESSMENT),
    ("assessment_numbered_from_one", Assessment, {**ASSESSMENT, "number": 0}),
    ("action_kind_known", PlannedAction, {**ACTION, "kind": "prayer"}),
    ("action_state_known", PlannedAction, {**ACTION, **DONE, "state": "lost"}),
    ("action_given_up_says_why", PlannedAction, {**ACTION, **DONE, "state": "given_up"}),
    ("action_given_up_says_why", PlannedAction, {**ACTION, **DONE, "reason": "other"}),
    ("action_ended_by_someone", PlannedAction, {**ACTION, "state": "done"}),
    ("action_ended_by_someone", PlannedAction, {**ACTION, **DONE, "ended_at": BEFORE}),
    ("information_means_known", Information, {**TOLD, "means": "telepathy"}),
    ("information_language_known", Information, {**TOLD, "language": "xx"}),
    ("information_notice_known", Information, {**TOLD, "notice": "poster"}),
    ("consent_says_how", Consent, {**CONSENT, "answer": "refused"}),
    ("consent_says_how", Consent, {**CONSENT, "answer": "not_asked"}),
    ("consent_says_how", Consent, {**CONSENT, "how": ""}),
    ("consent_mandate_has_its_reference", Consent, {**CONSENT, "how": "mandate"}),
    ("consent_mandate_has_its_reference", Consent, {**CONSENT, "sealed_mandate": b"x"}),
    ("consent_progress_known", Consent, {**CONSENT, "progress": "some"}),
    ("consent_withdrawn_to_someone", Consent, {**CONSENT, **TAKEN_BACK, "withdrawn_to": ""}),
    ("consent_withdrawn_to_someone", Consent, {**CONSENT, "withdrawn_to": "sender"}),
    ("consent_withdrawn_after_noted", Consent, {**CONSENT, **TAKEN_BACK, "withdrawn_at": BEFORE}),
    ("attempt_struck_by_someone", ContactAttempt, {**ATTEMPT, "struck_at": LATER}),
    ("attempt_struck_by_someone", ContactAttempt, {**ATTEMPT, "struck_at": BEFORE, "struck_by": SOMEONE}),
    ("question_withdrawn_by_someone", CaseQuestion, {**QUESTION, "withdrawn_at": LATER}),
    (
        "question_withdrawn_by_someone",
        CaseQuestion,
        {**QUESTION, **ANSWER, "withdrawn_at": LATER, "withdrawn_by": SOMEONE},
    ),
    ("question_answered_after_asked", CaseQuestion, {**QUESTION, **ANSWER, "answered_at": BEFORE}),
)


TABLES: set[type[Model]] = {Referral, *(model for _, model, _ in HANGING)}


@pytest.fixture(scope="module")
def case(django_db_setup: None, django_db_blocker: Any) -> Iterator[Case]:
    """A referral just sent, as its owner writes it with no guard in the way; all of it goes at the end."""
    with django_db_blocker.unblock(), transaction.atomic(using="owner"):
        sender, caisse = Organisation.objects.using("owner").order_by("id")[:2]
        sides = {"convention_id": uuid7(), "service": "misas"}
        allowed = Authorisation(
            flow_key="misas", sender=sender, recipient=caisse, article="3", open_during=DateTimeTZRange(BEFORE, None), **sides
        )  # fmt: skip
        known = Case(
            authorisation=allowed, kind="referral", sender=sender, caisse=caisse, opened_at=now(), **sides
        )
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE cases_authorisation DISABLE TRIGGER USER")
            allowed.save(using="owner", force_insert=True)
            known.save(using="owner", force_insert=True)
            Referral(case=known, motives=["cost"], sent_at=now(), sent_by=SOMEONE).save(
                using="owner", force_insert=True
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for model in TABLES:
                cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
        yield known
        transaction.set_rollback(True, using="owner")


@pytest.mark.parametrize(("constraint", "values"), WRONG)
def test_a_referral_that_makes_no_sense_is_refused(
    case: Case, constraint: str, values: dict[str, object]
) -> None:
    rows = Referral.objects.using("owner").filter(case=case)
    with pytest.raises(IntegrityError, match=f'"{constraint}"'), transaction.atomic(using="owner"):
        rows.update(**values)


@pytest.mark.parametrize(
    "values", [CLOSED, REFUSED, {**REFUSED, "end_reason": "other", "refusal_words": b"x"}]
)
def test_the_same_without_its_fault_is_taken(case: Case, values: dict[str, object]) -> None:
    with transaction.atomic(using="owner"):
        assert Referral.objects.using("owner").filter(case=case).update(**values) == 1
        transaction.set_rollback(True, using="owner")


def row_of(model: type[Model], case: Case, values: dict[str, object]) -> Model:
    """A row that hangs on the case."""
    own = {"organisation_id": case.caisse_id} if model in OWN else {}
    own |= {"recipient_id": case.caisse_id} if model is Information else {}
    own |= {"convention_id": case.convention_id} if model is CaseFile else {}
    return model(case=case, **own, **values)


@pytest.mark.parametrize(("constraint", "model", "values"), HANGING)
def test_what_hangs_on_it_and_makes_no_sense_is_refused(
    case: Case, constraint: str, model: type[Model], values: dict[str, object]
) -> None:
    with transaction.atomic(using="owner"):
        if constraint in ONCE:
            row_of(model, case, values).save(using="owner", force_insert=True)
        with pytest.raises(IntegrityError, match=f'"{constraint}"'), transaction.atomic(using="owner"):
            row_of(model, case, values).save(using="owner", force_insert=True)
        transaction.set_rollback(True, using="owner")


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Consent, {**CONSENT, **TAKEN_BACK}),
        (Information, {**TOLD, "language": "ar", "notice": "easy"}),
        (ContactAttempt, ATTEMPT),
        (Pause, PAUSE),
        (CaseQuestion, {**QUESTION, **ANSWER}),
        (Renunciation, {**CARE, **SETTLED, "outcome": "not_done", "why": "other"}),
        (RightFollowed, {**RIGHT, **SETTLED, "outcome": "opened"}),
        (CaseFile, FILE),
        (Assessment, ASSESSMENT),
        (PlannedAction, {**ACTION, **DONE}),
    ],
)
def test_what_hangs_on_it_is_taken_without_its_fault(
    case: Case, model: type[Model], values: dict[str, object]
) -> None:
    with transaction.atomic(using="owner"):
        row_of(model, case, values).save(using="owner", force_insert=True)
        transaction.set_rollback(True, using="owner")


def test_every_constraint_of_these_tables_is_tried() -> None:
    named = {constraint.name for model in TABLES for constraint in model._meta.constraints}
    elsewhere = {"referral_motives_known"}  # tests/referrals/test_database_guards.py
    assert {name for name, *_ in (*WRONG, *HANGING)} | elsewhere == named
