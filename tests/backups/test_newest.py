"""Which backup of a directory is the newest: the one whose own name says so."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from maillage.backups.manifest import MAC, MANIFEST, Manifest, mac, written
from maillage.backups.verifying import chosen
from maillage.core.identifiers import uuid7
from maillage.vault.actions import vault
from maillage.vault.backup import BadBackup

pytestmark = pytest.mark.django_db


def made(directory: Path, month: int) -> Path:
    one = Manifest(uuid7(), datetime(2026, month, 1, tzinfo=UTC), None, "0", 17, 17, (), 0, 0, "", (), ())
    folder = directory / one.name
    folder.mkdir()
    content = written(one)
    (folder / MANIFEST).write_bytes(content)
    (folder / MAC).write_bytes(mac(vault().master.current, content))
    return folder


def test_an_old_backup_renamed_is_not_taken_for_the_newest(tmp_path: Path) -> None:
    old, new = made(tmp_path, 1), made(tmp_path, 11)
    assert chosen(tmp_path) == new
    renamed = old.rename(tmp_path / f"maillage-20991231T000000Z-{'0' * 12}")
    with pytest.raises(BadBackup, match=old.name):
        chosen(tmp_path)
    renamed.rename(old)
    assert chosen(tmp_path) == new
