"""S6: backups restored elsewhere: every table the same, the erased erased, whatever instant kills the backup or the restore."""

import random
import shutil
import signal
import time
from pathlib import Path

import pytest
from django.conf import settings

from maillage.backups.manifest import backups_in
from maillage.cases.queries import keys_of, visible_to
from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.documents import storage
from maillage.vault.actions import vault
from tests.backups.drill import Place, digests, elsewhere, files, usual_place
from tests.cli.kept_world import Kept, groundwork, kept, raw, size
from tests.cli.test_keys_backup import erase
from tests.proof.recording import Tally
from tests.referrals.world import ADVISER, member, organisation

__all__ = ["groundwork", "kept", "size"]  # the fixtures of these units

DRILLS, ERASURES, KILLS = 6, 8, 12
LONGEST = 3.0  # seconds: a command of this size is over by then


@pytest.fixture(autouse=True)
def own_stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores of this unit's own: a backup holds all that is in them."""
    monkeypatch.setattr(settings, "KEY_STORE", tmp_path / "keys")
    monkeypatch.setattr(settings, "DOCUMENT_STORE", tmp_path / "documents")
    monkeypatch.setattr(settings, "ANCHORS", tmp_path / "anchors")
    monkeypatch.setattr(settings, "ANCHOR_KEY", tmp_path / "anchor_key")


def _saved(place: Place, folder: Path, tally: Tally) -> Path:
    code, _, complained = place.run("backup", str(folder))
    if code:
        tally.violations.append(f"no backup: {complained}")
    return list(backups_in(folder))[-1]


def _differences(there: Place, before: dict[str, str], tally: Tally) -> None:
    after = digests(there.urls)
    for table in before.keys() | after.keys():
        tally.tried += 1
        if before.get(table) != after.get(table):
            tally.violations.append(f"{table} is not the same")


@pytest.mark.parametrize("number", range(DRILLS))
def test_every_table_and_file_comes_back(
    *,
    number: int,
    kept: Kept,
    fresh_database: DatabaseUrls,
    cluster: TestCluster,
    tmp_path: Path,
    tally: Tally,
) -> None:
    for _ in range(number):
        kept.send()
    here = usual_place(fresh_database)
    here.run("audit", "seal")
    before = digests(fresh_database)
    folder = _saved(here, tmp_path / "backups", tally)
    with elsewhere(cluster, tmp_path) as there:
        code, _, complained = there.run("restore", str(folder))
        assert code == 0, complained
        _differences(there, before, tally)
        assert there.run("audit", "verify")[0] == 0
        assert files(there.documents) == files(here.documents)
        with there.here():
            kept.read()
            raw(
                "UPDATE organisations_organisation SET address = 'autre' WHERE short_name = 'CCAS' RETURNING id"
            )
        assert digests(there.urls) != before  # the control: one word of one row is seen
        tally.controls += 1


@pytest.mark.parametrize("number", range(ERASURES))
def test_the_erased_stay_erased(
    *,
    number: int,
    kept: Kept,
    fresh_database: DatabaseUrls,
    cluster: TestCluster,
    tmp_path: Path,
    tally: Tally,
) -> None:
    """Drawn erasures after the first backup, known of a second one, of the marks of the store, or of both."""
    draw = random.Random(number)  # noqa: S311 - draws what is erased
    here, ccas = usual_place(fresh_database), organisation("CCAS").id
    older = _saved(here, tmp_path / "backups", tally)
    cases = draw.sample(kept.cases, draw.randint(1, len(kept.cases)))
    for case in cases:
        erase("case", case, ccas)
    document = kept.documents[0]
    erase("document", document, ccas)
    destroyed = bool(number % 2)
    if destroyed:
        vault().store.destroy(ccas, kept.signed.id)
    _saved(here, tmp_path / "backups", tally)
    with elsewhere(cluster, tmp_path) as there:
        code, _, complained = there.run("restore", str(older))
        assert code == 0, complained
        with there.here():
            for case in cases:
                tally.tried += 1
                if raw("SELECT 1 FROM cases_participation WHERE case_id = %s AND sealed_key <> ''", case):
                    tally.violations.append("the key of an erased case is back")
            tally.tried += 2
            if storage._path(document).exists():
                tally.violations.append("the file of an erased document is back")
            if destroyed and vault().store.path(ccas, kept.signed.id).exists():
                tally.violations.append("a key that was destroyed is back")
            with member(ADVISER) as adviser:
                opening = keys_of(visible_to(adviser)).keys()
            left = set(kept.cases) - set(cases)
            assert left <= opening
            tally.controls += len(left)


@pytest.mark.parametrize("number", range(KILLS))
def test_nothing_half_done_looks_whole(
    *,
    number: int,
    kept: Kept,
    fresh_database: DatabaseUrls,
    cluster: TestCluster,
    tmp_path: Path,
    tally: Tally,
) -> None:
    """Killed after a drawn time, a backup then a restore; what was whole by then is as good as another."""
    draw = random.Random(number)  # noqa: S311 - draws instants
    here, folder = usual_place(fresh_database), tmp_path / "backups"
    before = digests(fresh_database)
    process = here.start("backup", str(folder))
    time.sleep(draw.uniform(0.5, LONGEST))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    for one in backups_in(folder):
        assert here.run("backup", "verify", str(one))[0] == 0
    shutil.rmtree(folder, ignore_errors=True)
    whole = _saved(here, folder, tally)
    with elsewhere(cluster, tmp_path) as there:
        process = there.start("restore", str(whole))
        time.sleep(draw.uniform(0.5, LONGEST))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        tally.tried += 2
        if process.returncode == -signal.SIGKILL:
            code, _, complained = there.run("restore", str(whole))
            if code and "Cette base n’est pas vide" not in complained:  # it had just ended
                tally.violations.append(f"a restore that was killed is not run again: {complained}")
            tally.controls += 1
        _differences(there, before, tally)
