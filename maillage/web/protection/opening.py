"""How a page reaches a breach: what one's organisation reported or was told, or 404; what one's role allows, or 403."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from maillage.audit.actions import record
from maillage.protection.breaches.following import require_follower
from maillage.protection.breaches.models import Breach
from maillage.protection.breaches.notifications import reference
from maillage.protection.breaches.queries import visible_to
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.one_form import one_form
from maillage.web.rules import acting_member


def reached(request: MemberRequest, breach: UUID) -> Breach:
    """The breach that one may read; the reading is journalled. Raises Http404."""
    member = acting_member(request)
    row = visible_to(member).filter(pk=breach).select_related("organisation").first()
    if row is None:
        raise Http404
    record(
        verb="breach.read",
        object_type="breach",
        object_ref=row.pk,
        by=member.user,
        organisation=member.organisation,
    )
    return row


def followed(request: MemberRequest, breach: UUID) -> Breach:
    """The same, for whoever follows breaches. Raises Http404, PermissionDenied."""
    row = reached(request, breach)
    require_follower(acting_member(request))
    return row


def above(row: Breach | None = None) -> list[tuple[str, str]]:
    """The pages above a page of a breach."""
    pages = [("Violations de données", reverse("protection:breaches"))]
    if row is not None:
        pages.append((reference(row.pk), reverse("protection:breach", args=[row.pk])))
    return pages


def show_form(
    request: MemberRequest, form: forms.Form | None, row: Breach | None, *, title: str, lead: str, button: str
) -> HttpResponse:
    """One form for one act, under the pages above it; without one, the lead says why."""
    return one_form(request, form, title=title, lead=lead, button=button, pages=above(row))


def to_breach(row: Breach, anchor: str = "") -> HttpResponse:
    """Back to the page of the breach."""
    answer = redirect("protection:breach", row.pk)
    if anchor:
        answer["Location"] += f"#{anchor}"
    return answer
