"""The key store: one small file per (organisation, convention), outside the database and so outside its dumps.

Each file holds a random 256-bit key wrapped by the master key. Destroying the file makes every case key that the
organisation held under that convention unreadable, in the database and in all its backups.
"""

import base64
import binascii
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from maillage.core import crypto


class MasterKeyMissing(Exception):
    """No usable master key: nothing can be sealed or opened."""


class KeyDestroyed(Exception):
    """The key of this organisation for this convention is gone: it was destroyed, or never was."""


@lru_cache(maxsize=4)
def parse_master_key(text: str) -> bytes:
    """The 32 bytes of the master key given in base64; raises MasterKeyMissing."""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MasterKeyMissing("the master key is not base64") from error
    if len(key) != crypto.KEY_BYTES:
        raise MasterKeyMissing("the master key must be 32 bytes in base64")
    return key


class KeyStore:
    """Files of wrapped keys below one directory."""

    def __init__(self, directory: Path, master_key: bytes) -> None:
        self.directory = directory
        self._master = master_key

    def path(self, organisation: UUID, convention: UUID) -> Path:
        """Where the key of an organisation for a convention lies."""
        return self.directory / str(convention) / str(organisation)

    def key(self, organisation: UUID, convention: UUID) -> bytes:
        """The key; raises KeyDestroyed."""
        try:
            wrapped = self.path(organisation, convention).read_bytes()
        except FileNotFoundError as error:
            raise KeyDestroyed(f"{organisation} {convention}") from error
        return crypto.decrypt(self._master, wrapped, at=crypto.place("store", organisation, convention))

    def ensure(self, organisation: UUID, convention: UUID) -> bytes:
        """The key, made first if there was none. Two processes that make it at once end with the same one."""
        path = self.path(organisation, convention)
        if _tombstone(path).exists():
            raise KeyDestroyed(f"{organisation} {convention}")
        with suppress(KeyDestroyed):
            return self.key(organisation, convention)
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)  # `mode` is for the last directory only
        path.parent.mkdir(exist_ok=True, mode=0o700)
        wrapped = crypto.encrypt(
            self._master, crypto.new_key(), at=crypto.place("store", organisation, convention)
        )
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(wrapped)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(
                temporary, path
            )  # unlike rename, never replaces the key that another process has just made
        temporary.unlink()
        _sync_directory(path.parent)
        return self.key(organisation, convention)

    def destroy(self, organisation: UUID, convention: UUID) -> bool:
        """Remove the key for good, and keep another from taking its place; False when there was none."""
        path = self.path(organisation, convention)
        if path.exists():
            _tombstone(path).touch(mode=0o600)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        _sync_directory(path.parent)
        return True


def _tombstone(path: Path) -> Path:
    """The mark left where a key was destroyed."""
    return path.with_name(f"{path.name}.destroyed")


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
