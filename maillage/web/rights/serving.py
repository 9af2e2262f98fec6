"""Opening a piece of an application: through its case only, for whoever may open the case."""

from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse

from maillage.cases.following import with_reason
from maillage.documents.actions import describe, open_document
from maillage.documents.serving import headers_for
from maillage.organisations.roles import Permission
from maillage.rights.models import Piece
from maillage.rights.queries import piece_of, visible_to
from maillage.web.middleware import MemberRequest
from maillage.web.rights.reading import show
from maillage.web.rules import acting_member, page


@page(permission=Permission.READ_REFERRALS)
def piece(request: MemberRequest, application: UUID, piece: UUID) -> HttpResponse:
    """A piece as a download, for whoever may open the case; the others get its closed page."""
    member = acting_member(request)
    try:
        found = piece_of(member, piece)
    except Piece.DoesNotExist as unknown:
        raise Http404 from unknown
    if found.case_id != application:
        raise Http404
    part = with_reason(member, visible_to(member).filter(case_id=application)).first()
    if part is None or not part.opened_as:
        return show(request, application)
    # The body begins after the commit; what it needs (the key) was opened here, under the member's context.
    answer = StreamingHttpResponse(open_document(found.document, by=member))
    for name, value in headers_for(describe(found.document)).items():
        answer.headers[name] = value
    return answer  # type: ignore[return-value]  # a streaming answer is an answer
