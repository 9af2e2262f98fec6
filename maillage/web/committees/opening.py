"""How a page reaches a committee: what the member's organisation is a party to, or 404; what her role allows, or 403."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from maillage.audit.actions import record
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.queries import load
from maillage.steering.committees.models import Meeting
from maillage.steering.committees.policies import can_read, can_steer
from maillage.steering.committees.queries import visible_to
from maillage.web.conventions.reading.opening import opened
from maillage.web.conventions.writing.opening import signing_party
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member

NOT_SIGNED = "Cette convention n’est pas encore signée par toutes les parties."


def reached(request: MemberRequest, convention: UUID) -> LoadedConvention:
    """The convention of which one's organisation is a party. Raises Http404, PermissionDenied."""
    known = opened(convention, acting_member(request), verb="convention_read")
    signing_party(known)
    return known


def reached_meeting(request: MemberRequest, meeting: UUID) -> tuple[LoadedConvention, Meeting]:
    """A meeting and its convention; the reading is journalled. Raises Http404."""
    member = acting_member(request)
    row = visible_to(member).select_related("convention").filter(pk=meeting).first()
    if row is None:
        raise Http404
    known = load(row.convention)
    if not can_read(known):
        raise Http404
    record(
        verb="committee.read",
        object_type="meeting",
        object_ref=row.pk,
        by=member.user,
        organisation=member.organisation,
    )
    return known, row


def steering(request: MemberRequest, known: LoadedConvention) -> None:
    """Refuse whoever may not act. Raises PermissionDenied."""
    if not can_steer(acting_member(request), known):
        raise PermissionDenied(NOT_SIGNED)


def above(known: LoadedConvention, row: Meeting | None = None) -> list[tuple[str, str]]:
    """The pages above a page of a committee, or of one meeting."""
    pages = [*breadcrumb(known), ("Comités", reverse("committees:list", args=[known.id]))]
    if row is not None:
        pages.append((row.name, reverse("committees:meeting", args=[row.pk])))
    return pages


def to_meeting(row: Meeting, anchor: str = "") -> HttpResponse:
    """Back to the page of the meeting."""
    answer = redirect("committees:meeting", row.pk)
    if anchor:
        answer["Location"] += f"#{anchor}"
    return answer
