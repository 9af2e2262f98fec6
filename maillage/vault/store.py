"""The key store: one small file per (organisation, convention), outside the database and so outside its dumps.

Each file holds a random 256-bit key wrapped by the master key. Destroying the file makes every case key that the
organisation held under that convention unreadable, in the database and in all its backups. While such a key is being
renewed its former one stands beside it, in a file `….former`; where one was destroyed a mark `….destroyed` stays. A file `….ended` names
the cases of which the holder's part ended while its key goes on.

A store is begun once: its file `identity` then says which one it is, and the database remembers it (`belonging.py`). Nothing is
written where there is none: a directory that was emptied or is not mounted is no store, and gets no new keys.

Reading takes no lock: each file is replaced whole. What changes the store does, so that a key being wrapped again is not
put back where another process has just destroyed it.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from maillage.core import crypto
from maillage.core.identifiers import uuid7
from maillage.vault.master import MasterKeys

FORMER: Final = ".former"
DESTROYED: Final = ".destroyed"
ENDED: Final = ".ended"
IDENTITY: Final = "identity"  # no dot before it: it goes with the keys when somebody empties the directory
_LOCK: Final = ".lock"


class KeyDestroyed(Exception):
    """The key of this organisation for this convention is gone: it was destroyed, or never was."""


class WrongStore(Exception):
    """There is no store in this directory, or another one than that of the database: nothing is sealed nor opened with it."""


class KeyMissing(WrongStore):
    """This store has lost the key of an organisation for a convention: something is under it, and nobody destroyed it."""

    def __init__(self, organisation: UUID, convention: UUID) -> None:
        self.organisation, self.convention = organisation, convention
        super().__init__(f"{organisation} {convention}")


class KeyStore:
    """Files of wrapped keys below one directory."""

    def __init__(self, directory: Path, master: MasterKeys) -> None:
        self.directory = directory
        self._master = master

    def path(self, organisation: UUID, convention: UUID) -> Path:
        """Where the key of an organisation for a convention lies."""
        return self.directory / str(convention) / str(organisation)

    def identity(self) -> UUID | None:
        """Which store this is; None where there is none, or none that can be read."""
        try:
            return UUID((self.directory / IDENTITY).read_text(encoding="ascii").strip())
        except (OSError, ValueError):
            return None

    def begin(self, identity: UUID | None = None) -> UUID:
        """Make this directory a store, of a new identity or of that of a backup; which one it is from now on.

        One that was begun stays what it is; of two processes that begin at once the first wins. Raises WrongStore, OSError.
        """
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)  # `mode` is for the last directory only
        path = self.directory / IDENTITY
        if not path.exists():
            temporary = _temporary(path)
            _put(temporary, str(identity or uuid7()).encode())
            with suppress(FileExistsError):
                os.link(temporary, path)  # unlike rename, never replaces another's
            temporary.unlink()
            _synchronise(self.directory)
        found = self.identity()
        if found is None:
            raise WrongStore(str(path))
        return found

    def key(self, organisation: UUID, convention: UUID) -> bytes:
        """The key in use; raises KeyDestroyed or DecryptionError."""
        path = self.path(organisation, convention)
        if _mark(path).exists():
            raise KeyDestroyed(f"{organisation} {convention}")
        return self._read(path, organisation, convention)

    def keys(self, organisation: UUID, convention: UUID) -> tuple[bytes, ...]:
        """The key in use, then its former one while it is being renewed; raises KeyDestroyed or DecryptionError."""
        current = self.key(organisation, convention)
        path = self.path(organisation, convention)
        with suppress(KeyDestroyed):
            return current, self._read(_former(path), organisation, convention)
        return (current,)

    def ensure(self, organisation: UUID, convention: UUID) -> bytes:
        """The key, made first if there was none. Two processes that make it at once end with the same one.

        Raises KeyDestroyed where one was destroyed: no other takes its place; WrongStore where there is no store.
        """
        path = self.path(organisation, convention)
        if not path.exists():
            with self._changing():
                if not path.exists() and not _mark(path).exists():
                    self._write(path, crypto.new_key(), organisation, convention)
        return self.key(organisation, convention)

    def stands(self, organisation: UUID, convention: UUID) -> bool:
        """Whether a key of this holder is there, or the mark of one that was destroyed: neither was lost."""
        path = self.path(organisation, convention)
        return path.exists() or _mark(path).exists()

    def renew(self, organisation: UUID, convention: UUID) -> bool:
        """Put a new key in use and keep the former one beside it; False when two stand already. Raises KeyDestroyed."""
        path = self.path(organisation, convention)
        with self._changing():
            current = self.key(organisation, convention)
            if len(self.keys(organisation, convention)) > 1:
                if self._read(_former(path), organisation, convention) != current:
                    return False
            else:
                os.link(path, _former(path))
                _synchronise(path.parent)
            # Killed here, both files hold the same key: the next call goes on from this line.
            self._write(path, crypto.new_key(), organisation, convention)
        return True

    def forget_former(self, organisation: UUID, convention: UUID) -> bool:
        """Remove the former key for good, once nothing is under it; False when there was none."""
        path = self.path(organisation, convention)
        with self._changing():
            _sweep(path)
            return _remove(_former(path))

    def rewrap(self, organisation: UUID, convention: UUID) -> int:
        """Wrap the files of one holder under the current master key; how many were not. Raises DecryptionError."""
        path, done = self.path(organisation, convention), 0
        with self._changing():
            for file in (path, _former(path)):
                with suppress(FileNotFoundError):
                    wrapped = self._master.rewrap(file.read_bytes(), at=_place(organisation, convention))
                    if wrapped is not None:
                        _replace(file, wrapped)
                        done += 1
        return done

    def needs_former_master(self, organisation: UUID, convention: UUID) -> bool:
        """Whether a file of this holder is not under the current master key (or under none that is known)."""
        path, place = self.path(organisation, convention), _place(organisation, convention)
        files = (file for file in (path, _former(path)) if file.exists())
        return any(not self._master.is_current(file.read_bytes(), at=place) for file in files)

    def destroy(self, organisation: UUID, convention: UUID) -> bool:
        """Remove the key for good, and keep another from taking its place; False when there was none."""
        path = self.path(organisation, convention)
        with self._changing():
            path.parent.mkdir(exist_ok=True, mode=0o700)
            _mark(path).touch(mode=0o600)
            _synchronise(path.parent)
            _sweep(path)
            former = _remove(_former(path))
            return _remove(path) or former

    def install(self, organisation: UUID, convention: UUID, wrapped: bytes) -> bool:
        """Bring back one wrapped key of a backup; False when it stands already.

        A key that stands stays in use: another one goes beside it, as a former one. Raises KeyDestroyed where one was
        destroyed, DecryptionError when no master key opens the file, FileExistsError when two others stand already.
        """
        path = self.path(organisation, convention)
        key = self._master.unwrap(wrapped, at=_place(organisation, convention))
        with self._changing():
            try:
                standing = self.keys(organisation, convention)
            except KeyDestroyed:
                if _mark(path).exists():
                    raise
                standing = ()
            if key in standing:
                return False
            if len(standing) > 1:
                raise FileExistsError(f"two other keys of {organisation} for {convention}")
            self._write(_former(path) if standing else path, key, organisation, convention)
        return True

    def holders(self) -> list[tuple[UUID, UUID]]:
        """Each (organisation, convention) whose key stands, in order."""
        return sorted(self._named(""))

    def being_renewed(self) -> list[tuple[UUID, UUID]]:
        """Those of which two keys stand."""
        return sorted(self._named(FORMER))

    def destroyed(self) -> list[tuple[UUID, UUID]]:
        """Those whose key was destroyed."""
        return sorted(self._named(DESTROYED))

    def mark_ended(self, organisation: UUID, convention: UUID, cases: Iterable[UUID]) -> None:
        """Write down that this holder's part in these cases ended: a database that is restored beside the store learns it. Raises
        WrongStore."""
        path = self.path(organisation, convention)
        with self._changing():
            path.parent.mkdir(exist_ok=True, mode=0o700)
            descriptor = os.open(
                path.with_name(f"{path.name}{ENDED}"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600
            )
            with os.fdopen(descriptor, "wb") as file:
                file.write(
                    b"".join(b"\n%s" % str(case).encode() for case in cases)
                )  # what a kill cuts spoils its own line alone
                file.flush()
                os.fsync(file.fileno())
            _synchronise(path.parent)

    def ended(self) -> Iterator[tuple[UUID, UUID, UUID]]:
        """Each (organisation, convention, case) of which a part ended, in order, once each."""
        for organisation, convention in sorted(self._named(ENDED)):
            path = self.path(organisation, convention)
            lines = (
                path.with_name(f"{path.name}{ENDED}").read_text(encoding="ascii", errors="replace").split()
            )
            for line in sorted(set(lines)):
                with suppress(ValueError):
                    yield organisation, convention, UUID(line)

    def is_destroyed(self, organisation: UUID, convention: UUID) -> bool:
        """Whether the key of this holder was destroyed, which a lost one was not."""
        return _mark(self.path(organisation, convention)).exists()

    def snapshot(self) -> dict[tuple[UUID, UUID], list[bytes]]:
        """The wrapped files of each holder at one instant, the one in use first. Raises WrongStore."""
        with self._changing():
            found = {}
            for holder in self.holders():
                path = self.path(*holder)
                found[holder] = [file.read_bytes() for file in (path, _former(path)) if file.exists()]
        return found

    def _named(self, suffix: str) -> Iterator[tuple[UUID, UUID]]:
        for path in self.directory.glob("*/*"):
            name = path.name.removesuffix(suffix) if suffix else path.name
            if path.name == f"{name}{suffix}":
                with suppress(ValueError):
                    yield UUID(name), UUID(path.parent.name)

    def _read(self, path: Path, organisation: UUID, convention: UUID) -> bytes:
        try:
            wrapped = path.read_bytes()
        except FileNotFoundError as error:
            raise KeyDestroyed(f"{organisation} {convention}") from error
        return self._master.unwrap(wrapped, at=_place(organisation, convention))

    def _write(self, path: Path, key: bytes, organisation: UUID, convention: UUID) -> None:
        path.parent.mkdir(exist_ok=True, mode=0o700)
        _replace(path, self._master.wrap(key, at=_place(organisation, convention)))

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One process at a time changes the store. Raises WrongStore where there is none: none is made in passing."""
        if self.identity() is None:
            raise WrongStore(str(self.directory))
        descriptor = os.open(self.directory / _LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _place(organisation: UUID, convention: UUID) -> bytes:
    return crypto.place("store", organisation, convention)


def _former(path: Path) -> Path:
    return path.with_name(f"{path.name}{FORMER}")


def _mark(path: Path) -> Path:
    """The mark left where a key was destroyed."""
    return path.with_name(f"{path.name}{DESTROYED}")


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and wait for the disk."""
    temporary = _temporary(path)
    _put(temporary, content)
    temporary.rename(path)
    _synchronise(path.parent)


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")


def _put(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sweep(path: Path) -> None:
    """Remove what a killed writer left half done: it may be a copy of the key."""
    for left in path.parent.glob(f".{path.name}.*"):
        left.unlink(missing_ok=True)


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    _synchronise(path.parent)
    return True


def _synchronise(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
