"""What stands around a list: one's views and drafts, the colleagues and conventions to choose from, and how many each view holds.

Two queries, however many views and choices there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import IntegerField, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from maillage.cases.models import Authorisation, Participation
from maillage.catalogue.services import SERVICES, service_name
from maillage.conventions.models import Party
from maillage.organisations.member import Member
from maillage.organisations.models import Membership, Organisation
from maillage.organisations.roles import ROLES, Permission
from maillage.referrals.drafts import drafts_of
from maillage.referrals.heeding.late import delay_under, late_threshold
from maillage.referrals.heeding.rules import Source, Threshold
from maillage.referrals.lists.queries import found
from maillage.referrals.lists.wanted import COUNTED, Wanted
from maillage.referrals.models import SavedView

CONVENTIONS: Final = 60
"""Conventions to choose from; the page of each leads to its own list."""
DRAFTS: Final = 10
_UNSIGNED: Final = ("draft", "proposed", "signed")
_READERS: Final = [
    role.value for role, declared in ROLES.items() if Permission.READ_REFERRALS in declared.permissions
]


@dataclass(frozen=True, slots=True)
class Kept:
    """One's own view: its name and its filters, as the address of the list has them."""

    id: UUID
    name: str
    query: str


@dataclass(frozen=True, slots=True)
class Around:
    """What the page of the list offers beside the list."""

    views: tuple[Kept, ...]
    drafts: tuple[tuple[UUID, datetime], ...]
    people: tuple[tuple[UUID, str], ...]
    conventions: tuple[tuple[UUID, str], ...]
    agreed: tuple[tuple[UUID, str, Threshold], ...]
    """Of these conventions, those by which a referral is late otherwise than usual."""
    services: tuple[tuple[str, str], ...]
    """The services of its own flows, those of before too: what its lists may hold."""


def around(member: Member, *, on: date) -> Around:
    """The member's views and drafts, her colleagues of the day who read referrals, the conventions of her organisation."""
    views = SavedView.objects.filter(organisation=member.organisation, user_id=member.user).order_by("name")
    people = (
        Membership.objects.filter(
            Q(until__isnull=True) | Q(until__gte=on),
            organisation=member.organisation,
            since__lte=on,
            role__in=_READERS,
        )
        .order_by("user__full_name", "user_id")
        .values(row=JSONObject(id="user_id", name="user__full_name"))
    )
    conventions = (
        Party.objects.filter(organisation=member.organisation)
        .exclude(state__in=_UNSIGNED)
        .order_by("sort_title", "convention_id")
    )
    services = Authorisation.objects.filter(
        Q(sender=member.organisation) | Q(recipient=member.organisation), rights=[]
    )
    found_rows = (
        Organisation.objects.filter(id=member.organisation)
        .annotate(
            views=ArraySubquery(views.values(row=JSONObject(id="id", name="name", query="query"))),
            drafts=ArraySubquery(drafts_of(member).values(row=JSONObject(id="id", at="updated_at"))[:DRAFTS]),
            people=ArraySubquery(people),
            signed=ArraySubquery(
                conventions.values(
                    row=JSONObject(
                        id="convention_id", name="convention__title", delay=delay_under("convention_id")
                    )
                )[:CONVENTIONS]
            ),
            services=ArraySubquery(services.values(row=JSONObject(key="service", label="label")).distinct()),
        )
        .values("views", "drafts", "people", "signed", "services")
    )
    row: Mapping[str, Any] = found_rows.get()
    late = [(UUID(one["id"]), one["name"], late_threshold(one["delay"])) for one in row["signed"]]
    return Around(
        tuple(Kept(UUID(one["id"]), one["name"], one["query"]) for one in row["views"]),
        tuple((UUID(one["id"]), datetime.fromisoformat(one["at"])) for one in row["drafts"]),
        tuple(
            dict.fromkeys((UUID(one["id"]), one["name"]) for one in row["people"])
        ),  # once, whatever her roles
        tuple((convention, name) for convention, name, _ in late),
        tuple(one for one in late if one[2].source is not Source.DEFAULT),
        _named((one["key"], one["label"]) for one in row["services"]),
    )


def _named(said: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Each service once, by name: where several texts call it otherwise, the catalogue's name, else the shortest of theirs."""
    labels: dict[str, set[str]] = {}
    for key, label in said:
        labels.setdefault(key, set()).update({label} - {""})
    names = {
        key: service_name(key, "" if len(found) > 1 and key in SERVICES else min(found, key=len, default=""))
        for key, found in labels.items()
    }
    return tuple(sorted(names.items(), key=lambda one: one[1]))


class _Bounded(Subquery):
    """How many rows a query has, at most as many as it is cut at."""

    template = "(SELECT count(*) FROM (%(subquery)s) bounded)"
    output_field = IntegerField()


def counters(
    member: Member,
    views: Mapping[str, Wanted],
    *,
    on: date,
    among: QuerySet[Participation] | None = None,
) -> dict[str, int]:
    """How many referrals, or participations `among` others, each view holds; one more than `COUNTED` stands for any number above.

    One query.
    """
    counts: dict[str, Any] = {
        f"n{position}": _Bounded(
            found(member, wanted, on=on, among=among).order_by().values("id")[: COUNTED + 1]
        )
        for position, wanted in enumerate(views.values())
    }
    row: dict[str, Any] = dict(Organisation.objects.filter(id=member.organisation).values(**counts).get())
    return {name: row[f"n{position}"] for position, name in enumerate(views)}
