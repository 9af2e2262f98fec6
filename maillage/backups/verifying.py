"""Whether a backup is sound, without restoring it: every digest, every chunk to the last, every file of its parts, its keys."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from maillage.audit.anchors import AnchorFault, file_name, parsed
from maillage.backups import postgresql
from maillage.backups.files import check_part, hashed, opened, part_key, unframed
from maillage.backups.manifest import (
    ANCHORS,
    DATABASE,
    DOCUMENTS,
    KEYS_SUFFIX,
    PARTS,
    Manifest,
    backups_in,
    keys_in,
    read_manifest,
)
from maillage.vault.actions import vault
from maillage.vault.backup import Backup, BadBackup, read_backup
from maillage.vault.ledger import Erased


@dataclass(frozen=True, slots=True)
class Sound:
    """A backup whose manifest and digests hold. `keys` are those made with it, else the first ones made after.

    `erased` is what they and their neighbours say was erased, up to `known_until`: what was erased later is in none of them. `unread`
    are neighbours that did not read: what they know of erasures is not in `erased`.
    """

    folder: Path
    manifest: Manifest
    keys_file: Path
    keys: Backup
    erased: tuple[Erased, ...]
    unread: tuple[Path, ...]
    known_until: datetime

    def content(self, part: str) -> Iterator[bytes]:
        """What a part holds, piece by piece."""
        found = self.manifest.part(part)
        return opened(self.folder, found, backup=self.manifest.id, master=vault().master)

    def anchors(self) -> Iterator[tuple[str, bytes]]:
        """The name and the bytes of each anchor."""
        for number, content in unframed(self.content(ANCHORS)):
            yield file_name(number.int), b"".join(content)


def chosen(directory: Path) -> Path:
    """The backup that a directory is, else the newest one in it. Raises BadBackup, also where that one bears a name that is not its own:
    an old backup renamed would be taken for the newest, and bring back what was erased since.
    """
    if any((directory / name).exists() for name in PARTS):
        return directory
    found = list(backups_in(directory))
    if not found:
        raise BadBackup("Il n’y a pas de sauvegarde dans ce dossier.")
    newest = found[-1]
    if (own := read_manifest(newest, master=vault().master).name) != newest.name:
        raise BadBackup(
            f"{newest.name} n’est pas le nom de cette sauvegarde, qui est {own} : rendez-le-lui, ou désignez le dossier voulu."
        )
    return newest


def checked(folder: Path, keys: Path) -> Sound:
    """A backup whose parts are all there and unaltered, with keys for it among those of a directory. Raises BadBackup, OSError."""
    master = vault().master
    manifest = read_manifest(folder, master=master)
    if sorted(part.name for part in manifest.parts) != sorted(PARTS):
        raise BadBackup("Il n’y a pas dans cette sauvegarde les parties qu’il faut.")
    for part in manifest.parts:
        check_part(folder, part)
        part_key(part, backup=manifest.id, master=master)
    unread: list[Path] = []
    file, backup, others = _keys(manifest, keys, unread)
    told: list[Manifest | Backup] = [manifest, *others, *_told_beside(folder, manifest, unread)]
    erased = {
        (line.scope, line.reference, line.organisation): line
        for line in (*(line for one in told for line in one.erased), *backup.erased)
    }
    until = max(one.made_at for one in told)
    return Sound(folder, manifest, file, backup, tuple(erased.values()), tuple(unread), until)


def verify(sound: Sound) -> None:
    """Read a backup to its end, as a restore would. Raises BadBackup, DatabaseError, OSError."""
    postgresql.read_whole(sound.content(DATABASE), made_by=sound.manifest.program)
    documents = sum(1 for _ in unframed(sound.content(DOCUMENTS)))
    if documents != sound.manifest.documents:
        raise BadBackup("Il n’y a pas dans cette sauvegarde les documents qu’elle annonce.")
    try:
        for name, content in sound.anchors():
            parsed(content, name=name)
    except AnchorFault as error:
        raise BadBackup(str(error)) from error


def _keys(manifest: Manifest, directory: Path, unread: list[Path]) -> tuple[Path, Backup, list[Backup]]:
    """The keys of a backup, else the first ones made after it; and all keys of that store, which say what was erased."""
    own = directory / f"{manifest.name}{KEYS_SUFFIX}"
    after: list[tuple[Path, Backup]] = []
    told: list[Backup] = []
    for path in keys_in(directory):
        if path == own:
            _check_own(path, manifest)
        try:
            found = read_backup(path)
        except BadBackup:
            if path == own:
                raise
            unread.append(path)  # another series', or one that is no good: ours does not depend on it
            continue
        if found.store == manifest.store:
            told.append(found)
            if found.made_at >= manifest.made_at:
                after.append((path, found))
    if not after:
        raise BadBackup(
            f"Il n’y a pas dans {directory} les clés de cette sauvegarde ({own.name}), ni d’autres plus récentes : nommez leur dossier "
            "par --keys."
        )
    path, backup = min(after, key=lambda one: (one[1].made_at, one[0] != own))
    return path, backup, told


def _check_own(path: Path, manifest: Manifest) -> None:
    with path.open("rb") as file:
        if not hmac.compare_digest(hashed(file), manifest.keys_sha256):
            raise BadBackup(f"{path.name} a été tronqué ou altéré : rien n’est rendu.")


def _told_beside(folder: Path, manifest: Manifest, unread: list[Path]) -> Iterator[Manifest]:
    """The other backups of the same series, which say what was erased: a newer one knows more than this one."""
    for other in backups_in(folder.resolve().parent):
        if other != folder.resolve():
            try:
                found = read_manifest(other, master=vault().master)
            except (BadBackup, OSError):
                unread.append(other)
                continue
            if found.store == manifest.store:
                yield found
