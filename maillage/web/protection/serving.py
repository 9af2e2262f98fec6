"""The documents of this room, as downloads."""

from uuid import UUID

from django.http import Http404, HttpResponse

from maillage.documents.actions import visible_to
from maillage.documents.models import Document
from maillage.organisations.member import Member
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member
from maillage.web.serving import download


def kept(member: Member, wanted: UUID | None) -> Document | None:
    """A document, if there is one and her organisation reads it."""
    return visible_to(member).filter(pk=wanted).first() if wanted else None


def serve_document(request: MemberRequest, wanted: UUID | None) -> HttpResponse:
    """The same by its id. Raises Http404."""
    member = acting_member(request)
    found = kept(member, wanted)
    if found is None:
        raise Http404
    return download(found, by=member)
