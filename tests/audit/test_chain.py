"""The journal is chained at commit, and an alteration is found where it is."""

import pytest
from django.db import ProgrammingError, connections, transaction

from maillage.audit.actions import record
from maillage.audit.models import Entry
from maillage.audit.verification import verify
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.organisations.models import Membership, Organisation


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


@pytest.mark.security
def test_nobody_writes_in_the_name_of_a_colleague_nor_in_the_platform_s_chain(
    fresh_database: object,
) -> None:
    mine, colleague = Membership.objects.using("owner").order_by("id")[0], uuid7()
    with transaction.atomic(), acting(organisation=mine.organisation_id, user=mine.user_id):
        record(verb="read", object_ref="mine", by=colleague, organisation=mine.organisation_id)
        assert Entry.objects.get(object_ref="mine").user_id == str(mine.user_id)
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            record(verb="read", object_ref="nobody's", by=mine.user_id, organisation=None)


@pytest.mark.django_db(databases=["owner"])
def test_a_digest_is_made_without_a_call_for_each_of_its_parts() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("EXPLAIN VERBOSE SELECT audit_leaf(e) FROM audit_entry e")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "sha256" in plan, "the control: the digest itself is inlined"
    assert "audit_part" not in plan
