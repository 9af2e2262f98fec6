"""A backup, read again to its end, and its restore elsewhere: seconds on the clock, and the most that the process held."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connections

from benchmarks import seed, verification
from benchmarks.database import ALIASES, Bench
from benchmarks.measure import Line
from maillage.backups.restoring import restore
from maillage.backups.verifying import checked, verify
from maillage.backups.writing import write_backup
from maillage.core.clock import now
from maillage.core.database.roles import close_database, close_schema, create_database
from maillage.core.identifiers import uuid7
from maillage.demo.directory import load_directory
from maillage.documents.models import Document
from tests.bounded import peak

REFERRALS, DOCUMENTS, BYTES = 100_000, 10_000, 50_000
LONGEST, LARGEST = 300, 300
_RESTORED = "restored"


def fill(count: int) -> None:
    """A journal of a million entries, so many referrals, and the rows of documents; their files are made at each run."""
    verification.fill(verification.ENTRIES)
    seed.referrals(count)
    holder = load_directory()["ccas"].id
    for _ in range(DOCUMENTS // 1000):
        Document.objects.using("owner").bulk_create(_document(holder) for _ in range(1000))


def lines(bench: Bench, database: str) -> Iterator[Line]:
    """Both times, both peaks."""
    what = f"{REFERRALS} orientations, journal d’un million, {DOCUMENTS} documents"
    before = settings.DOCUMENT_STORE, settings.KEY_STORE, settings.ANCHORS
    with tempfile.TemporaryDirectory(dir=bench.place.root) as directory:
        place = Path(directory)
        try:
            settings.DOCUMENT_STORE, settings.KEY_STORE = place / "documents", place / "keys"
            settings.ANCHORS = place / "anchors"
            _files(place / "documents")
            with _as_owner(bench, database):
                yield from _measured(f"sauvegarde relue, {what}", lambda: _back_up(place / "backups"))
            settings.DOCUMENT_STORE = place / "restored"
            _prepare(bench)
            with _as_owner(bench, _RESTORED):
                yield from _measured(f"restauration, {what}", lambda: _restore(place / "backups"))
        finally:
            settings.DOCUMENT_STORE, settings.KEY_STORE, settings.ANCHORS = before
            bench.drop(_RESTORED)


def _measured(name: str, act: Callable[[], object]) -> Iterator[Line]:
    peak(anew=True)
    began = time.perf_counter()
    act()
    yield Line(f"{name}, s", time.perf_counter() - began, LONGEST, "below")
    yield Line(f"{name}, Mio au plus", peak() / 1024, LARGEST, "below")


def _back_up(folder: Path) -> None:
    done = write_backup(folder, keys=folder, at=now())
    assert (done.manifest.documents, done.lost) == (DOCUMENTS, ())
    verify(checked(done.path, folder))


def _restore(folder: Path) -> None:
    (one,) = (path for path in folder.iterdir() if path.is_dir())
    assert restore(checked(one, folder)).documents == DOCUMENTS


def _document(holder: UUID) -> Document:
    """A row whose key opens nothing."""
    return Document(
        id=uuid7(), organisation_id=holder, media_type="application/pdf", size=BYTES, sha256="0" * 64, name=b"n", wrapped_key=b"k"
    )  # fmt: skip


def _files(folder: Path) -> None:
    folder.mkdir()
    content = os.urandom(BYTES)
    for document in Document.objects.using("owner").values_list("id", flat=True).order_by("id"):
        (folder / str(document)).write_bytes(content)


def _prepare(bench: Bench) -> None:
    bench.drop(_RESTORED)
    with bench.server.connect() as connection:
        create_database(connection, _RESTORED)
        close_database(connection, _RESTORED)
    with bench.server.connect(_RESTORED) as inside:
        close_schema(inside)


@contextmanager
def _as_owner(bench: Bench, database: str) -> Iterator[None]:
    """The process speaks to this database as its owner alone until the block ends."""
    bench.point_at(database)
    connections["default"].settings_dict.update(dict(connections["owner"].settings_dict))
    try:
        yield
    finally:
        for alias in ALIASES:
            connections[alias].close()
        bench.point_at(database)
