"""A plan that PostgreSQL keeps for a connection serves whoever comes next on it: each reads her own rows and nobody else's."""

import pytest
from django.db import connection, transaction

from maillage.cases.models import Participation
from maillage.core.database.settings import DatabaseUrls
from maillage.core.row_security import acting
from maillage.organisations.models import Organisation
from tests.security.conftest import Worlds
from tests.security.worlds import organisation

pytestmark = pytest.mark.security
OFTEN = 12  # past psycopg's five, then past PostgreSQL's own five plans made for the values


def seen(body: str) -> set[object]:
    """What an organisation reads of the participations, in a transaction of its own that commits."""
    with transaction.atomic(), acting(organisation=organisation(body)):
        return set(Participation.objects.values_list("organisation_id", flat=True))


def kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(generic_plans) FROM pg_prepared_statements WHERE statement LIKE '%cases_participation%'"
        )
        (found,) = cursor.fetchone()
    return int(found or 0)


def test_a_kept_plan_reads_for_whoever_acts_now(own_worlds: tuple[DatabaseUrls, Worlds]) -> None:
    here, there = (world.parties["ccas"] for world in own_worlds[1])
    ids = {name: Organisation.objects.get(pk=organisation(name)).pk for name in (here, there)}
    assert seen(here) == {ids[here]}
    for _ in range(OFTEN):
        seen(here)
    assert kept() > 0, "no plan was kept: the test would prove nothing"
    assert seen(there) == {ids[there]}
    assert seen(here) == {ids[here]}
    with transaction.atomic():
        assert not Participation.objects.exists()  # nobody acts
