"""A document is kept whole, encrypted, and read by those it was shared with."""

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction

from maillage.core.crypto import DecryptionError
from maillage.core.refusals import Refused
from maillage.documents import storage
from maillage.documents.actions import (
    LARGEST,
    describe,
    open_document,
    share_with,
    store_made,
    store_upload,
    visible_to,
)
from maillage.documents.formats.media import MediaType
from maillage.documents.models import Document
from maillage.organisations.member import Member
from tests.documents.builders import jpeg, pdf, png
from tests.documents.conftest import AT, store, working

pytestmark = pytest.mark.django_db


def files() -> list[Path]:
    directory = Path(settings.DOCUMENT_STORE)
    return sorted(directory.iterdir()) if directory.exists() else []


def content_of(document: Document, member: Member) -> bytes:
    with working(member):
        return b"".join(open_document(document, by=member))


def test_a_document_comes_back_as_it_was(depositor: Member) -> None:
    content = pdf(os.urandom(300_000).hex().encode())
    document = store(depositor, content=content)
    assert content_of(document, depositor) == content
    with working(depositor):
        described = describe(Document.objects.get())
    assert described.name == "Convention signée.pdf"
    assert described.sha256 == hashlib.sha256(content).hexdigest()
    assert (described.size, described.type_label, described.stored_at) == (len(content), "PDF", AT)


@pytest.mark.parametrize(
    ("content", "kept"), [(png(), "photo.png"), (jpeg(), "photo.jpg"), (pdf(), "photo.pdf")]
)
def test_the_content_and_not_the_name_says_the_type(depositor: Member, content: bytes, kept: str) -> None:
    document = store(depositor, content=content, name="photo.jpeg")
    with working(depositor):
        assert describe(document).name == kept


@pytest.mark.security
def test_row_security_and_the_rule_show_a_document_to_the_same_people(
    depositor: Member, reader: Member, stranger: Member
) -> None:
    document = store(depositor, reader)
    for member, sees in ((depositor, True), (reader, True), (stranger, False)):
        with working(member):
            assert Document.objects.filter(id=document.id).exists() is sees
            assert visible_to(member).filter(id=document.id).exists() is sees
    assert content_of(document, reader) == pdf()


@pytest.mark.security
def test_only_the_holder_shares_and_nobody_rewrites(
    depositor: Member, reader: Member, stranger: Member
) -> None:
    document = store(depositor, reader)
    for member in (reader, stranger):
        with working(member), pytest.raises(Refused, match="déposé"):
            share_with(document=document, organisations=[stranger.organisation], by=member)
    with working(depositor):
        share_with(
            document=document, organisations=[stranger.organisation, depositor.organisation], by=depositor
        )
    assert set(document.readers) == {reader.organisation, stranger.organisation}
    with working(depositor), pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(id=document.id).update(readers=[])
    with working(stranger):
        assert visible_to(stranger).get() == document


@pytest.mark.security
def test_a_document_is_never_stored_in_another_s_name(depositor: Member, stranger: Member) -> None:
    with working(stranger), pytest.raises(DatabaseError), transaction.atomic():
        store_upload(
            file=ContentFile(pdf(), name="a.pdf"),
            organisation=depositor.organisation,
            readers=[],
            by=stranger,
            at=AT,
        )
    assert files() == []


@pytest.mark.security
def test_the_disk_tells_neither_content_nor_name(depositor: Member) -> None:
    canary = b"CANARI-7381-Mme-Exemple"
    document = store(depositor, content=pdf(b"(" + canary + b")"), name="CANARI-7381 refus.pdf")
    stored = storage._path(document.id).read_bytes()
    for found in (stored, bytes(document.name), bytes(document.wrapped_key)):
        for spelled in (canary, b"CANARI", b"%PDF", "CANARI".encode("utf-16-le"), canary.hex().encode()):
            assert spelled not in found
    names = [path.name for path in files()]
    assert all(name.split(".")[0] == str(document.id) for name in names)
    assert stat.S_IMODE(storage._path(document.id).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(settings.DOCUMENT_STORE).stat().st_mode) == 0o700


@pytest.mark.security
def test_an_altered_swapped_or_missing_file_does_not_open(depositor: Member) -> None:
    first, second = store(depositor), store(depositor)
    one, two = storage._path(first.id), storage._path(second.id)
    one.write_bytes(two.read_bytes())
    with pytest.raises(DecryptionError):
        content_of(first, depositor)
    two.write_bytes(two.read_bytes()[:-1])
    with pytest.raises(DecryptionError):
        content_of(second, depositor)
    two.unlink()
    with pytest.raises(storage.DocumentLost):
        content_of(second, depositor)


def test_a_refused_file_leaves_nothing_and_says_why_at_its_field(depositor: Member) -> None:
    with pytest.raises(Refused, match="SVG") as refused:
        store(depositor, content=b"<svg/>", name="logo.pdf")
    assert refused.value.field == "document"
    assert files() == []


class Endless:
    """A file that announces little and never ends."""

    name: str | None = "petit.pdf"
    size = 10
    given = 0

    def chunks(self) -> Any:
        while True:
            self.given += 1_000_000
            yield b"%PDF-1.7 " + b"x" * 1_000_000


@pytest.mark.security
def test_a_file_is_bounded_whatever_it_announces(depositor: Member) -> None:
    endless = Endless()
    with working(depositor), pytest.raises(Refused, match="20 Mo"):
        store_upload(file=endless, organisation=depositor.organisation, readers=[], by=depositor, at=AT)
    assert endless.given <= LARGEST + 1_000_000
    with pytest.raises(Refused, match="20 Mo"):
        store(depositor, content=b"%PDF-1.7 " + b"x" * LARGEST)


def test_a_disk_that_fails_leaves_neither_row_nor_file(
    depositor: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            store(depositor)
    with working(depositor):
        assert not Document.objects.exists()
    assert Path(settings.DOCUMENT_STORE).is_dir(), "the control: it had begun to write"
    assert [path for path in files() if path.suffix == ""] == []


def test_a_committed_document_loses_its_mark(
    depositor: Member, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        document = store(depositor)
    assert files() == [storage._path(document.id)]


def test_what_maillage_draws_is_kept_as_what_it_is_and_nobody_brings_it(depositor: Member) -> None:
    drawn = b"PK\x03\x04 un classeur xl/"
    with working(depositor):
        row = store_made(
            drawn, MediaType.XLSX, name="dossier", organisation=depositor.organisation, readers=[], by=depositor, at=AT
        )  # fmt: skip
        described = describe(row)
    assert (described.name, described.type_label) == ("dossier.xlsx", "classeur Excel")
    assert content_of(row, depositor) == drawn
    with pytest.raises(Refused, match="classeur Excel"):
        store(depositor, content=drawn, name="dossier.xlsx")
