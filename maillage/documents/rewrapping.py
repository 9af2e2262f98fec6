"""The keys of an organisation's documents, put under the current master key. For the worker's role or the owner's."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db import connection, transaction

from maillage.core.crypto import DecryptionError
from maillage.core.row_security import acting
from maillage.documents.models import Document
from maillage.vault.actions import document_place, vault
from maillage.vault.renewing import BATCH, PAGE, Done, Tell, in_batches, retried


def rewrap_documents(organisation: UUID, *, batch: int = BATCH, tell: Tell = lambda _: None) -> Done:
    """Put the keys of the documents that an organisation holds under the current master key; each batch is committed."""
    found, missed = Done(), True
    while missed:
        missed, unreadable = False, 0
        for rows in in_batches(_wrapped(organisation), batch):
            done, tried = retried(lambda rows=rows: _rewrap(organisation, rows))  # type: ignore[misc]  # bound now
            found, unreadable = found + Done(done.changed), unreadable + done.unreadable
            missed = missed or done.changed < tried
            tell(found.changed)
    return found + Done(unreadable=unreadable)


def documents_under_former(organisation: UUID) -> int:
    """How many keys of documents of an organisation are not under the current master key."""
    master = vault().master
    return sum(
        not master.is_current(wrapped, at=document_place(document))
        for document, wrapped in _wrapped(organisation)
    )


def _wrapped(organisation: UUID) -> Iterator[tuple[UUID, bytes]]:
    """Each document of the organisation with its wrapped key, page by page; those erased have none."""
    last: UUID | None = None
    while True:
        with transaction.atomic(), acting(organisation=organisation):
            rows = Document.objects.filter(organisation=organisation).exclude(wrapped_key=b"").order_by("id")
            rows = rows.filter(id__gt=last) if last else rows
            page = [(row.id, bytes(row.wrapped_key)) for row in rows.only("id", "wrapped_key")[:PAGE]]
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1][0]


def _rewrap(organisation: UUID, rows: Sequence[tuple[UUID, bytes]]) -> tuple[Done, int]:
    """What one transaction did, and how many it tried to change."""
    again, unreadable = [], 0
    for document, wrapped in rows:
        try:
            rewrapped = vault().master.rewrap(wrapped, at=document_place(document))
        except DecryptionError:
            unreadable += 1
        else:
            if rewrapped is not None:
                again.append((document, wrapped, rewrapped))
    if not again:
        return Done(unreadable=unreadable), 0
    with transaction.atomic(), acting(organisation=organisation), connection.cursor() as cursor:
        columns = [list(column) for column in zip(*again, strict=True)]
        cursor.execute("SELECT rewrap_documents(%s, %s, %s)", columns)
        return Done(int(cursor.fetchone()[0]), unreadable), len(again)
