"""What the table of enrolments refuses, one constraint a line, written by the owner past every other guard."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals.models import Enrolment
from tests.days import today
from tests.referrals.prado.world import hospital
from tests.referrals.world import organisation

pytestmark = [pytest.mark.security, pytest.mark.django_db(databases=["default", "owner"])]
BEFORE, SOMEONE = today() - timedelta(days=1), uuid7()
VISITED = {"visited_on": today(), "eligible": "met"}
PRESENTED = {**VISITED, "presented_on": today()}
ENROLLED = {**PRESENTED, "answer": "accepted", "answered_on": today()}
REFUSED = {**ENROLLED, "answer": "refused", "reason": "other"}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("enrolment_judged_at_the_visit", {"eligible": "met"}),
        ("enrolment_judged_at_the_visit", {"visited_on": today()}),
        ("enrolment_judged_at_the_visit", {**VISITED, "eligible": "perhaps"}),
        ("enrolment_presented_if_eligible", {**PRESENTED, "eligible": "unknown"}),
        ("enrolment_presented_if_eligible", {"presented_on": today()}),
        ("enrolment_presented_if_eligible", {**PRESENTED, "presented_on": BEFORE}),
        ("enrolment_answered_once_presented", {**ENROLLED, "presented_on": None}),
        ("enrolment_answered_once_presented", {**ENROLLED, "answered_on": None}),
        ("enrolment_answered_once_presented", {**ENROLLED, "answered_on": BEFORE}),
        ("enrolment_answered_once_presented", {**ENROLLED, "answer": "maybe"}),
        ("enrolment_answered_once_presented", {**PRESENTED, "answered_on": today()}),
        ("enrolment_refusal_says_why", {**REFUSED, "reason": ""}),
        ("enrolment_refusal_says_why", {**REFUSED, "reason": "weather"}),
        ("enrolment_refusal_says_why", {**ENROLLED, "reason": "other"}),
        ("enrolment_midwife_of_an_enrolled", {**REFUSED, "has_midwife": True}),
        ("enrolment_visited_after_preregistered", {**VISITED, "visited_on": BEFORE, "preregistered_on": today()}),
    ],
)  # fmt: skip
def test_each_constraint_refuses_what_it_says(name: str, values: dict[str, object]) -> None:
    row = Enrolment(
        organisation_id=organisation("CPAM 42").id,
        convention_id=uuid7(),
        maternity_id=hospital(),
        wrapped_key=b"k",
        sealed=b"s",
        opened_at=now(),
        opened_by=SOMEONE,
        changed_at=now(),
        changed_by=SOMEONE,
        **values,
    )
    with pytest.raises(IntegrityError, match=name), transaction.atomic(using="owner"):
        row.save(using="owner", force_insert=True)
