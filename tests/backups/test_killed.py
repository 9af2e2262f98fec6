"""kill -9 in the middle: no backup looks whole, nobody enters a half restored database, and a second run succeeds."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from maillage.backups.manifest import backups_in
from maillage.core.database import closing
from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from tests.backups.drill import Place, digests, elsewhere, usual_place
from tests.backups.test_drill import saved
from tests.cli.kept_world import Kept, groundwork, kept, size

__all__ = ["groundwork", "kept", "size"]  # the fixtures of these tests

pytestmark = pytest.mark.security


def killed_when(process: subprocess.Popen[str], seen: Callable[[], bool]) -> bool:
    """Kill -9 as soon as something is seen; whether the process was still at work.

    It works when nobody else does: on a loaded machine its moment would otherwise pass while nobody looks.
    """
    os.setpriority(os.PRIO_PROCESS, process.pid, 19)
    while process.poll() is None and not seen():
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    return process.returncode == -signal.SIGKILL


ATTEMPTS = 10  # a moment of some milliseconds may pass unseen


@pytest.mark.long
@pytest.mark.parametrize("file", ["database.enc", "anchors.enc", "*.keys"])
def test_a_backup_that_was_killed_does_not_look_whole_and_the_next_one_is(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path, file: str
) -> None:
    """Killed at each moment, where test_a_backup_made_while_keys_are_renewed_is_given_up stops one by itself."""
    here, pattern = usual_place(fresh_database), f".unfinished-{'' if file == '*.keys' else '*/'}{file}"
    for attempt in range(ATTEMPTS):
        folder = tmp_path / f"backups-{attempt}"
        if killed_when(here.start("backup", str(folder)), lambda: any(folder.glob(pattern))):  # noqa: B023 - called at once
            break
    else:
        pytest.fail("No backup was killed at its moment.")
    assert list(backups_in(folder)) == []
    assert any(folder.glob(".unfinished-*"))
    code, _, complained = here.run("backup", "verify", str(folder))
    assert (code, "Il n’y a pas de sauvegarde dans ce dossier" in complained) == (1, True)
    saved(here, folder)
    assert not any(folder.glob(".unfinished-*"))
    assert here.run("backup", "verify", str(folder))[0] == 0


def is_closed(there: Place, cluster: TestCluster) -> bool:
    """Whether a restore into this database began and has not ended."""
    with cluster.server.connect() as superuser:
        return closing.restored_from(superuser.cursor(), there.database) is not None


MOMENTS: dict[str, Callable[[Place, TestCluster], bool]] = {
    "closed": is_closed,
    "documents": lambda there, _: there.documents.is_dir(),
    "keys": lambda there, _: there.keys.is_dir(),
}


@pytest.mark.long
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_restore_that_was_killed_lets_nobody_in_and_is_run_again(
    kept: Kept, fresh_database: DatabaseUrls, cluster: TestCluster, tmp_path: Path, moment: str
) -> None:
    """Killed at each moment, where test_everything_comes_back_elsewhere goes to the end."""
    here = usual_place(fresh_database)
    folder, before = saved(here, tmp_path / "backups"), digests(fresh_database)
    with elsewhere(cluster, tmp_path) as there:
        process = there.start("restore", str(folder))
        assert killed_when(process, lambda: MOMENTS[moment](there, cluster))
        assert is_closed(there, cluster)
        for url in (there.urls.app, there.urls.worker, there.urls.statistics):
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                psycopg.connect(url)
        code, said, complained = there.run("restore", str(folder))
        assert (code, "La base est ouverte de nouveau" in said) == (0, True), complained
        assert not is_closed(there, cluster)
        assert digests(there.urls) == before
        with there.here():
            kept.read()
