"""Encrypted files on disk, one per document, named by its id alone.

A file is whole and on the disk before its row is committed; a mark beside it says that the row is not certain yet.
The mark goes when the transaction commits. What a crash or a rollback leaves behind is a mark and a file whose key
was in the row that never was: nobody can read it, and `actions.sweep_unconfirmed` removes it.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final
from uuid import UUID

from django.conf import settings

_MARK: Final = ".unconfirmed"
_PART: Final = ".part"
_RESTORING: Final = ".being-restored"


class DocumentLost(Exception):
    """The row is there and its file is not: a restore without the files, or a damaged disk."""


class StoreNotEmpty(Exception):
    """There are files where a backup is to be restored."""


def write(document: UUID, pieces: Iterable[bytes]) -> None:
    """Write the file whole or not at all, mark it unconfirmed, and wait for the disk. Raises OSError."""
    directory = _directory()
    part = directory / f"{document}{_PART}"
    try:
        _write_synchronised(part, pieces)
        _write_synchronised(_mark(document), ())
        part.rename(_path(document))
        _synchronise(directory)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def confirm(document: UUID) -> None:
    """The row is committed: the file stays."""
    _mark(document).unlink(missing_ok=True)


def doubt(documents: Iterable[UUID]) -> None:
    """Mark kept files as unconfirmed again: their rows go or are emptied, and the sweep will see whether that was committed.

    A mark is empty: its name is all of it, and one wait for the directory puts all of them on the disk.
    """
    directory = _directory()
    for document in documents:
        _mark(document).touch(mode=0o600)
    _synchronise(directory)


def remove(documents: Iterable[UUID]) -> int:
    """Remove these files, then their marks once the removal is on the disk, with one wait for all; how many were there."""
    some, removed = list(documents), 0
    for document in some:
        with suppress(FileNotFoundError):
            _path(document).unlink()
            removed += 1
    if removed:
        _synchronise(_directory())
    for document in some:
        _mark(document).unlink(missing_ok=True)
    return removed


@contextmanager
def reading(document: UUID) -> Iterator[BinaryIO]:
    """The encrypted file, open for reading; raises DocumentLost."""
    try:
        file = _path(document).open("rb")
    except FileNotFoundError as error:
        raise DocumentLost(str(document)) from error
    with file:
        yield file


def begin_bringing_back() -> None:
    """Before a restore writes files here: the directory is empty, or holds what an interrupted restore left, which goes.

    Raises StoreNotEmpty otherwise, and changes nothing.
    """
    see_empty()
    directory = _directory()
    with suppress(FileExistsError):
        _write_synchronised(directory / _RESTORING, ())
    _synchronise(directory)
    for path in directory.iterdir():
        with suppress(ValueError):
            UUID(path.name)
            path.unlink()


def see_empty() -> None:
    """Raises StoreNotEmpty when files are here that no interrupted restore brought."""
    directory = Path(settings.DOCUMENT_STORE)
    if directory.is_dir() and any(directory.iterdir()) and not (directory / _RESTORING).exists():
        raise StoreNotEmpty(str(directory))


def bring_back(document: UUID, pieces: Iterable[bytes]) -> None:
    """Write one file of a restore, which `end_bringing_back` waits for: one wait for all, not one for each. Raises OSError."""
    descriptor = os.open(_path(document), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)


def end_bringing_back() -> None:
    """All files are on the disk: the directory is like any other."""
    os.sync()
    (_directory() / _RESTORING).unlink(missing_ok=True)
    _synchronise(_directory())


def unconfirmed(before: float) -> list[UUID]:
    """Documents marked before an instant (seconds since 1970) and not confirmed since; half-written files go at once."""
    found = []
    for path in _directory().iterdir():
        with suppress(FileNotFoundError, ValueError):
            if path.stat().st_mtime >= before:
                continue
            if path.suffix == _PART:
                path.unlink()
            elif path.suffix == _MARK:
                found.append(UUID(path.stem))
    return found


def _directory() -> Path:
    directory = Path(settings.DOCUMENT_STORE)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    return directory


def _path(document: UUID) -> Path:
    return Path(settings.DOCUMENT_STORE) / str(document)


def _mark(document: UUID) -> Path:
    return Path(settings.DOCUMENT_STORE) / f"{document}{_MARK}"


def _write_synchronised(path: Path, pieces: Iterable[bytes]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _synchronise(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
