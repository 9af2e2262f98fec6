"""What awaits a member about her organisation's conventions, over several sub-rooms: signatures, dates, roles, vacancies."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from maillage.conventions.amendments.models import Amendment
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load_all, visible_to
from maillage.conventions.referents.models import Referent
from maillage.conventions.signatures.models import Signature
from maillage.conventions.terms import Blank, Terms
from maillage.organisations.member import Member

COMING_DAYS: Final = 120
_MOST: Final = 200
_SIGNABLE: Final = ("proposed", "partly_signed")
Texts = Sequence[tuple[LoadedConvention, Terms]]


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


def texts_in_force(member: Member, *, on: date) -> list[tuple[LoadedConvention, Terms]]:
    """The conventions of the member's organisation that are signed or in force, with their text of that day."""
    rows = _as_party(member).filter(state__in=["signed", "in_force"]).order_by("sort_title", "id")[:_MOST]
    return [(known, known.readable(on)) for known in load_all(rows)]


def roles_to_fill(texts: Texts) -> list[tuple[Convention, int]]:
    """Conventions of which flows or regimes lack their roles under the GDPR, and how many lack them."""
    missing = []
    for known, terms in texts:
        roles = [flow.roles for flow in terms.flows] + [regime.roles for regime in terms.protection]
        missing.append((known.row, sum(isinstance(one, Blank) for one in roles)))
    return [(row, count) for row, count in missing if count]


def vacancies(texts: Texts, *, on: date) -> list[Vacancy]:
    """Posts that the text asks of the member's own party, and that nobody holds today."""
    in_post = Referent.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on),
        convention__in=[known.id for known, _ in texts],
        since__lte=on,
    )
    held = Counter(in_post.values_list("convention_id", "party_key", "level"))
    found = []
    for known, terms in texts:
        for post in terms.referents:
            missing = post.minimum - held[known.id, post.party, post.level.value]
            if known.mine is not None and post.party == known.mine.key and missing > 0:
                found.append(Vacancy(known.id, known.row.title, post.level.value, missing))
    return sorted(found, key=lambda one: (one.title, one.level))


def _as_party(member: Member) -> QuerySet[Convention]:
    """One join: two `filter` calls would look at two different rows of parties."""
    return Convention.objects.filter(
        parties__organisation=member.organisation, parties__role__in=["drafter", "signatory"]
    )
