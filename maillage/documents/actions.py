"""Files in, files out: recognised by content, encrypted before they touch the disk, read by those they were shared with."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import chain
from typing import Final, Protocol
from uuid import UUID

from django.db import connections, transaction
from django.db.models import QuerySet

from maillage.audit.actions import record
from maillage.core import crypto
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.documents import encryption, storage
from maillage.documents.erasing import erased_documents
from maillage.documents.formats.media import MediaType, Unfit
from maillage.documents.formats.recognition import recognise
from maillage.documents.models import Document
from maillage.documents.names import safe_name
from maillage.organisations.member import Member
from maillage.vault.actions import vault
from maillage.vault.ledger import ledger

LARGEST: Final = 20_000_000
"""Bytes of the largest file accepted."""
UNCONFIRMED_FOR: Final = timedelta(hours=1)
"""Longer than any transaction: an unconfirmed file this old has no row, or missed its confirmation."""


class Upload(Protocol):
    """What Django's uploaded files and `ContentFile` have."""

    name: str | None

    @property
    def size(self) -> int:
        """Bytes, as announced."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """The content, piece by piece."""
        ...


@dataclass(frozen=True)
class Description:
    """What a page shows of a document; `size` in bytes, `sha256` of the content in hexadecimal."""

    id: UUID
    name: str
    media_type: str
    type_label: str
    size: int
    sha256: str
    stored_at: datetime


def visible_to(member: Member) -> QuerySet[Document]:
    """The documents of the member's organisation and those that were shared with it, as row security says."""
    own = Document.objects.filter(organisation_id=member.organisation)
    return own | Document.objects.filter(readers__contains=[member.organisation])


def store_upload(
    *,
    file: Upload,
    organisation: UUID,
    readers: Iterable[UUID],
    by: Member,
    at: datetime,
    field: str = "document",
    largest: int = LARGEST,
) -> Document:
    """Keep a file for an organisation and for those it is shared with.

    Raises Refused, in French, at `field`, when the file is empty, over `largest` bytes, or not one whole PDF, PNG or JPEG.
    """
    content = _bounded(file, field, largest)
    try:
        media_type = recognise(content)
    except Unfit as refusal:
        raise Refused(str(refusal), field=field) from refusal
    return store_made(
        content, media_type, name=file.name or "", organisation=organisation, readers=readers, by=by, at=at
    )


def store_made(
    content: bytes,
    media_type: MediaType,
    *,
    name: str,
    organisation: UUID,
    readers: Iterable[UUID],
    by: Member,
    at: datetime,
) -> Document:
    """Keep what Maillage itself drew, of the kind that it says: what comes from elsewhere goes through `store_upload`.

    The file is on the disk before the row is committed, so that no row ever lacks its file.
    """
    document_id, key = uuid7(), crypto.new_key()
    with transaction.atomic():
        document = Document(
            id=document_id,
            organisation_id=organisation,
            readers=sorted(set(readers) - {organisation}),
            media_type=media_type.value,
            size=len(content),
            sha256=sha256(content).hexdigest(),
            name=crypto.encrypt(key, safe_name(name, media_type).encode(), at=_name_place(document_id)),
            wrapped_key=vault().wrap_document_key(key, document=document_id),
            created_at=at,
        )
        document.save(force_insert=True)
        storage.write(document_id, encryption.encrypted([content], key=key, document=document_id))
        transaction.on_commit(partial(storage.confirm, document_id), robust=True)
        _journal("document_stored", document, by)
    return document


def open_document(document: Document, *, by: Member) -> Iterator[bytes]:
    """The content, piece by piece; the reading is journalled.

    Raises DocumentLost or DecryptionError before the first piece is given. A file damaged further on raises
    DecryptionError when its chunk is reached: what was given until then is authentic.
    """
    _journal("document_read", document, by)
    return content_of(document)


def content_of(document: Document) -> Iterator[bytes]:
    """The same for what everybody may read, as a leaflet: no journal says who did."""
    pieces = _pieces(document)
    return chain((next(pieces),), pieces)


def describe(document: Document) -> Description:
    """The document's own words; raises DecryptionError when the row was altered."""
    media_type = MediaType(document.media_type)
    return Description(
        id=document.id,
        name=crypto.decrypt(_key(document), bytes(document.name), at=_name_place(document.id)).decode(),
        media_type=media_type.value,
        type_label=media_type.label,
        size=document.size,
        sha256=document.sha256,
        stored_at=document.created_at,
    )


def share_with(*, document: Document, organisations: Iterable[UUID], by: Member) -> None:
    """Let other organisations read a document. Only the organisation that holds it may (the database checks).

    Raises Refused for a document that the acting organisation does not hold.
    """
    with transaction.atomic():
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT share_document(%s, %s)", [document.id, sorted(set(organisations))])
            shared = cursor.fetchone()
        if not shared or not shared[0]:
            raise Refused("Seul l’organisme qui a déposé ce document peut le partager.")
        _journal("document_shared", document, by)
    document.refresh_from_db(fields=["readers"])


def forget_files(documents: Iterable[UUID]) -> None:
    """Remove the files of documents whose rows this transaction removes or empties; they stay if it does not commit.

    A process that dies meanwhile leaves them to the sweep.
    """
    if gone := list(documents):
        storage.doubt(gone)
        transaction.on_commit(partial(storage.remove, gone), robust=True)


def sweep_unconfirmed(*, at: datetime, using: str = "default") -> int:
    """Remove the files whose row never was committed, is gone or was emptied (the ledger says so); confirm the others. How many went.

    For the worker's role, which alone may ask which documents exist.
    """
    marked = storage.unconfirmed((at - UNCONFIRMED_FOR).timestamp())
    if not marked:
        return 0
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT documents_known(%s)", [marked])
        known = {row[0] for row in cursor.fetchall()}
    kept = known - erased_documents(ledger(using)) if known else known
    for document in kept:
        storage.confirm(document)
    storage.remove(document for document in marked if document not in kept)
    return len(marked) - len(kept)


def too_large(largest: int = LARGEST) -> str:
    """What is said of a file that is over so many bytes."""
    return f"Le fichier dépasse {largest // 1_000_000} Mo. Réduisez-le, ou déposez-le en plusieurs parties."


def _bounded(file: Upload, field: str, largest: int) -> bytes:
    """The content, read no further than the bound whatever size was announced."""
    content = bytearray()
    if file.size <= largest:
        for piece in file.chunks():
            content += piece
            if len(content) > largest:
                break
    if file.size > largest or len(content) > largest:
        raise Refused(too_large(largest), field=field)
    return bytes(content)


def _pieces(document: Document) -> Iterator[bytes]:
    with storage.reading(document.id) as stored:
        yield from encryption.decrypted(stored, key=_key(document), document=document.id)


def _key(document: Document) -> bytes:
    return vault().unwrap_document_key(bytes(document.wrapped_key), document=document.id)


def _name_place(document: UUID) -> bytes:
    return crypto.place("documents_document", "name", document)


def _journal(verb: str, document: Document, by: Member) -> None:
    record(
        verb=verb,
        object_type="document",
        object_ref=document.id,
        by=by.user,
        organisation=by.organisation,
    )
