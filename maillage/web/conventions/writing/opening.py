"""How a page that writes reaches a convention: what the member may see or 404; what her role allows or 403."""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import visible_to
from maillage.conventions.lifecycle.recording import lock_and_load
from maillage.organisations.member import Member
from maillage.web.conventions.reading.opening import opened
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member


def reached(request: MemberRequest, convention: UUID) -> LoadedConvention:
    """The convention to read, or locked until the answer when the page changes something. Raises Http404."""
    member = acting_member(request)
    if request.method != "POST":
        return opened(convention, member, verb="convention_read")
    row = visible_to(member).filter(id=convention).first()
    if row is None:
        raise Http404
    try:
        return lock_and_load(row)
    except Convention.DoesNotExist as error:
        raise Http404 from error


def signing_party(known: LoadedConvention) -> None:
    """Refuse the bodies that were only informed: they read, and change nothing."""
    if known.mine is None or not known.mine.signs:
        raise PermissionDenied(
            "Votre organisme n’est pas partie à cette convention : il en est seulement informé."
        )


def allowed(
    rule: Callable[[Member, LoadedConvention], bool], request: MemberRequest, known: LoadedConvention
) -> bool:
    """Whether the policy says yes now; a body that is not a party is refused for good."""
    signing_party(known)
    return rule(acting_member(request), known)
