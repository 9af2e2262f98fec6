"""What stands behind the address of a support, for whoever asks, and how often it was opened: never by whom.

Both are functions of the database: what nobody may see any more is served by no way in, whatever a page remembers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from maillage.catalogue.models import SupportCount
from maillage.catalogue.rules import is_code
from maillage.documents.actions import Description, content_of
from maillage.documents.formats.media import MediaType
from maillage.documents.models import Document
from maillage.documents.names import safe_name

RULE: Final = (
    "Une ouverture est comptée chaque fois que le fichier est demandé ou le lien suivi, par la page du support ou par l’adresse imprimée."
    " La même personne qui l’ouvre deux fois compte deux fois. Maillage garde le nombre, le jour et l’organisme, jamais la personne ni"
    " l’adresse de son appareil ; sans compte, l’organisme n’est pas connu."
)
"""The counting rule, as the page of counts prints it."""


@dataclass(frozen=True, slots=True)
class Served:
    """The current version of a support: a link, or a file."""

    support: UUID
    title: str
    link: str
    document: Document | None

    def described(self) -> Description:
        """Its file as it is named to whoever receives it: by the title, not by the name under which somebody deposited it."""
        found = self.document
        assert found is not None  # noqa: S101 - asked of a file only
        media_type = MediaType(found.media_type)
        return Description(
            id=found.id,
            name=safe_name(self.title, media_type),
            media_type=media_type.value,
            type_label=media_type.label,
            size=found.size,
            sha256=found.sha256,
            stored_at=found.created_at,
        )

    def content(self) -> Iterator[bytes]:
        """Its file, piece by piece."""
        assert self.document is not None  # noqa: S101 - asked of a file only
        return content_of(self.document)


@dataclass(frozen=True, slots=True)
class Instead:
    """What is said of a support of which nothing is current."""

    title: str
    ended_on: date | None
    starts_on: date | None
    withdrawn: bool
    other_title: str
    other_code: str


def served(code: str) -> Served | None:
    """What an address gives now, to anybody."""
    if not is_code(code):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT support, owner, title, link, document, media_type, size, sha256, wrapped_key, stored_at FROM support_served(%s)",
            [code],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    support, owner, title, link, document, media_type, size, sha256, wrapped_key, stored_at = row
    kept = document and Document(
        id=document,
        organisation_id=owner,
        media_type=media_type,
        size=size,
        sha256=sha256,
        wrapped_key=wrapped_key,
        created_at=stored_at,
    )
    return Served(support, title, link, kept or None)


def instead_of(code: str) -> Instead | None:
    """What is said where nothing is current; None for what never was published."""
    if not is_code(code):
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT title, ended_on, starts_on, withdrawn, other_title, other_code FROM support_instead(%s)",
            [code],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    title, ended_on, starts_on, withdrawn, other_title, other_code = row
    return Instead(title, ended_on, starts_on, withdrawn, other_title or "", other_code or "")


def count_opening(code: str, *, way: str) -> None:
    """One more, for the organisation that acts in this transaction, or for none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count_support(%s, %s)", [code, way])


@dataclass(frozen=True, slots=True)
class Openings:
    """How often one version was opened for one organisation (empty: without an account), by way."""

    version: UUID
    organisation: str
    by_page: int
    by_code: int

    @property
    def total(self) -> int:
        """By both ways."""
        return self.by_page + self.by_code


def tallies(support: UUID, *, since: date | None = None) -> list[Openings]:
    """The counts of a support of one's own organisation: by version and organisation, the most opened first. One query."""
    rows = SupportCount.objects.filter(version__support=support)
    if since is not None:
        rows = rows.filter(day__gte=since)
    summed: dict[tuple[UUID, str], dict[str, int]] = {}
    for version, name, way, openings in (
        rows.values_list("version", "organisation__name", "way")
        .annotate(total=Sum("openings"))
        .order_by("version", "organisation__name", "way")
    ):
        summed.setdefault((version, name or ""), {})[way] = openings
    found = [
        Openings(version, name, ways.get("page", 0), ways.get("code", 0))
        for (version, name), ways in summed.items()
    ]
    return sorted(found, key=lambda one: (-one.total, one.organisation))
