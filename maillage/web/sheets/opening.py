"""How a page of the steering of a convention reaches it: its text has axes, or there is nothing here; who may write on them."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.policies import can_record
from maillage.conventions.lifecycle.recording import day_of
from maillage.web.conventions.writing.opening import reached, signing_party
from maillage.web.conventions.writing.signing import breadcrumb
from maillage.web.middleware import MemberRequest
from maillage.web.rules import acting_member


def reached_axes(request: MemberRequest, convention: UUID) -> tuple[LoadedConvention, date]:
    """A convention whose text of the day has axes, and that day. Raises Http404."""
    known = reached(request, convention)
    on = day_of(known.row, request.instant)
    if not known.readable(on).axes:
        raise Http404
    return known, on


def recorded_axes(request: MemberRequest, convention: UUID) -> tuple[LoadedConvention, date]:
    """The same, on which the member may write now. Raises Http404, PermissionDenied."""
    known, on = reached_axes(request, convention)
    signing_party(known)
    if not can_record(acting_member(request), known):
        raise PermissionDenied("Cette convention n’est pas encore signée par toutes les parties.")
    return known, on


def may_write(request: MemberRequest, known: LoadedConvention) -> bool:
    """Whether the reader records what happens to this convention."""
    return can_record(acting_member(request), known)


def names_of(known: LoadedConvention) -> Mapping[str, str]:
    """The short names of the parties, by key."""
    return {party.key: party.short_name for party in known.signatories}


def above(known: LoadedConvention, *pages: tuple[str, str]) -> list[tuple[str, str]]:
    """The pages above one of these: the convention, its sheets, then `pages`, (title, name of the address)."""
    named = (("Fiches actions", "sheets:board"), *pages)
    return [*breadcrumb(known), *((title, reverse(name, args=[known.id])) for title, name in named)]
