"""What was erased, restored from a backup of before: done again where it is known of, by a neighbour or a certificate; else it is said."""

from pathlib import Path

import pytest

from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from tests.backups.drill import elsewhere, usual_place
from tests.backups.test_drill import saved
from tests.cli.kept_world import raw
from tests.protection.destruction.test_destroying import certificate, checked, destroyed, planned, readable
from tests.protection.retention.cases import closed, fixed, part
from tests.protection.retention.cases import ended as cases_ended
from tests.referrals.world import ADVISER, organisation
from tests.rights.world import CAISSE, HOSPITAL, PASS, send, sign

pytestmark = pytest.mark.security
UNKNOWN = "les effacements sont connus jusqu’au"


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


def test_a_backup_of_before_alone_says_what_it_does_not_know_and_a_certificate_tells_it(
    fresh_database: DatabaseUrls, cluster: TestCluster, tmp_path: Path
) -> None:
    """Neither newer backup nor store beside it: what was destroyed since comes back, and the operator reads how to do it again."""
    signed = sign()
    case = send(signed)
    planned(signed)
    here = usual_place(fresh_database)
    folder = saved(here, tmp_path / "backups")
    (older,) = folder.glob("maillage-*[0-9a-f]")
    assert destroyed() == 1
    _, content = certificate(signed)
    proof, altered = tmp_path / "certificat.pdf", tmp_path / "altere.pdf"
    proof.write_bytes(content)
    altered.write_bytes(content[:300] + bytes([content[300] ^ 1]) + content[301:])
    with elsewhere(cluster, tmp_path) as there:
        code, said, complained = there.run("restore", str(older), "--certificate", str(altered))
        assert (code, said, "Rien n’est rendu" in complained) == (1, "", True)
        code, said, complained = there.run("restore", str(older))
        assert (code, UNKNOWN in complained, "maillage keys restore" in complained) == (0, True, True)
        with there.here():
            assert readable(case, PASS)
            assert checked(content)
    with elsewhere(cluster, tmp_path, "again") as there:
        code, said, complained = there.run("restore", str(older), "--certificate", str(proof))
        assert (code, "effacement rejoué" in said) == (0, True), complained
        with there.here():
            assert not readable(case, PASS)
            assert readable(case, ADVISER)


def test_a_case_that_ended_at_its_days_stays_so_in_a_backup_of_before_beside_a_newer_one(
    fresh_database: DatabaseUrls, cluster: TestCluster, tmp_path: Path
) -> None:
    signed = sign()
    case, neighbour = closed(signed), closed(signed, years=1)
    fixed(24)
    here = usual_place(fresh_database)
    folder = saved(here, tmp_path / "backups")
    (older,) = folder.glob("maillage-*[0-9a-f]")
    assert cases_ended() == 1
    saved(here, folder)
    with elsewhere(cluster, tmp_path) as there:
        code, _, complained = there.run("restore", str(older))
        assert code == 0, complained
        with there.here():
            assert not readable(case, ADVISER)
            assert readable(neighbour, ADVISER)
            assert readable(case, PASS)
            assert part(case, organisation(CAISSE).id) == (0, False, 0, 0, 0, 1)
