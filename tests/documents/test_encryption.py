"""Whatever is done to a stored file, it opens as it was or not at all."""

import io
from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.core import crypto
from maillage.documents import encryption

KEY = bytes(range(32))
DOCUMENT = UUID(int=7)
SMALL = 16


@pytest.fixture(autouse=True, scope="module")
def _small_chunks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encryption, "CHUNK_BYTES", SMALL)
        yield


def stored(content: bytes, document: UUID = DOCUMENT) -> bytes:
    return b"".join(encryption.encrypted([content], key=KEY, document=document))


def opened(data: bytes, document: UUID = DOCUMENT, key: bytes = KEY) -> bytes:
    return b"".join(encryption.decrypted(io.BytesIO(data), key=key, document=document))


def chunks(data: bytes) -> list[bytes]:
    size = SMALL + 28
    return [data[1:][start : start + size] for start in range(0, len(data) - 1, size)]


contents = st.binary(max_size=120)


@given(st.lists(contents, max_size=6))
def test_any_bytes_in_any_pieces_come_back(pieces: list[bytes]) -> None:
    data = b"".join(encryption.encrypted(pieces, key=KEY, document=DOCUMENT))
    assert opened(data) == b"".join(pieces)


@settings(max_examples=300)
@given(contents, st.data())
def test_a_flipped_bit_is_detected(content: bytes, draw: st.DataObject) -> None:
    data = bytearray(stored(content))
    place = draw.draw(st.integers(0, len(data) - 1))
    data[place] ^= 1 << draw.draw(st.integers(0, 7))
    with pytest.raises(crypto.DecryptionError):
        opened(bytes(data))


@settings(max_examples=200)
@given(st.binary(min_size=SMALL + 1, max_size=120), st.data())
def test_a_swapped_dropped_or_repeated_chunk_is_detected(content: bytes, draw: st.DataObject) -> None:
    parts = chunks(stored(content))
    first = draw.draw(st.integers(0, len(parts) - 2))
    swapped = parts.copy()
    swapped[first], swapped[first + 1] = swapped[first + 1], swapped[first]
    dropped = parts[:first] + parts[first + 1 :]
    repeated = parts[: first + 1] + parts[first:]
    for altered in (swapped, dropped, repeated, parts[:-1], [*parts, parts[-1]]):
        with pytest.raises(crypto.DecryptionError):
            opened(b"\x01" + b"".join(altered))


@settings(max_examples=200)
@given(contents, st.data())
def test_a_truncated_or_extended_file_is_detected(content: bytes, draw: st.DataObject) -> None:
    data = stored(content)
    with pytest.raises(crypto.DecryptionError):
        opened(data[: draw.draw(st.integers(0, len(data) - 1))])
    with pytest.raises(crypto.DecryptionError):
        opened(data + draw.draw(st.binary(min_size=1, max_size=80)))


def test_the_file_of_another_document_does_not_open() -> None:
    other = UUID(int=8)
    with pytest.raises(crypto.DecryptionError):
        opened(stored(b"secret"), document=other)
    with pytest.raises(crypto.DecryptionError):
        opened(stored(b"secret"), key=bytes(32))
    assert opened(stored(b"secret", other), document=other) == b"secret"
