"""The library as a member reads it: what is current, what is obsolete, what ends soon, what was published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import DateField, Exists, F, Func, OuterRef, Q, QuerySet

from maillage.catalogue.models import Support, SupportVersion
from maillage.catalogue.rules import ENDING_DAYS, Standing, ends_unfollowed, standing
from maillage.catalogue.states import TOLD, State
from maillage.core.calendar import DAY
from maillage.core.text import words_key
from maillage.organisations.base import Organisation
from maillage.organisations.member import Member

PAGE_SIZE: Final = 50
LAST_PAGE: Final = 400
_MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Search:
    """What the library is limited to; empty values limit nothing. Obsolete supports and drafts only when they are asked for."""

    text: str = ""
    kind: str = ""
    audience: str = ""
    language: str = ""
    service: str = ""
    own: bool = False
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A support with its versions, the newest first, on its owner's day."""

    support: Support
    versions: tuple[SupportVersion, ...]
    on: date

    def standing(self, version: SupportVersion) -> Standing:
        """Where one of its versions stands."""
        return standing(version.state, version.days, self.on)

    @property
    def current(self) -> SupportVersion | None:
        """The version that everybody is given."""
        return next((one for one in self.versions if self.standing(one) is Standing.CURRENT), None)

    @property
    def latest(self) -> SupportVersion | None:
        """The last one that was published, which says why nothing is current."""
        told = [one for one in self.versions if one.state in TOLD and one.state != State.REPLACED]
        return max(told, key=lambda one: (one.valid_from, one.published_at), default=None)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the library."""

    rows: list[Shown]
    number: int
    has_next: bool


@dataclass(frozen=True, slots=True)
class Publication:
    """That a version was published, on a day of its owner: what may show that a commitment is kept."""

    support: UUID
    version: UUID
    title: str
    kind: str
    services: tuple[str, ...]
    label: str
    on: date


def visible_to(member: Member) -> QuerySet[Support]:
    """Whatever was published, and one's own: the same limit as row security's. `today` is the owner's day."""
    mine = Q(organisation=member.organisation) | Q(first_published_at__isnull=False)
    today = Func(F("organisation_id"), function="organisations_today", output_field=DateField())
    return Support.objects.filter(mine).select_related("organisation").annotate(today=today)


def search(member: Member, wanted: Search, page: int) -> Found:
    """One page, by title: two queries."""
    number = min(max(page, 1), LAST_PAGE)
    first = (number - 1) * PAGE_SIZE
    found = _limited(visible_to(member), wanted, member)
    rows = list(found.order_by("sort_title", "id")[first : first + PAGE_SIZE + 1])
    return Found(_shown(rows[:PAGE_SIZE]), number, len(rows) > PAGE_SIZE and number < LAST_PAGE)


def _limited(found: QuerySet[Support], wanted: Search, member: Member) -> QuerySet[Support]:
    for word in words_key(wanted.text).split()[:_MOST_WORDS]:
        found = found.filter(words__contains=word)
    if wanted.text.strip() and not words_key(wanted.text):
        return found.none()
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    for field, value in (
        ("audience", wanted.audience),
        ("languages", wanted.language),
        ("services", wanted.service),
    ):
        if value:
            found = found.filter(**{f"{field}__contains": [value]})
    if wanted.own:
        found = found.filter(organisation=member.organisation)
    if wanted.everything:
        return found
    today = Func(OuterRef("organisation_id"), function="organisations_today", output_field=DateField())
    current = SupportVersion.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today),
        support=OuterRef("pk"),
        state=State.PUBLISHED,
        valid_from__lte=today,
    )
    return found.filter(Exists(current))


def known(member: Member, support: UUID) -> Shown:
    """One support with its versions: two queries. Raises Support.DoesNotExist."""
    return _shown([visible_to(member).get(id=support)])[0]


def described(member: Member, supports: Iterable[UUID]) -> dict[UUID, Shown]:
    """These supports with their versions, however many: two queries."""
    return {
        one.support.id: one
        for one in _shown(list(visible_to(member).filter(id__in=list(supports)).order_by("id")))
    }


def _shown(rows: list[Support]) -> list[Shown]:
    versions: dict[UUID, list[SupportVersion]] = {row.id: [] for row in rows}
    found = SupportVersion.objects.filter(support__in=list(versions)).exclude(state=State.DISCARDED)
    for version in found.select_related("document", "replaced_by").order_by("-created_at", "-id"):
        versions[version.support_id].append(version)
    return [Shown(row, tuple(versions[row.id]), row.today) for row in rows]  # type: ignore[attr-defined]  # annotated


def version_of(member: Member, version: UUID) -> SupportVersion:
    """A version of the member's own organisation, drafts included. Raises SupportVersion.DoesNotExist."""
    rows = SupportVersion.objects.filter(organisation=member.organisation).exclude(state=State.DISCARDED)
    return rows.select_related("support", "document").get(id=version)


def usable_instead(member: Member, support: UUID) -> list[tuple[UUID, str]]:
    """Supports that may be used in place of one: the current ones of everybody, by title."""
    found = _limited(visible_to(member), Search(), member).exclude(id=support)
    return list(found.order_by("sort_title", "id").values_list("id", "title")[:500])


def ending(member: Member, *, on: date) -> list[SupportVersion]:
    """One's own versions whose validity ends within 30 days, or has ended, and that nothing follows: the soonest first."""
    rows = SupportVersion.objects.filter(
        organisation=member.organisation,
        state=State.PUBLISHED,
        valid_until__lte=on + ENDING_DAYS * DAY,
    )
    ends = list(rows.select_related("support").order_by("valid_until", "id")[:200])
    others: dict[UUID, list[SupportVersion]] = {}
    for one in SupportVersion.objects.filter(
        support__in={one.support_id for one in ends}, state=State.PUBLISHED
    ).order_by("id"):
        others.setdefault(one.support_id, []).append(one)
    return [
        one
        for one in ends
        if one.days
        and ends_unfollowed(
            one.days,
            (other.days for other in others[one.support_id] if other.id != one.id and other.days),
            on,
        )
    ]


def published_between(owner: UUID, since: date, until: date) -> list[Publication]:
    """What an organisation published on these days, both included and its own, the oldest first, whatever became of it since.

    For a room above, which tells what it is evidence of.
    """
    zone = ZoneInfo(Organisation.objects.values_list("time_zone", flat=True).get(id=owner))
    rows = SupportVersion.objects.filter(
        organisation=owner,
        published_at__gte=datetime.combine(since, time(), zone),
        published_at__lt=datetime.combine(until + DAY, time(), zone),
        state__in=list(TOLD),
    )
    return [
        Publication(
            one.support_id,
            one.id,
            one.support.title,
            one.support.kind,
            tuple(one.support.services),
            one.label,
            one.published_at.astimezone(zone).date(),
        )
        for one in rows.select_related("support").order_by("published_at", "id")
        if one.published_at is not None
    ]
