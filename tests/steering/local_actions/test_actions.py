"""Local actions are described, analysed after the first year, arbitrated nationally and rolled out, each step with who and why."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from maillage.conventions.lifecycle.queries import load
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.steering.local_actions.actions import Arbitration, analyse, arbitrate, describe, roll_out
from maillage.steering.local_actions.models import LocalAction
from maillage.steering.local_actions.queries import analysed_by, to_discuss
from maillage.steering.local_actions.states import State
from tests.conventions.people import CARSAT, CCAS, CPAM, STRANGER, WORKER, instant, member, raw, seen

pytestmark = pytest.mark.django_db
AT, LATER = instant("2025-03-03"), instant("2025-12-01")
KEPT = Arbitration(True, "Comité de pilotage national", date(2025, 11, 20), "Utile partout")


def described(convention: UUID, by: str = CCAS, **changes: Any) -> LocalAction:
    said = {
        "action_id": uuid7(),
        "title": "Permanence au marché",
        "description": "Un mardi sur deux.",
        **changes,
    }
    with member(by, AT) as actor:
        return describe(convention=seen(actor, convention), **said, by=actor, at=AT)


def analysed(action: UUID, by: str = CPAM, **changes: Any) -> LocalAction:
    said = {"done": "Douze permanences", "results": "Cent personnes informées", "worth": True, **changes}
    with member(by, LATER) as actor:
        return analyse(action=action, **said, by=actor, at=LATER)


def test_an_action_goes_from_its_description_to_its_roll_out(signed_s3: UUID) -> None:
    row = described(signed_s3)
    assert analysed(row.pk).state == State.ANALYSED
    with member(CARSAT, LATER) as actor:
        assert arbitrate(action=row.pk, said=KEPT, by=actor, at=LATER).state == State.KEPT
        done = roll_out(action=row.pk, rollout="Dans la région", day=LATER.date(), by=actor, at=LATER)
    assert (done.state, done.arbiter, done.rollout) == (State.ROLLED_OUT, KEPT.arbiter, "Dans la région")


def test_what_is_refused_nationally_ends_there(signed_s3: UUID) -> None:
    row = analysed(described(signed_s3).pk, worth=False)
    with member(CPAM, LATER) as actor:
        refused = Arbitration(False, "Cnam", date(2025, 11, 20), "Trop local")
        assert arbitrate(action=row.pk, said=refused, by=actor, at=LATER).state == State.REFUSED
        with pytest.raises(TransitionRefused):
            roll_out(action=row.pk, rollout="Ailleurs", day=LATER.date(), by=actor, at=LATER)


def test_it_is_for_the_committee_after_the_first_year_and_until_it_is_rolled_out(signed_s3: UUID) -> None:
    row = described(signed_s3)
    with member(CPAM, AT) as actor:
        known = load(seen(actor, signed_s3))
        assert analysed_by(known, AT.date()) == date(2025, 11, 14)
        assert to_discuss(known, date(2025, 11, 13)) == []
        assert to_discuss(known, date(2025, 11, 14)) == [row]
    analysed(row.pk)
    with member(CPAM, LATER) as actor:
        assert len(to_discuss(load(seen(actor, signed_s3)), LATER.date())) == 1
        arbitrate(action=row.pk, said=KEPT, by=actor, at=LATER)
        roll_out(action=row.pk, rollout="Partout", day=LATER.date(), by=actor, at=LATER)
        assert to_discuss(load(seen(actor, signed_s3)), LATER.date()) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"description": "Appeler 06 12 34 56 78"}, "description"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(signed_s3: UUID, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        described(signed_s3, **changes)
    assert refused.value.field == field


def test_an_arbitration_says_by_whom_why_and_a_day_that_came(signed_s3: UUID) -> None:
    row = analysed(described(signed_s3).pk)
    unsaid = Arbitration(True, "", date(2099, 1, 1), "")
    with member(CPAM, LATER) as actor, pytest.raises(Refused) as refused:
        arbitrate(action=row.pk, said=unsaid, by=actor, at=LATER)
    assert [fault.field for fault in refused.value.faults] == ["arbiter", "why", "day"]


def test_only_a_party_s_referent_acts_and_a_stranger_reads_nothing(signed_s3: UUID) -> None:
    token = uuid7()
    row = described(signed_s3, action_id=token)
    assert described(signed_s3, action_id=token) == row
    with pytest.raises(PermissionDenied):
        described(signed_s3, by=WORKER)
    with member(STRANGER, AT):
        assert not LocalAction.objects.exists()


def test_the_database_keeps_what_was_described(signed_s3: UUID) -> None:
    row = described(signed_s3)
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        raw("CPAM 42", "UPDATE steering_localaction SET title = 'Autre' WHERE id = %s", [row.pk])
    with pytest.raises(DatabaseError, match="no step leads"), transaction.atomic():
        raw("CPAM 42", "UPDATE steering_localaction SET state = 'kept' WHERE id = %s", [row.pk])
