"""The files of documents that the ledger says were erased: removed again after a restore."""

from collections.abc import Iterable
from uuid import UUID

from maillage.documents import storage
from maillage.vault.ledger import DOCUMENT, Erased


def remove_erased(erased: Iterable[Erased]) -> int:
    """Remove the files of erased documents that are there again; how many."""
    return storage.remove(sorted(erased_documents(erased)))


def erased_documents(erased: Iterable[Erased]) -> set[UUID]:
    """The documents that the ledger says were erased: their rows may stay, emptied, and their files go."""
    return {line.reference for line in erased if line.scope == DOCUMENT}
