"""Parts of a backup on the disk: encrypted as they come, digested as they are written, in files that only their user reads.

A part of several files (documents, anchors) is one stream: for each, sixteen bytes that name it, its size, its content.
"""

import hmac
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

from maillage.core import chunks, crypto
from maillage.vault.backup import BadBackup
from maillage.vault.master import MasterKeys

PIECE: Final = 256 * 1024
_SIZE_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Part:
    """An encrypted file: its name, its bytes and their digest, and its key under the master key."""

    name: str
    size: int
    sha256: str
    key: str


def write_part(path: Path, content: Iterable[bytes], *, backup: UUID, master: MasterKeys) -> Part:
    """Encrypt under a key of this part's own and wait for the disk. Raises OSError; FileExistsError rather than overwrite."""
    key = crypto.new_key()
    digest, size = sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb", PIECE) as file:
        for piece in chunks.encrypted(content, key=key, of=_stream(backup, path.name)):
            file.write(piece)
            digest.update(piece)
            size += len(piece)
        file.flush()
        os.fsync(file.fileno())
    wrapped = master.wrap(key, at=_place(backup, path.name))
    return Part(path.name, size, digest.hexdigest(), wrapped.hex())


def check_part(folder: Path, part: Part) -> None:
    """See that a part is there, whole and unaltered. Raises BadBackup, OSError."""
    try:
        with (folder / part.name).open("rb") as file:
            found = hashed(file)
            size = file.tell()
    except FileNotFoundError as error:
        raise BadBackup(f"Il manque {part.name} : rien n’est rendu.") from error
    if size != part.size or not hmac.compare_digest(found, part.sha256):
        raise BadBackup(f"{part.name} a été tronqué ou altéré : rien n’est rendu.")


def hashed(file: chunks.Readable) -> str:
    """The SHA-256 of what remains of a file."""
    digest = sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def part_key(part: Part, *, backup: UUID, master: MasterKeys) -> bytes:
    """The key of a part. Raises BadBackup."""
    try:
        return master.unwrap(bytes.fromhex(part.key), at=_place(backup, part.name))
    except (crypto.DecryptionError, ValueError) as error:
        raise BadBackup(f"{part.name} ne s’ouvre avec aucune clé maîtresse connue.") from error


def opened(folder: Path, part: Part, *, backup: UUID, master: MasterKeys) -> Iterator[bytes]:
    """The content of a part, piece by piece. Raises BadBackup where it does not open."""
    key = part_key(part, backup=backup, master=master)
    with (folder / part.name).open("rb", PIECE) as file:
        try:
            yield from chunks.decrypted(file, key=key, of=_stream(backup, part.name))
        except crypto.DecryptionError as error:
            raise BadBackup(f"{part.name} ne s’ouvre pas jusqu’au bout.") from error


def framed(name: UUID, size: int, content: Iterable[bytes]) -> Iterator[bytes]:
    """One file of a part of several. Raises OSError when it has not the size that was said."""
    yield name.bytes + size.to_bytes(_SIZE_BYTES, "big")
    left = size
    for piece in content:
        left -= len(piece)
        yield piece
    if left:
        raise OSError(f"{name} changed while it was read")


def unframed(stream: Iterable[bytes]) -> Iterator[tuple[UUID, Iterator[bytes]]]:
    """The files of such a part, each read before the next one. Raises BadBackup where the stream ends in the middle of one."""
    reader = _Reader(stream)
    while header := reader.some(16 + _SIZE_BYTES):
        content = reader.exactly(int.from_bytes(header[16:], "big"))
        yield UUID(bytes=header[:16]), content
        for _ in content:  # what its reader left
            pass


class _Reader:
    """Reads so many bytes of pieces of any size."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream, self._buffer = iter(stream), b""

    def some(self, size: int) -> bytes:
        """So many bytes, or none at the end. Raises BadBackup in between."""
        return b"".join(self.exactly(size, or_none=True))

    def exactly(self, size: int, *, or_none: bool = False) -> Iterator[bytes]:
        """So many bytes, in pieces."""
        left = size
        while left:
            if not self._buffer:
                self._buffer = next(self._stream, b"")
                if not self._buffer:
                    if or_none and left == size:
                        return
                    raise BadBackup("Une partie de cette sauvegarde s’arrête au milieu d’un fichier.")
            piece, self._buffer = self._buffer[:left], self._buffer[left:]
            left -= len(piece)
            yield piece


def _stream(backup: UUID, name: str) -> tuple[object, ...]:
    return ("backup", backup, name)


def _place(backup: UUID, name: str) -> bytes:
    return crypto.place("backup_part", backup, name)
