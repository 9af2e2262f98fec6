"""A flow starts once its roles are recorded, or both its parties have accepted in writing; a withdrawal closes it again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.conventions.data_roles.queries import awaiting
from maillage.conventions.lifecycle.queries import load
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.notifications.models import Message
from tests.conventions.data_roles.world import (
    CARSAT_ADMIN,
    CCAS_ADMIN,
    CPAM_ADMIN,
    CPAM_DPO,
    accept,
    is_open,
    withdraw,
)
from tests.conventions.people import CPAM, STRANGER, WORKER, body, member, roles_recorded, seen
from tests.days import today
from tests.leaving import end_at_once

pytestmark = pytest.mark.django_db


def test_it_opens_when_both_sides_have_accepted_and_closes_when_one_withdraws(signed_s3: UUID) -> None:
    assert not is_open(signed_s3)
    accept(signed_s3, CPAM_DPO)
    assert not is_open(signed_s3), "one side is not both"
    given = accept(signed_s3, CCAS_ADMIN)
    assert is_open(signed_s3)
    withdraw(signed_s3, CCAS_ADMIN, given.pk)
    assert not is_open(signed_s3)
    accept(signed_s3, CCAS_ADMIN)
    assert is_open(signed_s3), "a party may change its mind again"


def test_the_others_are_told_at_once(signed_s3: UUID) -> None:
    given = accept(signed_s3, CPAM_DPO)
    for other in ("carsat", "ccas"):
        with transaction.atomic(), acting(organisation=body(other).id):
            told = Message.objects.filter(kind="convention_fact", once__contains=str(given.pk))
            assert {row.recipient_id for row in told} == {body(other).id}


def test_recorded_roles_open_it_without_anybody_accepting(signed_s3: UUID) -> None:
    roles_recorded(signed_s3, now())
    assert is_open(signed_s3)
    with pytest.raises(Refused, match="renseignés"):
        accept(signed_s3, CPAM_DPO)


def test_whoever_waits_for_her_own_acceptance_is_told_of_the_flow(signed_s3: UUID) -> None:
    def waits(address: str) -> list[str]:
        with member(address, now()) as someone:
            known = load(seen(someone, signed_s3))
            return [one.key for _, one in awaiting([(known, known.terms(today()))], on=today())]

    assert waits(CPAM_DPO) == waits(CCAS_ADMIN) == ["orientation_misas"]
    assert waits(CARSAT_ADMIN) == [], "it is on neither side"
    accept(signed_s3, CPAM_DPO)
    assert (waits(CPAM_DPO), waits(CCAS_ADMIN)) == ([], ["orientation_misas"])


@pytest.mark.parametrize("address", [CPAM, WORKER, CPAM_ADMIN])
def test_only_the_officer_speaks_or_the_administrator_where_there_is_none(
    signed_s3: UUID, address: str
) -> None:
    with pytest.raises(PermissionDenied):
        accept(signed_s3, address)
    if address == CPAM_ADMIN:
        end_at_once(body("cpam").id, Q(role="dpo"))
        assert accept(signed_s3, address).party_key == "cpam"


def test_a_stranger_does_not_reach_it(signed_s3: UUID) -> None:
    with member(STRANGER, now()) as someone, pytest.raises(Exception, match="does not exist"):
        seen(someone, signed_s3)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "  "}, "document"),
        ({"reason": "x" * 1001}, "reason"),
        ({"given_on": today() + timedelta(days=1)}, "given_on"),
        ({"document": uuid7()}, "document"),
        ({"flow": "suivi_indicateurs"}, None),
        ({"flow": "orientation_eps"}, None),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    signed_s3: UUID, changes: dict[str, Any], field: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        accept(signed_s3, CPAM_DPO, **changes)
    assert refused.value.field == field


def test_a_form_sent_twice_accepts_once_and_a_second_one_is_refused(signed_s3: UUID) -> None:
    token = uuid7()
    first = accept(signed_s3, CPAM_DPO, acceptance_id=token)
    assert accept(signed_s3, CPAM_DPO, acceptance_id=token).pk == first.pk
    with pytest.raises(Refused, match="déjà"):
        accept(signed_s3, CPAM_DPO)


def test_a_withdrawal_has_its_day_and_its_reason(signed_s3: UUID) -> None:
    given = accept(signed_s3, CPAM_DPO)
    for day, why, field in (
        (today() + timedelta(days=1), "Raison", "day"),
        (today() - timedelta(days=1), "Raison", "day"),
        (today(), " ", "why"),
    ):
        with pytest.raises(Refused) as refused:
            withdraw(signed_s3, CPAM_DPO, given.pk, day, why)
        assert refused.value.field == field
    with pytest.raises(PermissionDenied):
        withdraw(signed_s3, CCAS_ADMIN, given.pk)
    withdraw(signed_s3, CPAM_DPO, given.pk)
    with pytest.raises(Refused, match="déjà retiré"):
        withdraw(signed_s3, CPAM_DPO, given.pk)
    with member(CPAM_DPO, now()) as officer:
        row = FlowAcceptance.objects.get(pk=given.pk)
        assert (row.withdrawn_on, row.withdrawn_by, row.reason) == (today(), officer.user, given.reason)


def test_nothing_is_accepted_before_all_have_signed(proposed_s3: UUID) -> None:
    with pytest.raises(Refused, match="pas encore signée"):
        accept(proposed_s3, CPAM_DPO)
