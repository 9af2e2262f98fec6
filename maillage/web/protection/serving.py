"""The documents of this room, as downloads."""

from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse

from maillage.documents.actions import describe, open_document, visible_to
from maillage.documents.models import Document
from maillage.documents.serving import headers_for
from maillage.organisations.member import Member
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member


def kept(member: Member, wanted: UUID | None) -> Document | None:
    """A document, if there is one and her organisation reads it."""
    return visible_to(member).filter(pk=wanted).first() if wanted else None


def download(document: Document, *, by: Member) -> HttpResponse:
    """Its bytes, one piece after the other."""
    # The body begins after the commit; what it needs (the key) was opened here, under the member's context.
    answer = StreamingHttpResponse(open_document(document, by=by))
    for name, value in headers_for(describe(document)).items():
        answer.headers[name] = value
    return answer  # type: ignore[return-value]  # a streaming answer is an answer


def serve_document(request: MemberRequest, wanted: UUID | None) -> HttpResponse:
    """The same by its id. Raises Http404."""
    member = acting_member(request)
    found = kept(member, wanted)
    if found is None:
        raise Http404
    return download(found, by=member)
