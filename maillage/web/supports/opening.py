"""The ways to a support: from its page, from the address that is printed, and its owner's look at a draft.

The first two give what is current at that instant, and nothing else; the printed one asks for no account, sets no cookie and
keeps nothing of whoever comes.
"""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.catalogue import counting, queries
from maillage.catalogue.counting import Served
from maillage.catalogue.models import SupportVersion
from maillage.documents.actions import content_of, describe
from maillage.organisations.attempts import Door, Limit
from maillage.organisations.roles import Permission
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.typography import typeset
from maillage.web.rules import acting_member, page
from maillage.web.serving import streamed
from maillage.web.supports.reading import known_or_404

MOST: Final = Limit(600, 60)
"""Openings of one printed address: so many in so many seconds, all who come together. A whole hospital is one address of the network."""
_GONE, _TOO_MANY = 410, 429


@page(permission=Permission.READ_CONVENTIONS)
def open_current(request: MemberRequest, support: UUID) -> HttpResponse:
    """The current version, counted for the member's organisation; where there is none, the page that says what to use."""
    row = known_or_404(request, support).support
    found = counting.served(row.code)
    if found is None:
        messages.warning(request, "Ce support n’est plus donné : voyez ce qui suit.")
        return redirect("supports:support", support)
    return _given(request, found, row.code, way="page")


@page(anonymous=True)
def by_code(request: MemberRequest, code: str) -> HttpResponse:
    """The printed address: the current version to anybody; else what to use instead; unknown for what never was published."""
    found = counting.served(code)
    if found is None:
        return _gone(request, code)
    if not Door(account=f"support:{code}", limit=MOST).tried():
        answer = render(request, "supports/too_many.html", status=_TOO_MANY)
        answer["Retry-After"] = str(MOST.seconds)
        return _unfollowed(answer)
    return _unfollowed(_given(request, found, code, way="code"))


def _given(request: MemberRequest, found: Served, code: str, *, way: str) -> HttpResponse:
    """A file to look at, or the way to where the link leads; one more opening of it."""
    answer = (
        streamed(found.content(), found.described(), inline=True)
        if found.document is not None
        else HttpResponseRedirect(found.link)
    )
    if request.method != "HEAD":
        counting.count_opening(code, way=way)
    return answer


def _gone(request: MemberRequest, code: str) -> HttpResponse:
    found = counting.instead_of(code)
    if found is None:
        raise Http404
    if found.starts_on is not None:
        said = f"La prochaine version sera ici à partir du {long_date(found.starts_on)}."
    elif found.withdrawn or found.ended_on is None:
        said = "Ce document a été retiré : ne vous en servez plus."
    else:
        said = f"Ce document n’est plus valable depuis la fin du {long_date(found.ended_on)} : ne vous en servez plus."
    other = reverse("support_code", args=[found.other_code]) if found.other_code else ""
    context = {"title": found.title, "said": typeset(said), "other": found.other_title, "other_url": other}
    return _unfollowed(render(request, "supports/gone.html", context, status=_GONE))


def _unfollowed(answer: HttpResponse) -> HttpResponse:
    """Where it leads is not told where one comes from."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@page(permission=Permission.WRITE_CONVENTIONS)
def preview(request: MemberRequest, version: UUID) -> HttpResponse:
    """A draft, before it is published, for its owner: nothing is counted."""
    try:
        row = queries.version_of(acting_member(request), version)
    except SupportVersion.DoesNotExist as unknown:
        raise Http404 from unknown
    if row.published_at is not None:
        return redirect("supports:support", row.support_id)
    if row.document is None:
        return HttpResponseRedirect(row.link)
    return streamed(content_of(row.document), describe(row.document), inline=True)
