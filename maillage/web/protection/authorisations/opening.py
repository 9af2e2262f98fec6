"""How a page reaches an authorisation: one of a convention that one's organisation signed, or 404; what one's role allows, or 403."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from maillage.protection.authorisations.asking import require_follower
from maillage.protection.authorisations.notifications import reference
from maillage.protection.authorisations.queries import Transfer, transfers, visible_to
from maillage.protection.authorisations.saying import tell_journal
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member


def reached(request: MemberRequest, transfer: UUID) -> Transfer:
    """The authorisation that one may read; the reading is journalled. Raises Http404."""
    member = acting_member(request)
    found = transfers(visible_to(member).filter(pk=transfer), request.instant)
    if not found:
        raise Http404
    tell_journal("read", transfer, member)
    return found[0]


def followed(request: MemberRequest, transfer: UUID) -> Transfer:
    """The same, for whoever asks and answers. Raises Http404, PermissionDenied."""
    found = reached(request, transfer)
    require_follower(acting_member(request))
    return found


def above(found: Transfer | None = None) -> list[tuple[str, str]]:
    """The pages above a page of an authorisation."""
    pages = [("Autorisations", reverse("protection:transfers"))]
    if found is not None:
        pages.append((reference(found.row.pk), reverse("protection:transfer", args=[found.row.pk])))
    return pages


def to_transfer(transfer: UUID) -> HttpResponse:
    """Back to the page of the authorisation."""
    return redirect("protection:transfer", transfer)
