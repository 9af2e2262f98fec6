"""Encryption of a file by chunks: a file cut, extended, reordered or altered anywhere does not open.

Each chunk is AES-256-GCM under the document's own key; its associated data hold the document's id, its number and
whether it is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). Layout: one byte of
version, then chunks of nonce, ciphertext and tag; every chunk but the last holds exactly `CHUNK_BYTES` of content.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol
from uuid import UUID

from maillage.core import crypto

CHUNK_BYTES: Final = 64 * 1024
_VERSION: Final = b"\x01"
_OVERHEAD: Final = 12 + 16  # nonce and tag


class Readable(Protocol):
    """What a file opened for reading bytes can do."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; fewer at the end only."""
        ...


def encrypted(content: Iterable[bytes], *, key: bytes, document: UUID) -> Iterator[bytes]:
    """The bytes to store, piece by piece. Content may come in pieces of any size."""
    yield _VERSION
    buffer = bytearray()
    number = 0
    for piece in content:
        buffer += piece
        while len(buffer) > CHUNK_BYTES:  # a full chunk stays until it is known not to be the last
            yield _sealed(bytes(buffer[:CHUNK_BYTES]), key, document, number, last=False)
            del buffer[:CHUNK_BYTES]
            number += 1
    yield _sealed(bytes(buffer), key, document, number, last=True)


def decrypted(stored: Readable, *, key: bytes, document: UUID) -> Iterator[bytes]:
    """The content, chunk by chunk; raises DecryptionError at the first chunk that is not in its place."""
    if stored.read(1) != _VERSION:
        raise crypto.DecryptionError("unknown version of an encrypted file")
    size = CHUNK_BYTES + _OVERHEAD
    chunk, number = stored.read(size), 0
    while True:
        following = stored.read(size)
        last = not following
        yield crypto.decrypt(key, chunk, at=_place(document, number, last=last))
        if last:
            return
        chunk, number = following, number + 1


def _sealed(content: bytes, key: bytes, document: UUID, number: int, *, last: bool) -> bytes:
    return crypto.encrypt(key, content, at=_place(document, number, last=last))


def _place(document: UUID, number: int, *, last: bool) -> bytes:
    return crypto.place("documents_file", document, number, "last" if last else "more")
