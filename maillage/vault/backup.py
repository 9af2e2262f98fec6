"""The store in one file: its wrapped keys, as they lie on the disk, which store it is, and the ledger of what was destroyed.

A tar archive: `manifest.json` names each file with its SHA-256 and holds the ledger; `manifest.mac` is a keyed digest of it
under the master key, so that no line of it is changed or cut unseen. Nothing in it opens without the master key.
"""

import hmac
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from maillage.core.crypto import DecryptionError
from maillage.vault.actions import vault
from maillage.vault.belonging import remembered, see_store
from maillage.vault.ledger import Erased
from maillage.vault.master import MasterKeys
from maillage.vault.store import KeyDestroyed

_FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_MAC: Final = "manifest.mac"
_PURPOSE: Final = b"maillage keys backup"
_LARGEST: Final = 200_000_000  # bytes of an archive: a million keys


class BadBackup(Exception):
    """This file is no backup of this store; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: each wrapped key with its holder, the one in use before its former one; and the ledger.

    `store` is the identity of the store, None before its first key.
    """

    made_at: datetime
    store: UUID | None
    keys: tuple[tuple[UUID, UUID, bytes], ...]
    erased: tuple[Erased, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did, key by key."""

    brought_back: int = 0
    standing: int = 0
    destroyed: int = 0
    unreadable: int = 0
    in_the_way: int = 0


def write_backup(path: Path, *, erased: list[Erased], at: datetime) -> Backup:
    """Write the store and the ledger to a new file that only its user reads. Raises FileExistsError, OSError."""
    identity = vault().store.identity()
    files = vault().store.snapshot() if identity else {}
    keys = tuple((*holder, wrapped) for holder, found in sorted(files.items()) for wrapped in found)
    backup = Backup(at, identity, keys, tuple(erased))
    content = _archive(backup, vault().master)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink()
        raise
    return backup


def read_backup(path: Path) -> Backup:
    """Read a backup and see that nothing in it was altered. Raises BadBackup, OSError."""
    if path.stat().st_size > _LARGEST:
        raise BadBackup("Ce fichier est trop gros pour une sauvegarde de clés.")
    try:
        files = dict(_members(path.read_bytes()))
        manifest = files.pop(_MANIFEST)
        mac = files.pop(_MAC)
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise BadBackup("Ce fichier n’est pas une sauvegarde de clés, ou il est tronqué.") from error
    master = vault().master
    known = (key for key in (master.current, master.former) if key)
    if not any(hmac.compare_digest(mac, _mac(key, manifest)) for key in known):
        raise BadBackup(
            "Cette sauvegarde a été altérée, ou faite sous une autre clé maîtresse : donnez celle-ci dans "
            "MAILLAGE_MASTER_KEY_FORMER."
        )
    return _backup(json.loads(manifest), files)


def put_in_place(backup: Backup) -> None:
    """Make an empty directory the store of a backup again, and see that the database knows this one. Raises BadBackup, WrongStore.

    Nothing is written when it is refused.
    """
    store, known = vault().store, remembered()
    found = store.identity()
    if known == found:
        if known is not None or backup.store is None:
            return  # the store stands: what it lost comes back, whichever store had it
    elif backup.store is None:
        raise BadBackup("Cette sauvegarde est d’avant la première clé : elle ne rend aucun magasin.")
    if known not in (None, backup.store):
        raise BadBackup("Cette sauvegarde n’est pas celle du magasin de cette base : rien n’est rendu.")
    if found not in (None, backup.store):
        raise BadBackup(
            f"{store.directory} est le magasin d’une autre base : mettez-le de côté, et rendez cette sauvegarde dans un "
            "dossier vide."
        )
    store.begin(backup.store)
    see_store(store, remembered=known)


def bring_back(backup: Backup) -> Restored:
    """Put the keys of a backup where they are missing. One that was destroyed stays so; one that stands stays in use.

    The ledger has been replayed before (`ledger.replay`), with the lines of the backup among the others.
    """
    counts = dict.fromkeys(Restored.__dataclass_fields__, 0)
    for organisation, convention, wrapped in backup.keys:
        try:
            new = vault().store.install(organisation, convention, wrapped)
        except KeyDestroyed:
            counts["destroyed"] += 1
        except DecryptionError:
            counts["unreadable"] += 1
        except FileExistsError:
            counts["in_the_way"] += 1
        else:
            counts["brought_back" if new else "standing"] += 1
    return Restored(**counts)


def _archive(backup: Backup, master: MasterKeys) -> bytes:
    names = list(_named(backup))
    manifest = json.dumps(
        {
            "format": _FORMAT,
            "made_at": backup.made_at.isoformat(),
            "store": str(backup.store) if backup.store else None,
            "files": [{"name": name, "sha256": sha256(wrapped).hexdigest()} for name, wrapped in names],
            "erased": [
                {
                    "scope": line.scope,
                    "reference": str(line.reference),
                    "organisation": str(line.organisation) if line.organisation else None,
                    "reason": line.reason,
                }
                for line in backup.erased
            ],
        },
        indent=1,
    ).encode()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in ((_MANIFEST, manifest), (_MAC, _mac(master.current, manifest)), *names):
            member = tarfile.TarInfo(name)
            member.size, member.mode, member.mtime = len(content), 0o600, int(backup.made_at.timestamp())
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def _named(backup: Backup) -> Iterator[tuple[str, bytes]]:
    for position, (organisation, convention, wrapped) in enumerate(backup.keys):
        yield f"{convention}/{organisation}/{position}", wrapped


def _backup(manifest: dict[str, Any], files: dict[str, bytes]) -> Backup:
    if manifest["format"] != _FORMAT:
        raise BadBackup(f"Cette sauvegarde est au format {manifest['format']}, que cette version ne lit pas.")
    named = {entry["name"]: entry["sha256"] for entry in manifest["files"]}
    if named != {name: sha256(content).hexdigest() for name, content in files.items()}:
        raise BadBackup(
            "Un fichier de cette sauvegarde manque, est en trop ou a été altéré : rien n’est rendu."
        )
    keys = []
    for name in named:
        convention, organisation, _position = name.split("/")
        keys.append((UUID(organisation), UUID(convention), files[name]))
    erased = tuple(
        Erased(
            line["scope"],
            UUID(line["reference"]),
            UUID(line["organisation"]) if line["organisation"] else None,
            line["reason"],
        )
        for line in manifest["erased"]
    )
    store = UUID(manifest["store"]) if manifest["store"] else None
    return Backup(datetime.fromisoformat(manifest["made_at"]), store, tuple(keys), erased)


def _members(archive: bytes) -> Iterator[tuple[str, bytes]]:
    """The plain files of an archive, as `_archive` writes them; raises tarfile.TarError or ValueError for anything else.

    `tarfile` would also follow sparse files and sizes below zero: a kilobyte could ask for gigabytes, or never end.
    """
    position = 0
    while block := archive[position : position + tarfile.BLOCKSIZE].rstrip(b"\0"):
        member = tarfile.TarInfo.frombuf(block.ljust(tarfile.BLOCKSIZE, b"\0"), "utf-8", "strict")
        begins = position + tarfile.BLOCKSIZE
        if member.type != tarfile.REGTYPE or not 0 <= member.size <= len(archive) - begins:
            raise ValueError(member.name)
        yield member.name, archive[begins : begins + member.size]
        position = begins + -(-member.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE


def _mac(key: bytes, manifest: bytes) -> bytes:
    purpose = hmac.new(key, _PURPOSE, sha256).digest()
    return hmac.new(purpose, manifest, sha256).hexdigest().encode()
