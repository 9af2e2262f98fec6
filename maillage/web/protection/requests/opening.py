"""How a page reaches a request: the file of one's own organisation, or 404; what one's role allows, or 403."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.organisations.member import Member
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.notifications import reference
from maillage.protection.requests.queries import visible_to
from maillage.protection.requests.receiving import day_of, require_follower
from maillage.protection.requests.saying import tell_journal
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member


def reached(request: MemberRequest, rights_request: UUID) -> RequestFile:
    """The file that one may read; the reading is journalled. Raises Http404."""
    member = acting_member(request)
    file = visible_to(member).filter(request=rights_request).first()
    if file is None:
        raise Http404
    tell_journal("read", file.request_id, member)
    return file


def followed(request: MemberRequest, rights_request: UUID) -> RequestFile:
    """The same, for whoever answers requests. Raises Http404, PermissionDenied."""
    file = reached(request, rights_request)
    require_follower(acting_member(request))
    return file


def received_here(file: RequestFile, member: Member) -> bool:
    """Whether one's organisation received it, rather than was asked by another."""
    return file.request.organisation_id == member.organisation


def today(request: MemberRequest) -> date:
    """The day at the clock of one's organisation."""
    return day_of(acting_member(request), request.instant)


def above(file: RequestFile | None = None) -> list[tuple[str, str]]:
    """The pages above a page of a request."""
    pages = [("Demandes des personnes", reverse("protection:requests"))]
    if file is not None:
        pages.append((reference(file.request_id), reverse("protection:request", args=[file.request_id])))
    return pages


def show_form(
    request: MemberRequest,
    form: forms.Form | None,
    file: RequestFile | None,
    *,
    title: str,
    lead: str,
    button: str,
    template: str = "one_form.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """One form for one act, under the pages above it."""
    pages = above(file)
    known = {
        "form": form,
        "title": title,
        "lead": lead,
        "button": button,
        "breadcrumb": pages,
        "back": pages[-1][1],
    }
    return render(request, template, known | dict(more or {}))


def to_request(file: RequestFile, anchor: str = "") -> HttpResponse:
    """Back to the page of the request."""
    answer = redirect("protection:request", file.request_id)
    if anchor:
        answer["Location"] += f"#{anchor}"
    return answer


def is_id(text: str) -> bool:
    """Whether what was posted is an id."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True
