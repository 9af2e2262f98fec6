"""The demonstration's caisses: each where it is with the framework of the Croix-Rouge, entered once."""

import pytest
from django.db import transaction

from maillage.conventions.deployment.queries import deployment
from maillage.conventions.deployment.rules import Standing, standings_count
from maillage.core.clock import today
from maillage.demo.conventions import PARIS, acting_for, convention_id
from maillage.demo.deployment import load_deployment
from maillage.demo.secondments import FRAMEWORK


@pytest.mark.usefixtures("groundwork", "fresh_database")
def test_the_map_has_a_caisse_in_each_state_but_the_signed_one_and_nothing_twice() -> None:
    for _ in range(2):
        load_deployment(using="owner")
    with transaction.atomic(), acting_for("cnam"):
        found = deployment(convention_id(FRAMEWORK), on=today(PARIS))
    assert found is not None
    assert standings_count(found.lines) == {
        Standing.SIGNED: 0,
        Standing.UNDER_WAY: 2,
        Standing.EXPLAINED: 3,
        Standing.SILENT: 2,
    }
    assert sum(len(line.noted) for line in found.lines) == 6
