"""Readers of files that an operator brings back: backups of keys, anchors of the journal, sealed bytes, a master key. No database."""

import atexit
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from maillage.audit.anchors import Anchor, AnchorFault, End, parsed, public_key, written
from maillage.core import crypto
from maillage.documents.encryption import decrypted, encrypted
from maillage.vault import backup as backups
from maillage.vault.actions import vault
from maillage.vault.backup import Backup, BadBackup, read_backup
from maillage.vault.ledger import Erased
from maillage.vault.master import MasterKeyMissing, parse_master_key
from tests.parsers.judging import Broken, Target

_AT = datetime(2026, 6, 1, tzinfo=UTC)
_IDS = (UUID(int=1), UUID(int=2))
_FILE = Path(tempfile.mkdtemp(prefix="maillage-parsers-")) / "cles.tar"
atexit.register(shutil.rmtree, _FILE.parent, ignore_errors=True)
_BACKUP = Backup(_AT, _IDS[0], ((*_IDS, b"wrapped"),), (Erased("convention", _IDS[0], _IDS[1], "fin"),))
_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_ANCHOR = Anchor(1, _AT, 365, b"", (End(_IDS[0], 0, 3, b"\1" * 32),))
_SECRET = bytes(range(32))


def keys_backup(data: bytes) -> None:
    """A file given to `maillage keys restore`."""
    _FILE.write_bytes(data)
    if read_backup(_FILE) != _BACKUP:
        raise Broken("a backup that was never written is read")


def anchor(data: bytes) -> None:
    """A file of the directory of anchors; one that is read is, once written again, the same file."""
    found = parsed(data, name="ancre")
    trusted = public_key(_KEY)
    if parsed(data, name="ancre", trusted=trusted) != found or written(found, _KEY) != data:
        raise Broken("an anchor that nobody signed")
    if not found.prunable_at:
        raise Broken("no day")


def sealed_bytes(data: bytes) -> None:
    """Bytes of a column or of a stored file: opened with their key at their place, or not at all."""
    ways: tuple[Callable[[], bytes], ...] = (
        lambda: crypto.decrypt(_SECRET, data, at=b"place"),
        lambda: crypto.unseal(_SECRET, data, at=b"place"),
        lambda: b"".join(decrypted(BytesIO(data), key=_SECRET, document=_IDS[0])),
    )
    for opened in ways:
        try:
            found = opened()
        except crypto.DecryptionError:
            continue
        if found != b"contenu":
            raise Broken("opened without having been closed")


def master_key(data: bytes) -> None:
    """The text of a master key."""
    if len(parse_master_key(data.decode(errors="replace"))) != crypto.KEY_BYTES:
        raise Broken("a key of another length")


_WRITTEN = written(_ANCHOR, _KEY)
_OTHER = written(Anchor(2, _AT, 10**9, b"\2" * 32, ()), _KEY)
TARGETS = {
    "keys_backup": Target(
        keys_backup, (BadBackup,), (backups._archive(_BACKUP, vault().master), b"\0" * 1024)
    ),
    "anchor": Target(
        anchor,
        (AnchorFault,),
        (
            _WRITTEN,
            _OTHER,
            _WRITTEN.replace(b'"number":1', b'"number":1e999'),
            b"[" * 1500,
            b'{"signature":"","key":"","number":NaN}',
            b"{}",
        ),
    ),
    "sealed_bytes": Target(
        sealed_bytes,
        (),
        (
            crypto.encrypt(_SECRET, b"contenu", at=b"place"),
            b"".join(encrypted([b"contenu"], key=_SECRET, document=_IDS[0])),
            b"\1",
            b"",
        ),
    ),
    "master_key": Target(
        master_key,
        (MasterKeyMissing,),
        (b"bWFpbGxhZ2UtdGVzdHMtbWFpbGxhZ2UtdGVzdHMtMDE=", b"AAAA", b"=", "é".encode()),
    ),
}
