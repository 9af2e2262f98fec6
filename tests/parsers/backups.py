"""Readers of a backup brought back: its manifest, the parts of several files. No database."""

import atexit
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from maillage.backups.files import Part, framed, opened, unframed, write_part
from maillage.backups.manifest import MAC, MANIFEST, Manifest, mac, read_manifest, written
from maillage.vault.actions import vault
from maillage.vault.backup import BadBackup
from maillage.vault.ledger import Erased
from tests.parsers.judging import Broken, Target

_ID = UUID(int=1)
_FOLDER = Path(tempfile.mkdtemp(prefix="maillage-parsers-"))
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
_FILES = {UUID(int=2): b"contenu", UUID(int=3): b""}
_STREAM = b"".join(b"".join(framed(name, len(content), [content])) for name, content in _FILES.items())
_PART = write_part(_FOLDER / "part.enc", [_STREAM], backup=_ID, master=vault().master)
_MADE = datetime(2026, 6, 1, tzinfo=UTC)
_MANIFEST = Manifest(
    _ID, _MADE, _ID, "1", 18, 18, ("a.0001",), 1, 2, "0" * 64, (Part("p", 1, "0", "0"),), (Erased("case", _ID, None),)
)  # fmt: skip


def backup_manifest(data: bytes) -> None:
    """The two files that say what a backup is, one after the other."""
    (_FOLDER / MAC).write_bytes(data[:64])
    (_FOLDER / MANIFEST).write_bytes(data[64:])
    if read_manifest(_FOLDER, master=vault().master) != _MANIFEST:
        raise Broken("a manifest that was never written is read")


def backup_part(data: bytes) -> None:
    """An encrypted part, and the files in it."""
    (_FOLDER / "part.enc").write_bytes(data)
    stream = opened(_FOLDER, _PART, backup=_ID, master=vault().master)
    if {name: b"".join(content) for name, content in unframed(stream)} != _FILES:
        raise Broken("a part that was never written opens")


def backup_files(data: bytes) -> None:
    """The stream inside; what is read is, once written again, the same."""
    again = b""
    for name, pieces in unframed([data]):
        content = b"".join(pieces)
        again += b"".join(framed(name, len(content), [content]))
    if again != data:
        raise Broken("not the same once written again")


_WRITTEN = written(_MANIFEST)
TARGETS = {
    "backup_manifest": Target(
        backup_manifest,
        (BadBackup,),
        (mac(vault().master.current, _WRITTEN) + _WRITTEN, b"{}", b"0" * 64 + b"{}"),
    ),
    "backup_part": Target(backup_part, (BadBackup,), ((_FOLDER / "part.enc").read_bytes(), b"\1", b"")),
    "backup_files": Target(backup_files, (BadBackup,), (_STREAM, _STREAM[:40], b"\xff" * 24)),
}
