"""S9 at full size: journals by the hundred, each tampered with in every way that tests/security generates; and a million honest rows."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections, transaction

from maillage.audit.verification import verify
from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.organisations.models import Organisation
from tests.proof.clones import own_clone
from tests.proof.recording import Tally
from tests.security.test_journal import Journal, judged, tamperings, written_journal

JOURNALS = 250
WRITERS, ROWS = 16, 1_000_000
SLICES = 20


@pytest.fixture
def own_database(
    cluster: TestCluster, database_template: str, django_db_blocker: Any
) -> Iterator[DatabaseUrls]:
    """A database of this unit's own."""
    with own_clone(cluster, database_template, django_db_blocker, "s9") as urls:
        yield urls


@pytest.mark.parametrize("number", range(JOURNALS))
def test_every_tampering_is_found_where_it_is(number: int, own_database: DatabaseUrls, tally: Tally) -> None:
    """Each journal is another one: other entries, other digests, another lane."""
    journal: Journal = written_journal()
    assert verify()[1] == []
    tally.controls = 1
    for tampering in tamperings(journal):
        tally.tried += 1
        if missed := judged(journal, tampering):
            tally.violations.append(missed)
    assert verify()[1] == [], f"an alarm after everything was rolled back, journal {number}"


def _write(url: str, bodies: list[Any], writer: int, count: int) -> int:
    done = 0
    with psycopg.connect(url) as connection:
        while done < count:
            organisation = bodies[(writer + done) % len(bodies)]
            size = min(1 + (done // 7) % 50, count - done)
            with connection.transaction():
                connection.execute(
                    "SELECT set_config('maillage.organisation', %s, true)", [str(organisation)]
                )
                connection.execute(
                    "INSERT INTO audit_entry (id, organisation_id, user_id, verb, object_type, object_ref, fields, reason)"
                    " SELECT gen_random_uuid(), %s, '', 'read', 'referral', %s || n::text, '', '' FROM generate_series(1, %s) n",
                    [organisation, str(uuid4()), size],
                )
            done += size
    return done


def test_sixteen_writers_of_a_million_rows_raise_no_alarm(own_database: DatabaseUrls, tally: Tally) -> None:
    bodies = list(Organisation.objects.using("owner").order_by("id").values_list("id", flat=True))
    before, _ = verify()
    written = 0
    with ThreadPoolExecutor(WRITERS) as pool:
        for part in range(SLICES):
            each = ROWS // SLICES // WRITERS
            pending = [
                pool.submit(_write, own_database.app, bodies, writer + part, each)
                for writer in range(WRITERS)
            ]
            if part == SLICES // 2:
                tally.violations += map(str, verify()[1])  # while they write
            written += sum(one.result() for one in pending)
    read, found = verify()
    tally.violations += map(str, found)
    tally.tried, tally.controls = 0, read
    assert read == before + written
    assert written == ROWS
    with (
        transaction.atomic(using="owner"),
        connections["owner"].cursor() as cursor,
    ):  # the control: one row of the million
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE audit_entry SET verb = 'denied' WHERE id = (SELECT id FROM audit_entry OFFSET 500000 LIMIT 1)"
        )
        assert len(verify()[1]) == 1
        transaction.set_rollback(True, using="owner")
