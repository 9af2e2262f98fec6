"""The journal is chained at commit, and an alteration is found where it is."""

import pytest
from django.db import connections, transaction

from maillage.audit.actions import record
from maillage.audit.verification import verify
from maillage.core.row_security import acting
from maillage.organisations.models import Organisation


def write_entries(count: int) -> Organisation:
    organisation = Organisation.objects.using("owner").get(short_name="CCAS")
    for number in range(count):
        with transaction.atomic(), acting(organisation=organisation.id):
            record(
                verb="read", object_type="referral", object_ref=number, by=None, organisation=organisation.id
            )
    return organisation


@pytest.mark.security
def test_an_honest_journal_verifies(fresh_database: object) -> None:
    write_entries(5)
    read, found = verify()
    assert read > 5
    assert found == []


@pytest.mark.security
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_entry SET object_ref = 'other' WHERE object_ref = '2'",
        "UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE object_ref = '2'",
        "UPDATE audit_entry SET reason = NULL WHERE object_ref = '2'",
        "DELETE FROM audit_entry WHERE object_ref = '2'",
        "DELETE FROM audit_link l USING audit_entry e WHERE e.id = ANY(l.members) AND e.object_ref = '4'",
        "DELETE FROM audit_link WHERE number = 1",
        "UPDATE audit_link SET members = members[2:] WHERE number = 1",
        "UPDATE audit_entry SET leaf = sha256('forged') WHERE object_ref = '2'",
    ],
)
def test_an_alteration_is_found(fresh_database: object, tampering: str) -> None:
    write_entries(5)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in ("audit_entry", "audit_link"):
            cursor.execute(
                f"ALTER TABLE {table} DISABLE TRIGGER USER"
            )  # what an administrator of the server could do
        cursor.execute("ALTER TABLE audit_entry ALTER reason DROP NOT NULL")
        cursor.execute(tampering)
        assert cursor.rowcount >= 1
    _, found = verify()
    assert found
