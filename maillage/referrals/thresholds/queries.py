"""Thresholds of a convention as its parties read them, and how many of their own referrals are beyond."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from maillage.cases.models import Participation
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.notifications import path
from maillage.organisations.member import Member
from maillage.referrals.heeding.models import AlertDays, Crossing
from maillage.referrals.heeding.rules import Agreed, Kind, Threshold, threshold
from maillage.referrals.queries import counted


@dataclass(frozen=True, slots=True)
class Beyond:
    """A threshold, and how many of the organisation's own referrals are beyond it now."""

    threshold: Threshold
    referrals: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A convention under which referrals of the organisation's own are beyond a threshold."""

    kind: Kind
    title: str
    path: str
    referrals: int


@dataclass(frozen=True, slots=True)
class Setting:
    """What referents set once: by which organisation, on which day."""

    agreed: Agreed
    by: str


def agreed_of(convention: UUID, zone: ZoneInfo) -> Agreed | None:
    """What referents set last; None where nobody did."""
    row = AlertDays.objects.filter(convention_id=convention).order_by("-set_at", "-id").first()
    return _agreed(row, zone) if row else None


def settings_of(known: LoadedConvention) -> Sequence[Setting]:
    """All that referents set, the last one first."""
    rows = AlertDays.objects.filter(convention_id=known.id).select_related("organisation")
    return [
        Setting(_agreed(row, known.zone), row.organisation.short_name)
        for row in rows.order_by("-set_at", "-id")
    ]


def _agreed(row: AlertDays, zone: ZoneInfo) -> Agreed:
    return Agreed(row.late_days, row.blocked_days, row.set_at.astimezone(zone).date())


def thresholds_of(known: LoadedConvention, *, on: date) -> list[Threshold]:
    """Both thresholds of a convention, in one query."""
    terms, agreed = known.readable(on), agreed_of(known.id, known.zone)
    return [threshold(kind, terms, agreed) for kind in Kind]


def beyond(known: LoadedConvention, member: Member, *, on: date) -> list[Beyond]:
    """Both thresholds, each with the exact count of the member's own organisation as of the last round, in two queries.

    What was acknowledged or ended since counts no more.
    """
    numbers = dict(
        running(counted(known.id, member))
        .filter(convention_id=known.id)
        .order_by()
        .values_list("kind")
        .annotate(rows=Count("id"))
    )
    return [Beyond(one, numbers.get(one.kind, 0)) for one in thresholds_of(known, on=on)]


def running(parts: QuerySet[Participation]) -> QuerySet[Crossing]:
    """What the last round found beyond a threshold among these parts, without what was acknowledged or ended since."""
    mine = parts.filter(closed_at=None)
    return Crossing.objects.filter(
        Q(kind=Kind.LATE, case_id__in=mine.filter(state="sent").values("case_id"))
        | Q(kind=Kind.BLOCKED, case_id__in=mine.exclude(state="sent").values("case_id")),
        ended_on=None,
    )


def beyond_by_convention(member: Member) -> list[Waiting]:
    """The conventions with referrals of the member's own organisation beyond a threshold, by title; two queries at most."""
    rows = list(
        running(counted(None, member))
        .order_by()
        .values_list("convention_id", "kind")
        .annotate(rows=Count("id"))
    )
    titles = dict(
        Convention.objects.filter(pk__in={convention for convention, *_ in rows}).values_list("pk", "title")
        if rows
        else ()
    )
    found = [
        Waiting(Kind(kind), titles[convention], path(convention), number)
        for convention, kind, number in rows
        if convention in titles
    ]
    return sorted(found, key=lambda one: (one.title, one.kind))
