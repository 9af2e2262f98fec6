"""One complete backup: the database in one snapshot, the documents and the anchors that it names, the keys apart.

It is written under a name that no reader looks at, and gets its own once every byte is on the disk: whatever kills the process
leaves nothing that looks whole.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from maillage.audit.anchors import file_name
from maillage.backups import postgresql
from maillage.backups.files import PIECE, framed, hashed, write_part
from maillage.backups.manifest import (
    ANCHORS,
    DATABASE,
    DOCUMENTS,
    KEYS_SUFFIX,
    MAC,
    MANIFEST,
    Manifest,
    mac,
    written,
)
from maillage.core.database import closing
from maillage.core.database.errors import DatabaseError
from maillage.core.identifiers import uuid7
from maillage.documents import storage
from maillage.vault.actions import vault
from maillage.vault.backup import write_backup as write_keys
from maillage.vault.ledger import replay

_UNFINISHED: Final = ".unfinished-"
_LOCK: Final = ".lock"
_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that is on the disk. `lost` documents have their row and no file."""

    path: Path
    keys: Path
    manifest: Manifest
    holders: int
    lost: tuple[UUID, ...]


def write_backup(directory: Path, *, keys: Path, at: datetime) -> Written:
    """Write a backup below `directory`, its keys below `keys`. As the owner. Raises DatabaseError, OSError."""
    _see_that_it_is_open()
    postgresql.every_row_is_the_owners()
    _, program = postgresql.dump_program()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(directory):
        for place in {directory, keys}:
            _sweep(place)
        try:
            return _write(directory, keys, at, program)
        except BaseException:
            for place in {directory, keys}:
                _sweep(place)
            raise


def _write(directory: Path, keys: Path, at: datetime, program: int) -> Written:
    identifier, master, before = uuid7(), vault().master, _stored()
    folder = directory / f"{_UNFINISHED}{identifier}"
    folder.mkdir(mode=0o700)
    lost: list[UUID] = []
    counted = [0]
    erased = tuple(replay())
    with transaction.atomic():
        snapshot = _snapshot()
        migrations, anchor = _migrations(), _last_anchor()
        contents = {
            DATABASE: postgresql.dumped(snapshot),
            DOCUMENTS: _documents(counted, lost),
            ANCHORS: _anchors(anchor),
        }
        parts = tuple(
            write_part(folder / name, content, backup=identifier, master=master)
            for name, content in contents.items()
        )
        lost = _still_there(lost)
    apart = keys / f"{_UNFINISHED}{identifier}{KEYS_SUFFIX}"
    kept = write_keys(apart, erased=list(erased), at=at)
    _see_that_keys_stayed(before)
    with apart.open("rb") as file:
        digest = hashed(file)
    manifest = Manifest(
        id=identifier,
        made_at=at,
        store=kept.store,
        version=version("maillage"),
        server=postgresql.server_major(),
        program=program,
        migrations=migrations,
        anchor=anchor,
        documents=counted[0],
        keys_sha256=digest,
        parts=parts,
        erased=erased,
    )
    path, keys_path = directory / manifest.name, keys / f"{manifest.name}{KEYS_SUFFIX}"
    content = written(manifest)
    _put(folder / MANIFEST, content)
    _put(folder / MAC, mac(master.current, content))
    _synchronise(folder)
    os.link(apart, keys_path)  # unlike rename, never replaces another
    apart.unlink()
    _synchronise(keys)
    folder.rename(path)
    _synchronise(directory)
    return Written(path, keys_path, manifest, len(kept.keys), tuple(lost))


def _see_that_it_is_open() -> None:
    """What was erased is not erased again yet, while a restore has not ended."""
    with connection.cursor() as cursor:
        if closing.restored_from(cursor, str(connection.settings_dict["NAME"])) is not None:
            raise DatabaseError(f"Cette base est fermée. {closing.HINT}")


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    descriptor = os.open(directory / _LOCK, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DatabaseError("Une autre sauvegarde s’écrit dans ce dossier : attendez sa fin.") from error
        yield
    finally:
        os.close(descriptor)


def _sweep(directory: Path) -> None:
    """Remove what a killed backup left, or this one that failed."""
    for left in directory.glob(f"{_UNFINISHED}*"):
        if left.is_dir():
            shutil.rmtree(left)
        else:
            left.unlink()


def _snapshot() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # it waits while others read
        cursor.execute("SELECT pg_export_snapshot()")
        return str(cursor.fetchone()[0])


def _migrations() -> tuple[str, ...]:
    return tuple(sorted(".".join(applied) for applied in MigrationLoader(connection).applied_migrations))


def _last_anchor() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_last_anchor()")
        return int(cursor.fetchone()[0])


def _documents(counted: list[int], lost: list[UUID]) -> Iterator[bytes]:
    """The file of each document of the snapshot: it was on the disk before its row. One erased has none to look for."""
    last = UUID(int=0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM documents_document WHERE id > %s AND wrapped_key <> '' ORDER BY id LIMIT %s",
                [last, _BATCH],
            )
            found = [row[0] for row in cursor.fetchall()]
        if not found:
            return
        last = found[-1]
        for document in found:
            try:
                with storage.reading(document) as file:
                    size = os.fstat(file.fileno()).st_size
                    yield from framed(document, size, iter(lambda: file.read(PIECE), b""))
            except storage.DocumentLost:
                lost.append(document)
            else:
                counted[0] += 1


def _still_there(lost: list[UUID]) -> list[UUID]:
    """Of documents without a file, those that were not removed or erased while the backup was being written."""
    if not lost:
        return []
    with connection.copy().cursor() as cursor:  # the snapshot would show them still
        cursor.execute(
            "SELECT id FROM documents_document WHERE id = ANY(%s) AND wrapped_key <> '' ORDER BY id", [lost]
        )
        found = [row[0] for row in cursor.fetchall()]
        cursor.db.close()
    return found


def _anchors(last: int) -> Iterator[bytes]:
    """The anchors that the snapshot knows. One that is missing is for `audit verify` to say."""
    for number in range(1, last + 1):
        path = Path(settings.ANCHORS) / file_name(number)
        if path.is_file():
            content = path.read_bytes()
            yield from framed(UUID(int=number), len(content), [content])


def _stored() -> dict[tuple[UUID, UUID], list[bytes]]:
    return vault().store.snapshot() if vault().store.identity() else {}


def _see_that_keys_stayed(before: dict[tuple[UUID, UUID], list[bytes]]) -> None:
    """A key renewed meanwhile may close what the snapshot holds: the backup is given up. One destroyed stays so."""
    after, store = _stored(), vault().store
    for holder, wrapped in before.items():
        if after.get(holder) != wrapped and not store.is_destroyed(*holder):
            raise DatabaseError(
                "Des clés ont été renouvelées pendant la sauvegarde, qui ne vaut rien : recommencez quand « maillage keys "
                "rotate » a fini."
            )


def _put(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _synchronise(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
