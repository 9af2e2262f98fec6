"""Files on their way in, kept in memory: Django's own handler would write large ones in the clear on the disk."""

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from maillage.documents.actions import LARGEST

MOST_KEPT = 2 * LARGEST
_MOST_READ = 15 * LARGEST
CUT = "maillage.upload_cut"
"""In a request's META: its files were more than anybody reads, and none of them is there."""


class BoundedUpload(FileUploadHandler):
    """Keeps the files of one request in memory, at most 40 MB together: a document's own bound is said by its form.

    Past that a file's content is dropped and its size still counted, so that the form can say so at its field;
    past 300 MB, more than any scan, the connection is closed.
    """

    kept = 0
    read = 0

    def new_file(  # noqa: PLR0917 - Django's signature
        self,
        field_name: str,
        file_name: str,
        content_type: str,
        content_length: int | None,
        charset: str | None = None,
        content_type_extra: dict[str, bytes] | None = None,
    ) -> None:
        """A file begins."""
        super().new_file(field_name, file_name, content_type, content_length, charset, content_type_extra)
        self._content = bytearray()
        self._whole = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's signature
        """A piece of it: kept while the bounds hold, counted in any case."""
        self.read += len(raw_data)
        if self.read > _MOST_READ:
            if self.request is not None:
                self.request.META[CUT] = (
                    "1"  # the form lacks its file: whoever reads it must not take that for none
                )
            raise StopUpload(connection_reset=True)
        self._whole = self._whole and self.kept + len(self._content) + len(raw_data) <= MOST_KEPT
        if self._whole:
            self._content += raw_data
        else:
            self._content.clear()

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        """The file: whole, or empty with a size over the bound."""
        self.kept += len(self._content)
        return InMemoryUploadedFile(
            BytesIO(bytes(self._content)),
            self.field_name,
            self.file_name or "",
            self.content_type,
            file_size if self._whole else max(file_size, MOST_KEPT + 1),
            self.charset,
            self.content_type_extra,
        )
