"""The database keeps a flow without roles closed by itself, against raw SQL in the name of a party."""

import json
from datetime import timedelta
from importlib import import_module
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.core.row_security import acting
from tests.conventions.data_roles.world import CCAS_ADMIN, CPAM_DPO, FLOW, WHY, accept, is_open
from tests.conventions.people import body, raw
from tests.days import today

pytestmark = [pytest.mark.django_db, pytest.mark.security]
ALREADY_OPEN = import_module("maillage.conventions.migrations.0016_data_roles").ALREADY_OPEN
HELD = {
    "key": FLOW,
    "sender": "ccas",
    "recipient": "cpam",
    "service": "misas",
    "article": "3",
    "has_roles": True,
}
INSERT = (
    "INSERT INTO conventions_flowacceptance (id, convention_id, flow_key, organisation_id, party_key, given_on, reason, recorded_at,"
    " recorded_by, recorded_for_id, withdrawn_why) VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, %s, now(), gen_random_uuid(), %s, '')"
)


def publish(convention: UUID) -> None:
    """Everything open, and its roles said: by the caller's word."""
    with transaction.atomic(), acting(organisation=body("ccas").id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT publish_authorisations(%s, %s, '[2020-01-01,)'::tstzrange)",
            [convention, json.dumps([HELD])],
        )


def insert(convention: UUID, of: str, key: str, by: str, day: object = None) -> int:
    arguments = [convention, FLOW, body(of).id, key, day or today(), WHY, body(by).id]
    return raw(by, INSERT, arguments)


def test_a_caller_who_says_that_roles_are_said_opens_nothing(signed_s3: UUID) -> None:
    publish(signed_s3)
    assert not is_open(signed_s3)
    accept(signed_s3, CPAM_DPO)
    publish(signed_s3)
    assert not is_open(signed_s3)
    accept(signed_s3, CCAS_ADMIN)
    publish(signed_s3)
    assert is_open(signed_s3)


def test_nobody_writes_the_authorisation_itself(signed_s3: UUID) -> None:
    for statement in (
        "UPDATE cases_authorisation SET open_during = '[2020-01-01,)' WHERE convention_id = %s",
        "INSERT INTO cases_authorisation SELECT * FROM cases_authorisation WHERE convention_id = %s",
    ):
        with pytest.raises(DatabaseError, match="permission denied"):
            raw("ccas", statement, [signed_s3])


def test_nobody_accepts_for_another_party(signed_s3: UUID) -> None:
    with pytest.raises(DatabaseError, match="accepts for itself"):
        insert(signed_s3, "cpam", "cpam", "ccas")
    with pytest.raises(DatabaseError, match="accepts for itself"):
        raw("ccas", INSERT, [signed_s3, FLOW, body("ccas").id, "ccas", today(), WHY, body("cpam").id])
    with pytest.raises(DatabaseError, match="not this organisation's party"):
        insert(signed_s3, "ccas", "cpam", "ccas")


def test_an_acceptance_is_neither_of_tomorrow_nor_without_a_word(signed_s3: UUID) -> None:
    with pytest.raises(DatabaseError, match="tomorrow"):
        insert(signed_s3, "ccas", "ccas", "ccas", today() + timedelta(days=1))
    with pytest.raises(DatabaseError, match="flowacceptance_in_writing"):
        raw("ccas", INSERT, [signed_s3, FLOW, body("ccas").id, "ccas", today(), "", body("ccas").id])
    assert insert(signed_s3, "ccas", "ccas", "ccas") == 1
    with pytest.raises(DatabaseError, match="flowacceptance_once"):
        insert(signed_s3, "ccas", "ccas", "ccas")


def test_a_withdrawal_by_raw_sql_closes_the_flow_in_the_same_statement(signed_s3: UUID) -> None:
    accept(signed_s3, CPAM_DPO)
    given = accept(signed_s3, CCAS_ADMIN)
    assert is_open(signed_s3)
    statement = (
        "UPDATE conventions_flowacceptance SET withdrawn_on = %s, withdrawn_why = 'Raison', withdrawn_at = 'epoch',"
        " withdrawn_by = gen_random_uuid() WHERE id = %s"
    )
    assert raw("cpam", statement, [today(), given.pk]) == 0, "another party's"
    assert raw("ccas", statement, [today(), given.pk]) == 1
    assert not is_open(signed_s3)
    with transaction.atomic(), acting(organisation=body("ccas").id):
        written = FlowAcceptance.objects.get(pk=given.pk).withdrawn_at
        assert written is not None
        assert written.year > 2000, "not the writer's to say"
    for again in (
        "withdrawn_why = 'Autre'",
        "withdrawn_at = NULL, withdrawn_on = NULL, withdrawn_by = NULL, withdrawn_why = ''",
    ):
        with pytest.raises(DatabaseError, match="stays as it was given"):
            raw("ccas", f"UPDATE conventions_flowacceptance SET {again} WHERE id = %s", [given.pk])  # noqa: S608 - two texts of this file


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'Autre'",
        "given_on = '2020-01-01'",
        "flow_key = 'orientation_eps'",
        "withdrawn_on = '2999-01-01'",
        "withdrawn_why = 'Seule'",
    ],
)
def test_what_was_accepted_stays_as_it_was_written(signed_s3: UUID, change: str) -> None:
    given = accept(signed_s3, CCAS_ADMIN)
    with pytest.raises(DatabaseError):
        raw("ccas", f"UPDATE conventions_flowacceptance SET {change} WHERE id = %s", [given.pk])  # noqa: S608 - texts of this file


def test_a_withdrawal_does_not_precede_what_it_withdraws(signed_s3: UUID) -> None:
    given = accept(signed_s3, CCAS_ADMIN)
    with pytest.raises(DatabaseError, match="flowacceptance_days_ordered"):
        raw(
            "ccas",
            "UPDATE conventions_flowacceptance SET withdrawn_on = '2020-01-01', withdrawn_why = 'Raison',"
            " withdrawn_by = gen_random_uuid() WHERE id = %s",
            [given.pk],
        )


def test_the_day_given_to_what_was_open_before_is_nobodys_to_move(signed_s3: UUID) -> None:
    with pytest.raises(DatabaseError, match="by which roles are said stays"):
        raw(
            "ccas",
            "UPDATE conventions_convention SET roles_due_on = '2099-01-01' WHERE id = %s",
            [signed_s3],
        )
