"""What a backup or a restore refuses, in French, with code 1, and nothing changed."""

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.vault.actions import vault
from maillage.vault.backup import Backup, write_backup
from maillage.vault.store import IDENTITY
from tests.backups.drill import Place, digests, elsewhere, files, usual_place
from tests.backups.test_drill import saved
from tests.cli.kept_world import Kept, groundwork, kept, size
from tests.cli.keys import other_master_key
from tests.referrals.world import organisation

__all__ = ["groundwork", "kept", "size"]  # the fixtures of these tests

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


def test_a_backup_of_a_later_version_is_refused(
    kept: Kept,
    fresh_database: DatabaseUrls,
    cluster: TestCluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = saved(usual_place(fresh_database), tmp_path / "backups")
    known = MigrationLoader(None).disk_migrations
    del known[max(one for one in known if one[0] == "vault")]
    monkeypatch.setattr(
        "maillage.backups.restoring.MigrationLoader", lambda _: SimpleNamespace(disk_migrations=known)
    )
    with elsewhere(cluster, tmp_path) as there:
        code, _, complained = there.run("restore", str(folder))
        assert (code, "version plus récente de Maillage (0.1.0, vault.00" in complained) == (1, True), (
            complained
        )
        assert untouched(there)


def test_a_backup_made_while_keys_are_renewed_is_given_up(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, ccas = usual_place(fresh_database), organisation("CCAS").id

    def renewed_before(path: Path, **named: Any) -> Backup:
        vault().store.renew(ccas, kept.signed.id)
        return write_backup(path, **named)

    with monkeypatch.context() as moment:
        moment.setattr("maillage.backups.writing.write_keys", renewed_before)
        code, said, complained = here.run("backup", str(tmp_path / "backups"))
    assert (code, said, "Des clés ont été renouvelées" in complained) == (1, "", True)
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [".lock"]
    saved(here, tmp_path / "backups")  # two keys stand: both are in it


def test_a_table_whose_rows_the_owner_does_not_see_is_named(
    fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    with psycopg.connect(fresh_database.owner, autocommit=True) as owner:
        owner.execute("DROP POLICY owner_all ON cases_case")
    code, _, complained = usual_place(fresh_database).run("backup", str(tmp_path / "backups"))
    assert (code, "ne voit pas toutes les lignes de cases_case" in complained) == (1, True)


def test_a_document_without_its_file_is_named_and_the_backup_is_made(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    (Path(settings.DOCUMENT_STORE) / str(kept.documents[0])).unlink()
    code, said, complained = usual_place(fresh_database).run("backup", str(tmp_path / "backups"))
    assert (code, "relue en entier" in said, str(kept.documents[0]) in complained) == (1, True, True)


def test_a_neighbour_that_does_not_read_is_named(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    here = usual_place(fresh_database)
    folder = saved(here, tmp_path / "backups")
    keys = keys_of(folder)
    other = keys.with_name(keys.name.replace("maillage-2", "maillage-3"))
    other.write_bytes(b"autre chose")
    code, _, complained = here.run("backup", "verify", str(folder))
    assert (code, f"{other} ne se lit pas" in complained) == (0, True)


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
