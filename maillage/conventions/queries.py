"""What awaits a member about her organisation's conventions, over several sub-rooms: signatures, dates, roles, vacancies."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from maillage.conventions.amendments.models import Amendment
from maillage.conventions.lifecycle.models import Convention, Event, Party, TermsVersion
from maillage.conventions.lifecycle.queries import visible_to
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.referents.models import Referent
from maillage.conventions.signatures.models import Signature
from maillage.organisations.member import Member

COMING_DAYS: Final = 120
_MOST: Final = 200
_SIGNABLE: Final = ("proposed", "partly_signed")


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post of referent of the member's own party that nobody holds."""

    convention: UUID
    title: str
    level: str
    missing: int


def to_sign(member: Member) -> QuerySet[Convention]:
    """Texts proposed to the member's organisation that it has not signed."""
    mine = Signature.objects.filter(
        convention=OuterRef("pk"),
        organisation=member.organisation,
        amendment__isnull=True,
        voided_at__isnull=True,
    )
    return (
        _as_party(member)
        .filter(state__in=_SIGNABLE)
        .exclude(Exists(mine))
        .order_by("sort_title", "id")[:_MOST]
    )


def amendments_to_sign(member: Member) -> QuerySet[Amendment]:
    """Avenants proposed to the member's organisation that it has not signed."""
    mine = Signature.objects.filter(
        amendment=OuterRef("pk"), organisation=member.organisation, voided_at__isnull=True
    )
    return (
        Amendment.objects.filter(state__in=_SIGNABLE, convention__in=_as_party(member))
        .exclude(Exists(mine))
        .select_related("convention")
        .order_by("convention__sort_title", "number")[:_MOST]
    )


def drafts_of(member: Member) -> QuerySet[Convention]:
    """Drafts that the member's organisation writes."""
    return (
        visible_to(member)
        .filter(drafted_by=member.organisation, state="draft")
        .order_by("sort_title", "id")[:_MOST]
    )


def coming_up(member: Member, *, on: date) -> QuerySet[Convention]:
    """Conventions of the member's organisation with something due within 120 days, or late."""
    return (
        _as_party(member)
        .filter(state__in=["signed", "in_force"], next_due_on__lte=on + timedelta(days=COMING_DAYS))
        .order_by("next_due_on", "sort_title", "id")[:_MOST]
    )


def roles_to_fill(member: Member) -> list[tuple[Convention, int]]:
    """Conventions in force of which flows or regimes lack their roles under the GDPR, and how many lack them."""
    found = {row.id: row for row in _as_party(member).filter(state__in=["signed", "in_force"])}
    filled: dict[UUID, set[str]] = {}
    for convention, path in Event.objects.filter(
        convention__in=found, kind=RecordedKind.BLANK_FILLED, detail__path__endswith=".roles"
    ).values_list("convention_id", "detail__path"):
        filled.setdefault(convention, set()).add(path)
    missing = []
    for version in _newest(found, "terms__flows", "terms__protection"):
        convention, flows, regimes = version
        blank = {f"flows[{key}].roles" for key in _without_roles(flows)}
        blank |= {f"protection[{key}].roles" for key in _without_roles(regimes)}
        left = len(blank - filled.get(convention, set()))
        if left:
            missing.append((found[convention], left))
    return sorted(missing, key=lambda pair: pair[0].sort_title)


def vacancies(member: Member, *, on: date) -> list[Vacancy]:
    """Posts that the text asks of the member's own party, and that nobody holds today."""
    mine = Party.objects.filter(
        organisation=member.organisation, state__in=["signed", "in_force"], role__in=["drafter", "signatory"]
    ).select_related("convention")
    parts = {party.convention_id: party for party in mine}
    held: dict[tuple[UUID, str], int] = {}
    in_post = Referent.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on), convention__in=parts, since__lte=on
    )
    for convention, party, level in in_post.values_list("convention_id", "party_key", "level"):
        if party == parts[convention].key:
            held[convention, level] = held.get((convention, level), 0) + 1
    found = []
    for convention, posts in _newest(parts, "terms__referents"):
        for post in posts or ():
            missing = post.get("minimum", 1) - held.get((convention, post["level"]), 0)
            if post["party"] == parts[convention].key and missing > 0:
                found.append(Vacancy(convention, parts[convention].convention.title, post["level"], missing))
    return sorted(found, key=lambda one: (one.title, one.level))


def _as_party(member: Member) -> QuerySet[Convention]:
    """One join: two `filter` calls would look at two different rows of parties."""
    return Convention.objects.filter(
        parties__organisation=member.organisation, parties__role__in=["drafter", "signatory"]
    )


def _newest(conventions: Any, *paths: str) -> list[tuple[Any, ...]]:
    """Parts of the newest text of each convention, read without the rest of it."""
    versions = TermsVersion.objects.filter(convention__in=list(conventions))
    return list(
        versions.order_by("convention_id", "-number")
        .distinct("convention_id")
        .values_list("convention_id", *paths)
    )


def _without_roles(clauses: list[dict[str, Any]] | None) -> list[str]:
    return [
        clause["key"]
        for clause in clauses or ()
        if isinstance(clause.get("roles"), dict) and "blank" in clause["roles"]
    ]
