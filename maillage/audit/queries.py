"""The journal of one organisation as its pages read it: the latest first, from an index however deep."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from maillage.audit.models import Entry

PAGE = 50
_ROWS = ("insert", "update", "delete")
"""What the triggers note of a row that changed: nobody read it, when its identity is sealed under another key."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: between two instants (the second one excluded), of one person, action or kind of object.

    `personal` keeps the readings of somebody's personal data only.
    """

    since: datetime
    before: datetime
    person: UUID | None = None
    verb: str = ""
    object_type: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the journal: just after (older than), or just before, an entry."""

    at: datetime
    id: UUID
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class JournalPage:
    """A page of the journal and where its neighbours begin."""

    entries: Sequence[Entry]
    before: Place | None
    after: Place | None


def entries_of(organisation: UUID, wanted: Wanted) -> QuerySet[Entry]:
    """The entries of one organisation's own chain that are wanted, the latest first."""
    rows = Entry.objects.filter(
        organisation_id=organisation, at__gte=wanted.since, at__lt=wanted.before
    ).order_by("-at", "-id")
    if wanted.person:
        rows = rows.filter(user_id=str(wanted.person))
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    if wanted.object_type:
        rows = rows.filter(object_type=wanted.object_type)
    if wanted.personal:
        rows = rows.filter(Q(fields__startswith="identity") | Q(verb="search")).exclude(verb__in=_ROWS)
    return rows


def journal_page(organisation: UUID, wanted: Wanted, place: Place | None) -> JournalPage:
    """Fifty entries after, or before, a place."""
    backwards = place is not None and place.backwards
    rows = entries_of(organisation, wanted)
    if place is not None:
        side = "gt" if backwards else "lt"
        rows = rows.filter(
            Q(**{f"at__{side}": place.at}) | Q(**{"at": place.at, f"id__{side}": place.id}),
            **{f"at__{side}e": place.at},
        )
    found = list((rows.reverse() if backwards else rows)[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    if backwards:
        found.reverse()
    has_before, has_after = (more, True) if backwards else (place is not None, more)
    before = Place(found[0].at, found[0].id, backwards=True) if found and has_before else None
    after = Place(found[-1].at, found[-1].id) if found and has_after else None
    return JournalPage(found, before, after)


def first_entries(organisation: UUID, wanted: Wanted, *, most: int) -> Iterator[Entry]:
    """At most so many entries, the latest first, for an export."""
    yield from entries_of(organisation, wanted)[:most].iterator(chunk_size=2000)
