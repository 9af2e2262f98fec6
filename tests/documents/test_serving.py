"""How a document leaves: never stored, never guessed, never run; and how it comes in: never in the clear on a disk."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload
from django.test import RequestFactory, override_settings

from maillage.documents import uploading
from maillage.documents.actions import LARGEST, Description
from maillage.documents.serving import headers_for
from maillage.documents.uploading import MOST_KEPT, BoundedUpload
from maillage.organisations.directory.imports import working
from tests.documents.builders import pdf

DESCRIBED = Description(
    UUID(int=1),
    "Convention signée.pdf",
    "application/pdf",
    "PDF",
    1234,
    "0" * 64,
    datetime(2026, 1, 1, tzinfo=UTC),
)


@pytest.mark.security
def test_a_download_is_saved_and_never_run() -> None:
    headers = headers_for(DESCRIBED)
    assert headers["Content-Disposition"].startswith("attachment; ")
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Length"] == "1234"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]
    policy = headers["Content-Security-Policy"]
    assert policy.endswith("sandbox")
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert headers_for(DESCRIBED, inline=True)["Content-Disposition"].startswith("inline; ")


def upload(handler: BoundedUpload, size: int, piece: int = 65536) -> tuple[int, int]:
    """Send a file; returns the size announced to the form and the bytes kept."""
    handler.new_file("document", "a.pdf", "application/pdf", None)
    for start in range(0, size, piece):
        handler.receive_data_chunk(b"x" * min(piece, size - start), start)
    file = handler.file_complete(size)
    assert file.size is not None
    return file.size, len(file.read())


def test_a_file_within_the_bound_is_kept_whole_in_memory() -> None:
    assert upload(BoundedUpload(), 1_000_000) == (1_000_000, 1_000_000)
    assert upload(BoundedUpload(), MOST_KEPT) == (MOST_KEPT, MOST_KEPT)


def test_the_largest_document_and_the_largest_import_arrive_whole() -> None:
    assert LARGEST <= MOST_KEPT
    assert working.LARGEST == MOST_KEPT


@pytest.mark.security
def test_a_file_over_the_bound_is_dropped_and_its_size_told() -> None:
    assert upload(BoundedUpload(), MOST_KEPT + 1) == (MOST_KEPT + 1, 0)


def test_a_scan_of_200_mb_is_read_to_its_end_so_that_its_field_can_refuse_it() -> None:
    handler = BoundedUpload()
    handler.new_file("document", "a.pdf", "application/pdf", None)
    handler.read = 200_000_000  # a connection cut meanwhile would show the browser's own page: what was typed would be gone
    handler.receive_data_chunk(b"x", 0)
    assert handler.file_complete(200_000_001).size == 200_000_001


@pytest.mark.security
def test_many_files_together_stay_within_the_bound_and_a_flood_is_cut() -> None:
    handler = BoundedUpload()
    sizes = [upload(handler, LARGEST)[1] for _ in range(4)]
    assert sum(sizes) <= 2 * LARGEST
    handler.read = uploading._MOST_READ
    with pytest.raises(StopUpload):
        upload(handler, LARGEST)


@pytest.mark.security
def test_a_form_s_file_comes_through_the_bounded_handler_and_never_touches_the_disk(tmp_path: Path) -> None:
    small, large = ContentFile(pdf(), name="a.pdf"), ContentFile(b"x" * (LARGEST + 1), name="b.pdf")
    handlers = ["maillage.documents.uploading.BoundedUpload"]
    request = RequestFactory().post("/", {"small": small, "large": large, "after": "kept"})
    with override_settings(FILE_UPLOAD_HANDLERS=handlers, FILE_UPLOAD_TEMP_DIR=str(tmp_path)):
        received = request.FILES["small"]
    assert isinstance(received, UploadedFile)
    assert b"".join(received.chunks()) == pdf()
    oversized = request.FILES["large"]
    assert isinstance(oversized, UploadedFile)
    assert oversized.size == LARGEST + 1
    assert request.POST["after"] == "kept"
    assert list(tmp_path.iterdir()) == []
