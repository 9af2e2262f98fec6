"""The directory as a member reads it: everybody who works here reads all of it. Each question has an index of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from maillage.core.text import words_key
from maillage.organisations.base import Organisation
from maillage.organisations.directory.models import Mailbox, Offer
from maillage.organisations.directory.rules import LEVELS
from maillage.organisations.member import Member
from maillage.organisations.territories import zones_of, zones_of_departement

PAGE_SIZE: Final = 50
LAST_PAGE: Final = 400
_MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Search:
    """What the list is limited to; empty values limit nothing."""

    text: str = ""
    kind: str = ""
    departement: str = ""
    commune: str = ""
    service: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the list."""

    rows: list[Organisation]
    number: int
    has_next: bool


def visible_to(member: Member) -> QuerySet[Organisation]:
    """Every organisation: the directory is read by whoever works for one of them."""
    del member
    return Organisation.objects.all()


def search(member: Member, wanted: Search, page: int, *, on: date) -> Found:
    """One page of organisations by name; closed ones only when they are asked for."""
    number = min(max(page, 1), LAST_PAGE)
    first = (number - 1) * PAGE_SIZE
    found = _limited(visible_to(member), wanted, on).only(
        "id",
        "kind",
        "name",
        "short_name",
        "departement",
        "commune",
        "mailbox",
        "phone",
        "assured_on",
        "closed_on",
    )
    rows = list(found.order_by("sort_name", "id")[first : first + PAGE_SIZE + 1])
    return Found(rows[:PAGE_SIZE], number, len(rows) > PAGE_SIZE and number < LAST_PAGE)


def _limited(found: QuerySet[Organisation], wanted: Search, on: date) -> QuerySet[Organisation]:
    words = words_key(wanted.text).split()[:_MOST_WORDS]
    if words:
        # Lexemes as they are stored, each the start of a word; only letters and digits are left in them.
        query = " & ".join(f"'{word}':*" for word in words)
        found = found.filter(
            RawSQL("organisations_organisation.words @@ %s::tsquery", [query], BooleanField())
        )
    elif wanted.text.strip():
        return found.none()
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.departement:
        found = found.filter(departement=wanted.departement)
    if wanted.commune:
        found = found.filter(covers__overlap=list(zones_of(wanted.commune)))
    if wanted.service:
        offers = Offer.objects.filter(organisation=OuterRef("pk"), service=wanted.service, withdrawn_on=None)
        found = found.filter(Exists(offers))
    return found if wanted.closed else found.filter(still_open(on))


def still_open(on: date, prefix: str = "") -> Q:
    """Organisations that act on that day."""
    return Q(**{f"{prefix}closed_on": None}) | Q(**{f"{prefix}closed_on__gt": on})


def units_of(organisation: Organisation, *, on: date, most: int = 200) -> list[Organisation]:
    """What stands right beneath it: regional and local units, a hospital's PASS."""
    return list(
        Organisation.objects.filter(still_open(on), parent=organisation)
        .only("id", "kind", "name", "departement")
        .order_by("sort_name", "id")[:most]
    )


def above(organisation: Organisation, *, most: int = 8) -> list[Organisation]:
    """Those that it belongs to, the nearest first."""
    found: list[Organisation] = []
    current = organisation
    while current.parent_id is not None and len(found) < most:
        parent = Organisation.objects.only("id", "name", "parent_id").get(pk=current.parent_id)
        if parent.pk in {organisation.pk, *(one.pk for one in found)}:
            break
        found.append(parent)
        current = parent
    return found


def offers_of(organisation: UUID) -> list[Offer]:
    """The offers of an organisation that were not withdrawn."""
    return list(
        Offer.objects.filter(organisation=organisation, withdrawn_on=None)
        .select_related("assured_by")
        .order_by("service", "place", "id")
    )


def mailboxes_of(organisation: UUID) -> list[Mailbox]:
    """The mailboxes of an organisation that were not withdrawn, by use, the widest first."""
    rows = (
        Mailbox.objects.filter(organisation=organisation, withdrawn_on=None)
        .select_related("assured_by")
        .order_by("use", "address", "id")
    )
    return sorted(rows, key=lambda one: (one.use, _width(one)))


def offers_for(zones: Iterable[str], *, on: date, most: int = 400) -> list[Offer]:
    """Who serves these zones (`zones_of` a commune), each offer with its organisation; the narrowest territory first."""
    wanted = list(zones)
    rows = (
        Offer.objects.filter(still_open(on, "organisation__"), covers__overlap=wanted, withdrawn_on=None)
        .select_related("organisation", "assured_by")
        .order_by("service", "organisation__sort_name", "place", "id")[:most]
    )
    return sorted(rows, key=lambda one: (one.service, _rank(one.covers, wanted)))


def cascade(use: str, zones: Iterable[str], *, on: date) -> list[Mailbox]:
    """To whom one writes for a use and a commune: the widest box first, then the correspondents beneath it (row B3)."""
    wanted = list(zones)
    rows = (
        Mailbox.objects.filter(
            still_open(on, "organisation__"), use=use, covers__overlap=wanted, withdrawn_on=None
        )
        .select_related("organisation", "assured_by")
        .order_by("organisation__sort_name", "address", "id")
    )
    return sorted(rows, key=lambda one: (_width(one), -_rank(one.covers, wanted)))


def bodies_of_kind(
    kinds: Iterable[str], zones: Iterable[str], *, on: date, most: int = 40
) -> list[Organisation]:
    """Organisations of these kinds that serve these zones."""
    return list(
        Organisation.objects.filter(
            still_open(on), kind__in=list(kinds), covers__overlap=list(zones)
        ).order_by("kind", "sort_name", "id")[:most]
    )


def zones_for(place: str) -> tuple[str, ...]:
    """The zones of a commune or of a département by its code; empty for an unknown one."""
    return zones_of(place) or zones_of_departement(place)


def _rank(covers: Iterable[str], wanted: list[str]) -> int:
    """How narrow a territory is around the place: 0 for the commune itself."""
    return min((wanted.index(zone) for zone in covers if zone in wanted), default=len(wanted))


def _width(row: Mailbox) -> int:
    return [level.value for level in LEVELS].index(row.level)
