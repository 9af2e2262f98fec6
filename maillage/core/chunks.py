"""Encryption of a stream by chunks: one cut, extended, reordered or altered anywhere does not open.

Each chunk is AES-256-GCM; its associated data hold what the stream is, its number and whether it is the last (the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). Layout: one byte of version, then chunks of nonce, ciphertext and
tag; every chunk but the last holds exactly `size` bytes of content.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from maillage.core import crypto

CHUNK_BYTES: Final = 64 * 1024
_VERSION: Final = b"\x01"
_OVERHEAD: Final = 12 + 16  # nonce and tag


class Readable(Protocol):
    """What a file opened for reading bytes can do."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; fewer at the end only."""
        ...


def encrypted(
    content: Iterable[bytes], *, key: bytes, of: tuple[object, ...], size: int = CHUNK_BYTES
) -> Iterator[bytes]:
    """The bytes to store, piece by piece. Content may come in pieces of any size; `of` names the stream."""
    yield _VERSION
    buffer = bytearray()
    number = 0
    for piece in content:
        buffer += piece
        while len(buffer) > size:  # a full chunk stays until it is known not to be the last
            yield crypto.encrypt(key, bytes(buffer[:size]), at=_place(of, number, last=False))
            del buffer[:size]
            number += 1
    yield crypto.encrypt(key, bytes(buffer), at=_place(of, number, last=True))


def decrypted(
    stored: Readable, *, key: bytes, of: tuple[object, ...], size: int = CHUNK_BYTES
) -> Iterator[bytes]:
    """The content, chunk by chunk; raises DecryptionError at the first chunk that is not in its place."""
    if stored.read(1) != _VERSION:
        raise crypto.DecryptionError("unknown version of an encrypted stream")
    chunk, number = stored.read(size + _OVERHEAD), 0
    while True:
        following = stored.read(size + _OVERHEAD)
        last = not following
        yield crypto.decrypt(key, chunk, at=_place(of, number, last=last))
        if last:
            return
        chunk, number = following, number + 1


def _place(of: tuple[object, ...], number: int, *, last: bool) -> bytes:
    return crypto.place(*of, number, "last" if last else "more")
