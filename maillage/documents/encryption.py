"""Encryption of a document's file by chunks (`core/chunks.py`), under the document's own key and bound to its id."""

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from maillage.core import chunks

CHUNK_BYTES: Final = chunks.CHUNK_BYTES


def encrypted(content: Iterable[bytes], *, key: bytes, document: UUID) -> Iterator[bytes]:
    """The bytes to store, piece by piece. Content may come in pieces of any size."""
    return chunks.encrypted(content, key=key, of=("documents_file", document), size=CHUNK_BYTES)


def decrypted(stored: chunks.Readable, *, key: bytes, document: UUID) -> Iterator[bytes]:
    """The content, chunk by chunk; raises DecryptionError at the first chunk that is not in its place."""
    return chunks.decrypted(stored, key=key, of=("documents_file", document), size=CHUNK_BYTES)
