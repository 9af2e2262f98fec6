"""Backup and restore of the store: what was destroyed stays so, in the store and in a restored database; all else reads."""

import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from maillage.cases.queries import keys_of, visible_to
from maillage.core.database.settings import DatabaseUrls
from maillage.documents import storage
from maillage.vault.actions import vault
from tests.cli.kept_world import Kept, groundwork, kept, raw, size
from tests.cli.keys import keys, keys_apart, other_master_key
from tests.referrals.world import ADVISER, WORKER, member, organisation

__all__ = ["groundwork", "kept", "size"]  # the fixtures of these tests

pytestmark = pytest.mark.security


def erase(scope: str, of: object, body: object) -> None:
    """What an erasure writes in the ledger."""
    raw(
        "INSERT INTO vault_erasure (id, organisation_id, scope, reference, reason)"
        " VALUES (gen_random_uuid(), %s, %s, %s, 'essai') RETURNING id",
        body,
        scope,
        str(of),
    )


@pytest.mark.long
def test_what_was_destroyed_after_a_backup_stays_destroyed_and_everything_else_reads(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    """By the keys alone, what test_the_marks_of_a_store_that_stands_erase_again_what_a_restored_database_had_forgotten proves."""
    file = tmp_path / "cles.tar"
    code, said, complained = keys_apart(fresh_database, "backup", str(file), role="owner")
    assert (code, "2 clés par convention" in said) == (0, True), complained
    assert file.stat().st_mode & 0o077 == 0
    ccas = organisation("CCAS").id
    vault().store.destroy(ccas, kept.signed.id)
    path = vault().store.path(organisation("CPAM 42").id, kept.signed.id)
    path.unlink()  # lost, not destroyed
    code, said, complained = keys_apart(fresh_database, "restore", str(file))
    assert (code, "1 clé rendue, 0 déjà là, 1 détruite et non rendue" in said) == (1, True), complained
    assert "revient au propriétaire" in complained
    with member(ADVISER) as adviser:
        assert set(kept.cases) <= keys_of(visible_to(adviser)).keys()
    with member(WORKER) as worker:
        assert keys_of(visible_to(worker)) == {}
    assert raw("SELECT scope, reference, organisation_id FROM vault_erasure") == [
        ("convention", str(kept.signed.id), ccas)
    ]  # the mark of the store was written in a database that may have forgotten it
    code, said, _ = keys(fresh_database, "restore", str(file))
    assert (code, "0 clé rendue, 1 déjà là, 1 détruite et non rendue" in said) == (1, True)


def test_the_ledger_of_a_backup_is_replayed_over_a_restored_database_and_store(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    """The store and the database come back as they were before three erasures; the backup of keys, made after, knows them."""
    assert keys(fresh_database, "index")[0] == 0
    before, stored = tmp_path / "before", tmp_path / "cles.tar"
    shutil.copytree(settings.KEY_STORE, before)
    case, document, ccas = kept.cases.pop(), kept.documents.pop(), organisation("CCAS").id
    erase("case", case, ccas)
    erase("document", document, ccas)
    erase("convention", kept.signed.id, ccas)
    assert keys(fresh_database, "backup", str(stored), role="owner")[0] == 0
    raw("DELETE FROM vault_erasure RETURNING id")
    shutil.rmtree(settings.KEY_STORE)
    shutil.copytree(before, settings.KEY_STORE)
    code, said, complained = keys(fresh_database, "restore", str(stored), role="owner")
    assert (code, "3 effacements rejoués" in said) == (0, True), complained
    assert len(raw("SELECT 1 FROM vault_erasure")) == 3
    assert {row[0] for row in raw("SELECT sealed_key FROM cases_participation WHERE case_id = %s", case)} == {
        b""
    }
    assert raw("SELECT wrapped_key FROM documents_document WHERE id = %s", document) == [(b"",)]
    assert not storage._path(document).exists()
    assert vault().store.destroyed() == [(ccas, kept.signed.id)]
    assert (
        raw("SELECT 1 FROM beneficiaries_blindindex WHERE case_id = %s OR organisation_id = %s", case, ccas)
        == []
    )
    with member(ADVISER) as adviser:
        found = keys_of(visible_to(adviser))
    assert set(kept.cases) <= found.keys()
    assert case not in found


def test_what_the_worker_may_not_empty_is_said_and_the_owner_does_it(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    """No destruction speaks of it in this database: the worker's restore destroys the key, and leaves the rest to the owner's."""
    stored, ccas = tmp_path / "cles.tar", organisation("CCAS").id
    assert keys(fresh_database, "backup", str(stored), role="owner")[0] == 0
    erase("convention", kept.signed.id, ccas)
    held = "SELECT count(*) FROM cases_participation WHERE organisation_id = %s AND sealed_key <> ''"
    ((before,),) = raw(held, ccas)
    assert before
    for _ in range(2):  # said again as long as nobody has done it
        code, said, complained = keys(fresh_database, "restore", str(stored))
        assert (code, "1 effacement rejoué" in said) == (1, True), complained
        assert complained == (
            "maillage : 1 effacement dont aucune destruction ne parle dans cette base : sa clé est détruite, le reste (accès, documents)"
            " revient au propriétaire. Recommencez avec DATABASE_OWNER_URL.\n"
        )
        assert raw(held, ccas) == [(before,)]
    assert vault().store.destroyed() == [(ccas, kept.signed.id)]
    code, said, complained = keys(fresh_database, "restore", str(stored), role="owner")
    assert (code, complained, "1 effacement rejoué" in said) == (0, "", True)
    assert raw(held, ccas) == [(0,)]


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """The same archive with something changed in it."""
    with tarfile.open(file) as archive:
        files = {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]  # all are files
    change(files)
    with tarfile.open(file, "w") as archive:
        for name, content in files.items():
            member_of = tarfile.TarInfo(name)
            member_of.size = len(content)
            archive.addfile(member_of, io.BytesIO(content))


def cut_a_key(files: dict[str, bytes]) -> None:
    del files[next(name for name in files if "/" in name)]


def alter_a_key(files: dict[str, bytes]) -> None:
    name = next(name for name in files if "/" in name)
    files[name] = bytes(len(files[name]))


def forget_the_ledger(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    files["manifest.json"] = json.dumps({**manifest, "erased": []}).encode()


def lose_the_manifest(files: dict[str, bytes]) -> None:
    del files["manifest.json"]


ALTERED = {
    "a key cut": (cut_a_key, "manque, est en trop ou a été altéré"),
    "a key altered": (alter_a_key, "manque, est en trop ou a été altéré"),
    "its ledger emptied": (forget_the_ledger, "a été altérée"),
    "no manifest": (lose_the_manifest, "n’est pas une sauvegarde de clés"),
}


def test_an_altered_backup_is_refused_and_nothing_is_written(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    erase("document", kept.documents[0], organisation("CCAS").id)
    file, copy = tmp_path / "cles.tar", tmp_path / "copie.tar"
    keys(fresh_database, "backup", str(file))
    shutil.rmtree(settings.KEY_STORE)
    settings.KEY_STORE.mkdir(mode=0o700)
    for name, (change, expected) in ALTERED.items():
        shutil.copy(file, copy)
        rewritten(copy, change)
        code, _, complained = keys(fresh_database, "restore", str(copy))
        assert (code, expected in complained) == (1, True), (name, complained)
        assert vault().store.holders() == []
    code, _, complained = keys(fresh_database, "restore", str(file), MAILLAGE_MASTER_KEY=other_master_key())
    assert (code, "sous une autre clé maîtresse" in complained) == (1, True)
    assert keys(fresh_database, "restore", str(file))[0] == 0
    assert len(vault().store.holders()) == 2


def test_a_backup_overwrites_nothing_and_a_file_that_is_not_there_is_said(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    taken = tmp_path / "pris.tar"
    taken.write_text("autre chose")
    code, _, complained = keys(fresh_database, "backup", str(taken))
    assert (code, "existe déjà" in complained, taken.read_text()) == (1, True, "autre chose")
    code, _, complained = keys(fresh_database, "backup", str(tmp_path / "nulle" / "part.tar"))
    assert (code, "ne peut pas être écrit" in complained) == (1, True)
    code, _, complained = keys(fresh_database, "restore", str(tmp_path / "absent.tar"))
    assert (code, "ne peut pas être lu : ce fichier ou ce dossier n’existe pas" in complained) == (1, True)
    code, _, complained = keys(fresh_database, "restore", str(taken))
    assert (code, "n’est pas une sauvegarde de clés" in complained) == (1, True)
