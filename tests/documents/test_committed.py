"""What stays on the disk after a commit, after a rollback, and in the journal."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connections, transaction

from maillage.documents import storage
from maillage.documents.actions import open_document, sweep_unconfirmed
from maillage.documents.models import Document
from maillage.organisations.member import Member
from tests.documents.builders import pdf
from tests.documents.conftest import AT, store, working


def read(document: Document, member: Member) -> bytes:
    with working(member):
        return b"".join(open_document(document, by=member))


@pytest.mark.security
def test_storing_and_reading_are_journalled_without_the_name(
    transactional_members: tuple[Member, Member],
) -> None:
    depositor, _ = transactional_members
    document = store(depositor)
    read(document, depositor)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT verb, fields, reason FROM audit_entry WHERE object_ref = %s AND verb LIKE 'document%%' ORDER BY id",
            [str(document.id)],
        )
        rows = cursor.fetchall()
    assert [row[0] for row in rows] == ["document_stored", "document_read"]
    assert "Convention" not in str(rows)


def test_what_a_rollback_leaves_is_swept_and_what_was_committed_stays(
    transactional_members: tuple[Member, Member],
) -> None:
    depositor, _ = transactional_members
    kept = store(depositor)
    storage._mark(kept.id).touch()  # as if the process had died before confirming
    lost: list[Document] = []
    with working(depositor):
        lost.append(store(depositor))
        transaction.set_rollback(True)  # what the page's transaction does on an error further on
    assert storage._path(lost[0].id).exists()
    assert sweep_unconfirmed(at=AT, using="worker") == 0  # too young: its transaction may still be running
    later = storage._path(lost[0].id).stat().st_mtime
    at = AT.fromtimestamp(later, tz=AT.tzinfo) + timedelta(hours=2)
    assert sweep_unconfirmed(at=at, using="worker") == 1
    assert sorted(Path(settings.DOCUMENT_STORE).iterdir()) == [storage._path(kept.id)]
    assert read(kept, depositor) == pdf()


def test_the_sweep_takes_the_file_of_what_the_ledger_says_was_erased(
    transactional_members: tuple[Member, Member],
) -> None:
    depositor, _ = transactional_members
    kept, erased = store(depositor), store(depositor)
    storage.doubt(
        [kept.id, erased.id]
    )  # as if the process had died once its transaction was committed, the files still there
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO vault_erasure (id, organisation_id, scope, reference, reason, at)"
            " VALUES (gen_random_uuid(), %s, 'document', %s, 'durée', now())",
            [depositor.organisation, str(erased.id)],
        )
    marked = storage._mark(kept.id).stat().st_mtime
    assert (
        sweep_unconfirmed(at=AT.fromtimestamp(marked, tz=AT.tzinfo) + timedelta(hours=2), using="worker") == 1
    )
    assert sorted(Path(settings.DOCUMENT_STORE).iterdir()) == [storage._path(kept.id)]


def test_many_files_go_with_one_wait_and_their_marks_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DOCUMENT_STORE", tmp_path)
    documents = [uuid4() for _ in range(3)]
    for document in documents[:2]:
        storage.write(document, [b"x"])
        storage.confirm(document)
    waits: list[list[str]] = []
    monkeypatch.setattr(
        storage, "_synchronise", lambda place: waits.append(sorted(one.name for one in place.iterdir()))
    )
    storage.doubt(documents)
    storage.doubt(documents)  # marked already
    assert storage.remove(documents) == 2
    marks = sorted(f"{document}.unconfirmed" for document in documents)
    assert waits[-1] == marks, "a mark went before the removal of its file was on the disk"
    assert len(waits) == 3
    assert not any(tmp_path.iterdir())
    assert storage.remove(documents) == 0
