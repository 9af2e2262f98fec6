"""Every detector is able to fail: each policy of each table dropped or opened, each guard removed, and the probes must say so."""

import os
from collections.abc import Iterator

import psycopg
import pytest

from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.core.row_security.synchronise import declarations
from tests.proof.recording import Tally
from tests.security.catalogue import faults
from tests.security.planting import Plant
from tests.security.statements import VERBS
from tests.security.test_row_security import probe

VERB_OF = {"R": "SELECT", "I": "INSERT", "U": "UPDATE", "D": "DELETE"}


def holes() -> Iterator[tuple[str, str]]:
    """Statements that open a table to whoever should not reach it, by table."""
    for table in sorted(model._meta.db_table for model, access in declarations() if access.protected):
        yield (
            table,
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY; GRANT SELECT ON {table} TO maillage_app",
        )
        for letter, verb in VERB_OF.items():
            clause = "WITH CHECK (true)" if letter == "I" else "USING (true)"
            yield (
                table,
                f"CREATE POLICY more ON {table} FOR {verb} {clause}; GRANT {verb} ON {table} TO maillage_app",
            )
        for letter in VERBS.get(table, ""):
            yield table, f"DROP POLICY runtime_{VERB_OF[letter].lower()} ON {table}"


HOLES = tuple(holes())


@pytest.fixture
def spoiled(
    cluster: TestCluster,
    planted: tuple[str, Plant],
    request: pytest.FixtureRequest,
) -> Iterator[DatabaseUrls]:
    """A copy of the planted database with one hole in it."""
    name = f"clone_mutant_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    urls = cluster.clone_database(planted[0], name)
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        owner.execute(request.param[1].encode())
    yield urls
    cluster.drop_database(name)


@pytest.mark.parametrize(
    "spoiled", HOLES, ids=[f"{number}-{table}" for number, (table, _) in enumerate(HOLES)], indirect=True
)
def test_a_hole_in_row_security_is_seen(
    spoiled: DatabaseUrls,
    plant_rows: Plant,
    tally: Tally,
    request: pytest.FixtureRequest,
) -> None:
    table, statement = request.node.callspec.params["spoiled"]
    seen = bool(probe(spoiled, plant_rows, "app", {table}).violations)
    with psycopg.connect(spoiled.owner) as owner:
        seen = any(table in fault for fault in faults(owner)) or seen
    tally.tried, tally.controls = 1, int(seen)
    if not seen:
        tally.violations.append(f"nobody saw: {statement}")
