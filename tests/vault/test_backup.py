"""A file given to `maillage keys restore`: read as it was written, and nothing that a hostile archive asks is done."""

import io
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from maillage.vault import backup as backups
from maillage.vault.actions import vault
from maillage.vault.backup import Backup, BadBackup, read_backup
from maillage.vault.ledger import Erased

HOLDER = (UUID(int=1), UUID(int=2))
WHOLE = Backup(
    datetime(2026, 6, 1, tzinfo=UTC),
    UUID(int=3),
    ((*HOLDER, b"wrapped" * 100),),
    (Erased("convention", *HOLDER, "fin"),),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cles.tar"


def header(name: str, **said: object) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    for attribute, value in said.items():
        setattr(member, attribute, value)
    return member


def test_what_was_written_is_read(file: Path) -> None:
    file.write_bytes(backups._archive(WHOLE, vault().master))
    assert read_backup(file) == WHOLE


def sparse() -> bytes:
    """A kilobyte that stands for a file of a terabyte (GNU's old sparse files)."""
    block = bytearray(header("manifest.json", type=tarfile.GNUTYPE_SPARSE).tobuf(tarfile.GNU_FORMAT))
    block[386:410] = b"0" * 11 + b"\0" + b"0" * 11 + b"\0"
    block[483:495] = b"%011o\0" % 2**32
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + 8 * 32 + sum(block[156:]))
    return bytes(block)


def backwards() -> bytes:
    """A member that ends before it begins: whoever follows it reads the same one again, without end."""
    first = header("a").tobuf()
    return first + header("b", size=-tarfile.BLOCKSIZE).tobuf(tarfile.GNU_FORMAT)


def too_long() -> bytes:
    return header("manifest.json", size=10**9).tobuf(tarfile.GNU_FORMAT)


def link() -> bytes:
    return header("manifest.json", type=tarfile.SYMTYPE, linkname="/etc/passwd").tobuf()


def renamed() -> bytes:
    """Extended headers, which this format has no use for."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(header("é" * 200))
    return buffer.getvalue()


HOSTILE = {one.__name__: one() for one in (sparse, backwards, too_long, link, renamed)}


@pytest.mark.parametrize(
    "content",
    [*HOSTILE.values(), b"", b"\0" * 2048, b"x" * 600, b"\xff" * 512],
    ids=[*HOSTILE, "empty", "zeros", "letters", "ones"],
)
def test_anything_else_is_refused_at_once(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(BadBackup):
        read_backup(file)


def test_an_archive_cut_anywhere_is_refused(file: Path) -> None:
    whole = backups._archive(WHOLE, vault().master)
    for length in range(0, len(whole.rstrip(b"\0")), 97):
        file.write_bytes(whole[:length])
        with pytest.raises(BadBackup):
            read_backup(file)
