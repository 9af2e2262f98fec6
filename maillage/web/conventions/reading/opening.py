"""How a page reaches a convention: through what the member may see, or 404."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404

from maillage.audit.actions import record
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load, visible_to
from maillage.organisations.member import Member
from maillage.web.middleware import MemberRequest


def day_of(request: MemberRequest, member: Member) -> date:
    """Today where the member works."""
    return request.instant.astimezone(ZoneInfo(member.time_zone)).date()


def opened(convention: UUID, member: Member, *, verb: str) -> LoadedConvention:
    """The convention, its reading journalled under this verb. Raises Http404 for what is not hers, as for what is not."""
    row = visible_to(member).filter(id=convention).first()
    if row is None:
        raise Http404
    try:
        known = load(row)
    except Convention.DoesNotExist as error:
        raise Http404 from error
    record(
        verb=verb,
        object_type="convention",
        object_ref=convention,
        by=member.user,
        organisation=member.organisation,
    )
    return known
