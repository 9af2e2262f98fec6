"""Parts of a backup: what is written reads the same, whatever the sizes; cut anywhere it is refused."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.backups.files import PIECE, framed, opened, unframed, write_part
from maillage.core.crypto import new_key
from maillage.vault.backup import BadBackup
from maillage.vault.master import MasterKeys
from tests.bounded import peak

contents = st.dictionaries(st.uuids(), st.binary(max_size=300), max_size=6)


def stream(files: dict[UUID, bytes]) -> bytes:
    """The files as one part holds them."""
    return b"".join(
        piece for name, content in files.items() for piece in framed(name, len(content), [content])
    )


def pieces(content: bytes, size: int) -> Iterator[bytes]:
    """The same in pieces of a size."""
    return (content[start : start + size] for start in range(0, len(content), size))


@given(contents, st.integers(1, 400))
def test_what_is_framed_comes_out_the_same_in_pieces_of_any_size(files: dict[UUID, bytes], size: int) -> None:
    found = {name: b"".join(content) for name, content in unframed(pieces(stream(files), size))}
    assert found == files


@given(contents, st.integers(1, 400))
def test_what_nobody_reads_is_passed_over(files: dict[UUID, bytes], size: int) -> None:
    assert [name for name, _ in unframed(pieces(stream(files), size))] == list(files)


@given(st.binary(min_size=1, max_size=200), st.integers(0, 10_000))
def test_a_part_that_ends_in_the_middle_of_a_file_is_refused(content: bytes, cut: int) -> None:
    whole = stream({UUID(int=1): content})
    part = whole[: 1 + cut % (len(whole) - 1)]
    with pytest.raises(BadBackup):
        list(unframed([part]))


def test_a_part_of_any_size_is_written_and_read_in_little_memory(tmp_path: Path) -> None:
    """A hundred megabytes, in some."""
    identifier, master = UUID(int=7), MasterKeys(new_key())
    peak(anew=True)
    before = peak()
    content = (bytes(PIECE) for _ in range(100_000_000 // PIECE))
    part = write_part(tmp_path / "part.enc", content, backup=identifier, master=master)
    read = sum(map(len, opened(tmp_path, part, backup=identifier, master=master)))
    assert read == 100_000_000 // PIECE * PIECE
    assert peak() - before < 20_000  # kilobytes


def test_a_file_that_changes_while_it_is_read_is_refused() -> None:
    with pytest.raises(OSError, match="changed while it was read"):
        b"".join(framed(UUID(int=1), 5, [b"1234"]))
