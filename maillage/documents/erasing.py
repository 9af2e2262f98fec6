"""The files of documents that the ledger says were erased: removed again after a restore."""

from collections.abc import Iterable

from maillage.documents import storage
from maillage.vault.ledger import DOCUMENT, Erased


def remove_erased(erased: Iterable[Erased]) -> int:
    """Remove the files of erased documents that are there again; how many."""
    return sum(storage.remove(line.reference) for line in erased if line.scope == DOCUMENT)
