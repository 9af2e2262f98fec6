"""What a backup says of itself, in `manifest.json`: its parts with their digests, when, which versions, what was erased by then.

`manifest.mac` beside it is a keyed digest under the master key. Neither holds anything about a person: ids, numbers and digests.
"""

import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from maillage.backups.files import Part
from maillage.vault.backup import BadBackup
from maillage.vault.ledger import Erased
from maillage.vault.master import MasterKeys

MANIFEST: Final = "manifest.json"
MAC: Final = "manifest.mac"
DATABASE: Final = "database.enc"
DOCUMENTS: Final = "documents.enc"
ANCHORS: Final = "anchors.enc"
PARTS: Final = (DATABASE, DOCUMENTS, ANCHORS)
KEYS_SUFFIX: Final = ".keys"
_NAME: Final = re.compile(r"maillage-\d{8}T\d{6}Z-[0-9a-f]{12}")
_FORMAT: Final = 1
_PURPOSE: Final = b"maillage backup"
_LARGEST: Final = 200_000_000  # bytes of a manifest: a million erasures


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup. `store` is the key store's identity, None before its first key; `server` and `program` are major versions."""

    id: UUID
    made_at: datetime
    store: UUID | None
    version: str
    server: int
    program: int
    migrations: tuple[str, ...]
    anchor: int
    documents: int
    keys_sha256: str
    parts: tuple[Part, ...]
    erased: tuple[Erased, ...]

    @property
    def name(self) -> str:
        """« maillage-20261127T213000Z-0123456789ab »: in the order of their names, backups are in their own."""
        return f"maillage-{self.made_at:%Y%m%dT%H%M%SZ}-{self.id.hex[-12:]}"

    def part(self, name: str) -> Part:
        """One of its parts."""
        return next(part for part in self.parts if part.name == name)


def written(manifest: Manifest) -> bytes:
    """The bytes of `manifest.json`. Reasons of erasures stay out: people wrote them."""
    content = {
        **asdict(manifest),
        "format": _FORMAT,
        "id": str(manifest.id),
        "made_at": manifest.made_at.isoformat(),
        "store": str(manifest.store) if manifest.store else None,
        "erased": [
            [line.scope, str(line.reference), str(line.organisation) if line.organisation else None]
            for line in manifest.erased
        ],
    }
    return json.dumps(content, indent=1).encode() + b"\n"


def mac(key: bytes, content: bytes) -> bytes:
    """The keyed digest of a manifest."""
    purpose = hmac.new(key, _PURPOSE, sha256).digest()
    return hmac.new(purpose, content, sha256).hexdigest().encode()


def read_manifest(folder: Path, *, master: MasterKeys) -> Manifest:
    """The manifest of a backup, unaltered. Raises BadBackup, OSError."""
    try:
        if (folder / MANIFEST).stat().st_size > _LARGEST:
            raise BadBackup("Son manifeste est trop gros pour en être un.")
        content, found = (folder / MANIFEST).read_bytes(), (folder / MAC).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise BadBackup(
            "Ce dossier n’est pas une sauvegarde, ou elle n’a pas été menée à son terme."
        ) from error
    known = (key for key in (master.current, master.former) if key)
    if not any(hmac.compare_digest(found, mac(key, content)) for key in known):
        raise BadBackup(
            "Cette sauvegarde a été altérée, ou faite sous une autre clé maîtresse : donnez celle-ci dans "
            "MAILLAGE_MASTER_KEY_FORMER."
        )
    return _manifest(json.loads(content))


def backups_in(directory: Path) -> Iterator[Path]:
    """What bears the name of a backup, oldest first."""
    for path in sorted(directory.iterdir()) if directory.is_dir() else ():
        if _NAME.fullmatch(path.name) and path.is_dir():
            yield path


def keys_in(directory: Path) -> Iterator[Path]:
    """What bears the name of the keys of a backup, oldest first."""
    for path in sorted(directory.iterdir()) if directory.is_dir() else ():
        if path.suffix == KEYS_SUFFIX and _NAME.fullmatch(path.stem) and path.is_file():
            yield path


def _manifest(content: dict[str, Any]) -> Manifest:
    if content["format"] != _FORMAT:
        raise BadBackup(f"Cette sauvegarde est au format {content['format']}, que cette version ne lit pas.")
    lines = content["erased"]
    return Manifest(
        id=UUID(content["id"]),
        made_at=datetime.fromisoformat(content["made_at"]),
        store=UUID(content["store"]) if content["store"] else None,
        version=content["version"],
        server=content["server"],
        program=content["program"],
        migrations=tuple(content["migrations"]),
        anchor=content["anchor"],
        documents=content["documents"],
        keys_sha256=content["keys_sha256"],
        parts=tuple(Part(**part) for part in content["parts"]),
        erased=tuple(Erased(scope, UUID(of), UUID(body) if body else None) for scope, of, body in lines),
    )
