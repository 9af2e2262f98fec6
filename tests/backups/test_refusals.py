"""What a backup or a restore refuses, in French, with code 1, and nothing changed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.vault.store import IDENTITY
from tests.backups.drill import Place, digests, elsewhere, files, usual_place
from tests.backups.test_drill import saved
from tests.cli.kept_world import Kept, kept, size, written
from tests.cli.keys import other_master_key

__all__ = ["kept", "size", "written"]  # the fixtures of these tests

pytestmark = pytest.mark.security


def byte_changed(path: Path, at: int) -> None:
    """One bit of one byte of a file."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def of(folder: Path, name: str) -> Path:
    """A file of the only backup of a directory."""
    return next(folder.glob(f"maillage-*/{name}"))


def keys_of(folder: Path) -> Path:
    """The keys of the only backup of a directory."""
    return next(folder.glob("maillage-*.keys"))


ALTERED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a byte of the database": (
        lambda f: byte_changed(of(f, "database.enc"), 5000),
        "database.enc a été tronqué ou altéré",
    ),
    "the last byte of the documents": (
        lambda f: byte_changed(of(f, "documents.enc"), -1),
        "documents.enc a été tronqué ou altéré",
    ),
    "the database cut": (
        lambda f: of(f, "database.enc").write_bytes(of(f, "database.enc").read_bytes()[:-70_000]),
        "database.enc a été tronqué ou altéré",
    ),
    "no anchors": (lambda f: of(f, "anchors.enc").unlink(), "Il manque anchors.enc"),
    "no manifest": (lambda f: of(f, "manifest.json").unlink(), "n’a pas été menée à son terme"),
    "a byte of the manifest": (lambda f: byte_changed(of(f, "manifest.json"), 40), "a été altérée"),
    "a byte of its digest": (lambda f: byte_changed(of(f, "manifest.mac"), 4), "a été altérée"),
    "a byte of the keys": (lambda f: byte_changed(keys_of(f), 2000), "a été tronqué ou altéré"),
    "no keys": (lambda f: keys_of(f).unlink(), "les clés de cette sauvegarde"),
}


def untouched(there: Place) -> bool:
    """Nothing was written, and the database lets people in."""
    with psycopg.connect(there.urls.app):
        pass
    return not digests(there.urls) and not any(
        p.exists() for p in (there.keys, there.documents, there.anchors)
    )


def test_an_altered_backup_is_refused_by_verify_and_by_restore(
    kept: Kept, fresh_database: DatabaseUrls, cluster: TestCluster, tmp_path: Path
) -> None:
    here = usual_place(fresh_database)
    folder = saved(here, tmp_path / "backups")
    with elsewhere(cluster, tmp_path) as there:
        for number, (name, (alter, expected)) in enumerate(ALTERED.items()):
            copy = tmp_path / f"copy-{number}"
            shutil.copytree(folder, copy)
            alter(copy)
            for command in (("backup", "verify"), ("restore",)):
                code, said, complained = there.run(*command, str(copy))
                assert (code, said, expected in complained) == (1, "", True), (name, command, complained)
        assert untouched(there)
        code, said, complained = there.run("backup", "verify", str(folder))
        assert (code, "Sauvegarde saine" in said, "2 clés par convention" in said) == (0, True, True), (
            complained
        )


def test_another_master_key_another_store_and_what_is_not_empty_are_refused(
    kept: Kept, fresh_database: DatabaseUrls, cluster: TestCluster, tmp_path: Path
) -> None:
    here = usual_place(fresh_database)
    folder = saved(here, tmp_path / "backups")
    with elsewhere(cluster, tmp_path) as there:
        code, _, complained = there.run("restore", str(folder), MAILLAGE_MASTER_KEY=other_master_key())
        assert (code, "sous une autre clé maîtresse" in complained) == (1, True)
        assert untouched(there)
        there.documents.mkdir(parents=True)
        (there.documents / "quelque chose").touch()
        code, _, complained = there.run("restore", str(folder))
        assert (code, "Le dossier des documents n’est pas vide" in complained) == (1, True)
        shutil.rmtree(there.documents)
        there.keys.mkdir()
        (there.keys / IDENTITY).write_text("0198c0de-0000-7000-8000-000000000001")
        code, _, complained = there.run("restore", str(folder))
        assert (code, "d’une autre base" in complained) == (1, True)
        shutil.rmtree(there.keys)
        with psycopg.connect(there.urls.owner, autocommit=True) as owner:
            owner.execute("CREATE TABLE deja_la ()")
            code, _, complained = there.run("restore", str(folder))
            assert (code, "Cette base n’est pas vide" in complained) == (1, True)
            owner.execute("DROP TABLE deja_la")
        assert untouched(there)
    before = digests(fresh_database), files(here.keys), files(here.documents)
    code, _, complained = here.run("restore", str(folder))
    assert (code, "n’est pas vide" in complained) == (1, True)
    assert (digests(fresh_database), files(here.keys), files(here.documents)) == before


def test_nobody_may_be_inside_when_a_restore_begins(
    kept: Kept,
    fresh_database: DatabaseUrls,
    cluster: TestCluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("maillage.backups.restoring.WAIT_SECONDS", 0.3)
    folder = saved(usual_place(fresh_database), tmp_path / "backups")
    with elsewhere(cluster, tmp_path) as there:
        with psycopg.connect(there.urls.app):
            code, _, complained = there.run("restore", str(folder))
            assert (code, "Quelqu’un d’autre est connecté" in complained) == (1, True)
        assert untouched(there)


def test_a_directory_that_cannot_be_written_or_holds_no_backup_is_said(
    fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    here = usual_place(fresh_database)
    (tmp_path / "fichier").touch()
    code, _, complained = here.run("backup", str(tmp_path / "fichier" / "dessous"))
    assert (code, "fichier" in complained, "Traceback" in complained) == (1, True, False)
    code, _, complained = here.run("backup", "verify", str(tmp_path))
    assert (code, "Il n’y a pas de sauvegarde dans ce dossier" in complained) == (1, True)
    code, _, complained = here.run("restore", str(tmp_path / "absent"))
    assert (code, "Il n’y a pas de sauvegarde dans ce dossier" in complained) == (1, True)
