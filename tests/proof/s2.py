"""S2 at full size: the statements of tests/security over twenty databases, each planted for five other organisations, as each role."""

from collections.abc import Iterator
from itertools import islice, permutations
from typing import Any

import psycopg
import pytest

from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from tests.proof.clones import own_clone
from tests.proof.recording import Tally
from tests.security.planting import PLACES, Plant, plant
from tests.security.test_row_security import ROLES, probe

BODIES = (*PLACES, "Cnam", "Croix-Rouge")  # each has people: one of them is planted as an agent
PLANTINGS = tuple(islice(permutations(BODIES, len(PLACES)), 0, None, 125))[:20]


@pytest.fixture
def planted_for(
    cluster: TestCluster, database_template: str, django_db_blocker: Any, request: pytest.FixtureRequest
) -> Iterator[tuple[DatabaseUrls, Plant]]:
    """A database with two worlds of the organisations that the unit names."""
    with own_clone(cluster, database_template, django_db_blocker, "s2") as urls:
        found = plant(request.param)
        with psycopg.connect(urls.owner, autocommit=True) as owner:
            owner.execute("ANALYZE")
        yield urls, found


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "planted_for",
    PLANTINGS,
    ids=["-".join(str(BODIES.index(one)) for one in names) for names in PLANTINGS],
    indirect=True,
)
def test_no_statement_reaches_a_row_of_another_organisation(
    planted_for: tuple[DatabaseUrls, Plant], role: str, tally: Tally
) -> None:
    addresses, found = planted_for
    findings = probe(addresses, found, role)
    tally.tried = sum(findings.tried.values())
    tally.controls = sum(count for (rule, _), count in findings.tried.items() if rule == "allowed")
    tally.violations = findings.violations
    for table in found.tables:
        assert findings.tried["denied", table] > 50, table
