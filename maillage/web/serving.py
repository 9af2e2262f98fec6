"""A stored document as an answer: its bytes one piece after the other, under the headers of `documents/serving.py`."""

from collections.abc import Iterable

from django.http import HttpResponse, StreamingHttpResponse

from maillage.documents.actions import Description, describe, open_document
from maillage.documents.models import Document
from maillage.documents.serving import headers_for
from maillage.organisations.member import Member


def download(document: Document, *, by: Member) -> HttpResponse:
    """A document that the member may read; the page has asked that before."""
    return streamed(open_document(document, by=by), describe(document))


def streamed(content: Iterable[bytes], described: Description, *, inline: bool = False) -> HttpResponse:
    """Bytes that were opened already. The body begins after the commit; what it needs (the key) was opened before."""
    answer = StreamingHttpResponse(content)
    for name, value in headers_for(described, inline=inline).items():
        answer.headers[name] = value
    return answer  # type: ignore[return-value]  # a streaming answer is an answer
