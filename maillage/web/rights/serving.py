"""Opening a piece of an application: through its case only, for whoever may open the case."""

from uuid import UUID

from django.http import Http404, HttpResponse

from maillage.cases.following import with_reason
from maillage.organisations.roles import Permission
from maillage.rights.models import Piece
from maillage.rights.queries import piece_of, visible_to
from maillage.web.middleware import MemberRequest
from maillage.web.rights.reading import show
from maillage.web.rules import acting_member, page
from maillage.web.serving import download


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
    return download(found.document, by=member)
