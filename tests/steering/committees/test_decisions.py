"""Decisions are followed until they are done or given up; without quorum, until a later meeting confirms them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from maillage.conventions.lifecycle.queries import load
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.steering.committees import minutes
from maillage.steering.committees.agenda import standing_decisions
from maillage.steering.committees.queries import may_confirm
from maillage.steering.committees.states import DecisionState
from tests.conventions.people import CCAS, CPAM, instant, member, raw, seen
from tests.steering.committees.meetings import AFTER, convened, decided, held
from tests.tiers import spread

pytestmark = pytest.mark.django_db


def test_a_decision_is_open_until_the_party_that_has_charge_of_it_says_it_is_done(signed_s3: UUID) -> None:
    row = decided(held(signed_s3).pk)
    assert (row.state, row.number) == (DecisionState.OPEN, 1)
    with member(CPAM, AFTER) as actor, pytest.raises(PermissionDenied, match="a la charge"):
        minutes.finish(decision=row.pk, note="", by=actor, at=AFTER)
    with member(CCAS, AFTER) as actor:
        assert list(standing_decisions(load(seen(actor, signed_s3)))) == [row]
        done = minutes.finish(decision=row.pk, note="Deux sessions tenues", by=actor, at=AFTER)
        assert (done.state, done.note) == (DecisionState.DONE, "Deux sessions tenues")
        assert not standing_decisions(load(seen(actor, signed_s3)))
        with pytest.raises(TransitionRefused):
            minutes.finish(decision=row.pk, note="", by=actor, at=AFTER)


def test_a_decision_is_given_up_with_its_reason(signed_s3: UUID) -> None:
    row = decided(held(signed_s3).pk)
    with member(CPAM, AFTER) as actor:
        with pytest.raises(Refused) as refused:
            minutes.drop(decision=row.pk, note="", by=actor, at=AFTER)
        assert refused.value.field == "words"
        assert (
            minutes.drop(decision=row.pk, note="Sans objet", by=actor, at=AFTER).state
            == DecisionState.DROPPED
        )


def test_without_quorum_a_decision_waits_for_a_later_meeting_that_has_it(signed_s3: UUID) -> None:
    first = held(signed_s3, {"cpam": ""})
    row = decided(first.pk)
    assert row.state == DecisionState.TO_CONFIRM
    later = held(signed_s3, starts=instant("2025-11-20"))
    with member(CCAS, AFTER) as actor:
        with pytest.raises(TransitionRefused):
            minutes.finish(decision=row.pk, note="", by=actor, at=AFTER)
        for unfit in (first.pk,):
            with pytest.raises(Refused) as refused:
                minutes.confirm(decision=row.pk, meeting=unfit, by=actor, at=AFTER)
            assert refused.value.field == "meeting"
        assert may_confirm(row) == [later]
        done = minutes.confirm(decision=row.pk, meeting=later.pk, by=actor, at=instant("2025-11-21"))
        assert (done.state, done.confirmed_in) == (DecisionState.OPEN, later)


@pytest.mark.parametrize(
    ("changes", "field"),
    spread(
        [
            ({"text": ""}, "text"),
            ({"text": "Rappeler Mme X au 06 12 34 56 78"}, "text"),
            ({"owner": "hospital"}, "owner"),
            ({"due_on": date(2025, 10, 1)}, "due_on"),
        ],
        4,
    ),
)
def test_what_is_wrong_with_a_decision_is_said_at_its_field(
    signed_s3: UUID, changes: dict[str, Any], field: str
) -> None:
    row = held(signed_s3)
    with pytest.raises(Refused) as refused:
        decided(row.pk, **changes)
    assert refused.value.field == field


def test_a_form_sent_twice_notes_one_decision_and_each_has_its_number(signed_s3: UUID) -> None:
    row, token = held(signed_s3), uuid7()
    assert decided(row.pk, decision_id=token) == decided(row.pk, decision_id=token)
    assert decided(row.pk).number == 2


def test_a_decision_is_of_a_meeting_that_was_held(signed_s3: UUID) -> None:
    with pytest.raises(Refused, match="plus, possible"):
        decided(convened(signed_s3).pk)


def test_the_database_keeps_the_words_of_a_decision_and_its_end(signed_s3: UUID) -> None:
    row = decided(held(signed_s3).pk)
    for change in ("text = 'Autre'", "due_on = due_on + 1", f"meeting_id = '{uuid4()}'"):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw("CPAM 42", f"UPDATE steering_decision SET {change} WHERE id = %s", [row.pk])  # noqa: S608 - written here
    with member(CCAS, AFTER) as actor:
        minutes.finish(decision=row.pk, note="", by=actor, at=AFTER + timedelta(days=1))
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        raw("CPAM 42", "UPDATE steering_decision SET note = 'Autre' WHERE id = %s", [row.pk])
