"""How long backups stay: older ones of the same series go once a newer one was read whole. Keys go sooner than the rest.

A key that was destroyed is still in the backups of keys made before: they are what must not last (docs/operations/backup.md).
"""

import shutil
from datetime import datetime
from pathlib import Path

from maillage.backups.manifest import backups_in, keys_in, read_manifest
from maillage.backups.rules import passed
from maillage.backups.writing import Written
from maillage.vault.actions import vault
from maillage.vault.backup import BadBackup, read_backup


def remove_older(new: Written, *, days: int, at: datetime) -> int:
    """Remove the backups of this series that are older than so many days; how many. Another's, or an unreadable one, stays."""
    made = {}
    for folder in backups_in(new.path.parent):
        try:
            found = read_manifest(folder, master=vault().master)
        except (BadBackup, OSError):
            continue
        if found.store == new.manifest.store:
            made[folder.name] = found.made_at
    gone = passed(made, days=days, at=at)
    for name in gone:
        _remove(new.path.parent / name)
    return len(gone)


def remove_older_keys(new: Written, *, days: int, at: datetime) -> int:
    """The same of the keys."""
    made = {}
    for path in keys_in(new.keys.parent):
        try:
            found = read_backup(path)
        except (BadBackup, OSError):
            continue
        if found.store == new.manifest.store:
            made[path.name] = found.made_at
    gone = passed(made, days=days, at=at)
    for name in gone:
        (new.keys.parent / name).unlink()
    return len(gone)


def _remove(folder: Path) -> None:
    """Under another name first: killed in between, it does not look whole."""
    going = folder.with_name(f".unfinished-{folder.name}")
    folder.rename(going)
    shutil.rmtree(going)
