"""The commands before a key store that was lost: each refuses but `status`, which says it, and `restore`, which mends it."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from maillage.core.database.settings import DatabaseUrls
from maillage.vault.actions import vault
from maillage.vault.belonging import remembered
from maillage.vault.store import IDENTITY
from tests.cli.kept_world import Kept, groundwork, keep, kept, raw
from tests.cli.keys import keys
from tests.vault.test_belonging import begun

__all__ = ["groundwork", "kept"]  # the fixtures of these tests

pytestmark = pytest.mark.security
LOST = "a été vidé, n’est pas monté ou ne se lit pas"


@pytest.fixture(scope="module")
def size() -> dict[str, int]:
    return {"cases": 1, "drafts": 1}


def lose() -> None:
    shutil.rmtree(settings.KEY_STORE)
    settings.KEY_STORE.mkdir(mode=0o700)


def test_each_command_refuses_says_why_and_writes_nothing(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    lose()
    for words in (
        ("rotate", "master"),
        ("rotate", "pairs"),
        ("rotate", "store"),
        ("rotate", "cases"),
        ("index",),
        ("backup", str(tmp_path / "cles.tar")),
    ):
        code, _, complained = keys(fresh_database, *words)
        assert (code, LOST in complained, "keys restore" in complained) == (1, True, True), words
    code, said, _ = keys(fresh_database, "status")
    assert (code, LOST in said) == (1, True)
    assert list(settings.KEY_STORE.iterdir()) == []
    assert not (tmp_path / "cles.tar").exists()


def test_a_restore_puts_the_right_store_back(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    file, known = tmp_path / "cles.tar", remembered()
    assert keys(fresh_database, "backup", str(file))[0] == 0
    lose()
    code, said, complained = keys(fresh_database, "restore", str(file))
    assert (code, "2 clés rendues" in said) == (0, True), complained
    assert vault().store.identity() == remembered() == known
    assert keys(fresh_database, "status")[0] == 0
    kept.read()


def test_a_damaged_identity_is_said_and_a_restore_writes_it_again_once_it_is_removed(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    file, identity = tmp_path / "cles.tar", settings.KEY_STORE / IDENTITY
    keys(fresh_database, "backup", str(file))
    identity.write_text("plus rien")
    code, _, complained = keys(fresh_database, "restore", str(file))
    assert (code, LOST in complained) == (1, True)
    raw("DELETE FROM vault_usedstore RETURNING 1")  # nor does the database know one any more
    code, _, complained = keys(fresh_database, "restore", str(file))
    assert (code, "« identity » ne se lit pas" in complained.replace("\u00a0", " ")) == (1, True), complained
    identity.unlink()
    assert keys(fresh_database, "restore", str(file))[0] == 0
    kept.read()


def test_a_restore_does_not_write_into_the_store_of_another_database(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    file = tmp_path / "cles.tar"
    keys(fresh_database, "backup", str(file))
    shutil.rmtree(settings.KEY_STORE)
    others = begun(settings.KEY_STORE)
    before = (others.identity(), others.snapshot())
    assert "il a servi à une autre" in keys(fresh_database, "status")[1]
    code, _, complained = keys(fresh_database, "restore", str(file))
    assert (code, "mettez-le de côté" in complained) == (1, True)
    assert (others.identity(), others.snapshot()) == before


def test_a_backup_of_before_the_first_key_or_of_another_store_brings_no_store(
    fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    early, other = tmp_path / "tôt.tar", tmp_path / "autre.tar"
    assert keys(fresh_database, "backup", str(early))[0] == 0
    assert not settings.KEY_STORE.exists()
    keep(cases=1, drafts=1)
    keys(fresh_database, "backup", str(other))
    raw("UPDATE vault_usedstore SET identity = gen_random_uuid() RETURNING 1")
    lose()
    code, _, complained = keys(fresh_database, "restore", str(early))
    assert (code, "d’avant la première clé" in complained) == (1, True)
    code, _, complained = keys(fresh_database, "restore", str(other))
    assert (code, "n’est pas celle du magasin de cette base" in complained) == (1, True)
    assert list(settings.KEY_STORE.iterdir()) == []


def test_a_database_restored_from_before_the_first_key_knows_its_store_again(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    file, known = tmp_path / "cles.tar", remembered()
    keys(fresh_database, "backup", str(file))
    raw("DELETE FROM vault_usedstore RETURNING 1")
    assert keys(fresh_database, "restore", str(file))[0] == 0
    assert remembered() == known


def test_a_loss_without_a_backup_is_accepted_by_the_owner_and_a_backup_found_later_still_serves(
    kept: Kept, fresh_database: DatabaseUrls, tmp_path: Path
) -> None:
    file, known = tmp_path / "cles.tar", remembered()
    keys(fresh_database, "backup", str(file))
    code, _, complained = keys(fresh_database, "restore", "--accept-loss", role="owner")
    assert (code, "il n’y a pas de perte à accepter" in complained) == (1, True)
    lose()
    code, _, complained = keys(fresh_database, "restore", "--accept-loss")
    assert (code, "nommez DATABASE_OWNER_URL" in complained) == (1, True)
    code, said, complained = keys(fresh_database, "restore", "--accept-loss", role="owner")
    assert (code, "Un autre magasin est en service" in said) == (0, True), complained
    assert remembered() == vault().store.identity() != known
    assert raw("SELECT count(*) FROM audit_entry WHERE object_type = 'vault_usedstore'")[0][0] >= 2
    kept.send()
    assert keys(fresh_database, "restore", str(file))[0] == 0
    kept.read()
