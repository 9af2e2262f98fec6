"""A destruction at term, restored from a backup of before it: done again, and both of its certificates hold."""

from pathlib import Path

import pytest

from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from tests.backups.drill import elsewhere, usual_place
from tests.backups.test_drill import saved
from tests.cli.kept_world import raw
from tests.protection.destruction.test_destroying import certificate, checked, destroyed, planned, readable
from tests.referrals.world import ADVISER, organisation
from tests.rights.world import HOSPITAL, PASS, send, sign

pytestmark = pytest.mark.security


def test_the_certificate_of_before_a_restore_still_holds_once_another_was_made(
    fresh_database: DatabaseUrls, cluster: TestCluster, tmp_path: Path
) -> None:
    signed = sign()
    case = send(signed)
    planned(signed)
    here = usual_place(fresh_database)
    folder = saved(here, tmp_path / "backups")
    (older,) = folder.glob("maillage-*[0-9a-f]")
    assert destroyed() == 1
    _, first = certificate(signed)
    saved(here, folder)
    with elsewhere(cluster, tmp_path) as there:
        code, said, complained = there.run("restore", str(older))
        assert (code, "La base est ouverte de nouveau" in said) == (0, True), complained
        with there.here():
            hospital = organisation(HOSPITAL).id
            state = "SELECT state FROM protection_destruction WHERE organisation_id = %s"
            assert raw(state, hospital) == [("running",)]  # whatever day it has
            assert not readable(case, PASS)
            assert readable(case, ADVISER)
            assert checked(first) == ()
            assert destroyed() == 1
            assert raw(state, hospital) == [("done",)]
            _, second = certificate(signed)
            assert second != first
            assert checked(second) == checked(first) == ()
