"""How long backups stay: older ones of the same series go after a newer one was read; the keys go sooner."""

from datetime import timedelta
from pathlib import Path

import pytest

from maillage.backups.manifest import backups_in, keys_in
from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from tests.backups.drill import Place, usual_place
from tests.backups.test_drill import saved
from tests.cli.kept_world import Kept, groundwork, kept, size

__all__ = ["groundwork", "kept", "size"]  # the fixtures of these tests

pytestmark = pytest.mark.security


def made_days_ago(place: Place, folder: Path, days: int, patch: pytest.MonkeyPatch, *words: str) -> None:
    """A backup that was made so many days before now."""
    instant = now() - timedelta(days=days)
    with patch.context() as moment:
        moment.setattr("maillage.core.clock.now", lambda: instant)
        saved(place, folder, *words)


def test_older_backups_go_and_their_keys_sooner(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, folder, keys = usual_place(fresh_database), tmp_path / "backups", tmp_path / "keys"
    stranger = folder / "maillage-20200101T000000Z-0123456789ab"
    stranger.mkdir(parents=True)
    for days in (100, 40):
        made_days_ago(here, folder, days, monkeypatch, "--keys", str(keys))
    code, said, complained = here.run("backup", str(folder), "--keys", str(keys), "--keep", "60")
    assert (code, "1 sauvegarde ancienne retirée, 2 fichiers de clés retirés" in said) == (0, True), (
        said,
        complained,
    )
    assert stranger.is_dir()  # it is no backup of ours
    assert len(list(backups_in(folder))) == 3
    assert len(list(keys_in(keys))) == 1
    assert not any(folder.glob("*.keys"))
    older = sorted(backups_in(folder))[1]
    code, said, complained = here.run("backup", "verify", str(older), "--keys", str(keys))
    assert (code, "Sauvegarde saine" in said) == (0, True), complained  # the newer keys open what it holds


def test_a_number_of_days_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from maillage.cli.main import main

    for given in ("0", "-3", "trente", "99999"):
        with pytest.raises(SystemExit) as left:
            main(["backup", str(tmp_path), "--keep", given])
        assert left.value.code == 2
        assert "n'est pas une valeur possible" in capsys.readouterr().err
