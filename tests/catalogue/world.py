"""Supports of the caisse, made by the real actions; who keeps them, who reads them."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.files.base import ContentFile

from maillage.catalogue import actions, queries
from maillage.catalogue.actions import Drafted
from maillage.catalogue.models import Support, SupportVersion
from maillage.catalogue.rules import Described, Span
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.documents.actions import store_upload
from tests.days import today
from tests.documents.builders import pdf
from tests.referrals.world import READER, STRANGER, WORKER, member

KEEPER = READER  # the caisse's référente
PARTNER = "referent@ccas.example.org"
__all__ = ["KEEPER", "PARTNER", "STRANGER", "WORKER", "member"]
LINK = "https://www.example.org/essai"
LEAFLET = Described(
    "leaflet", "Demander la C2S", "Explique la demande en deux pages.", ("publics",), ("fr", "ar"), ("c2s",)
)


def add(described: Described = LEAFLET, *, by: str = KEEPER) -> UUID:
    """A support of which nothing is published."""
    with member(by) as keeper:
        return actions.create(new_id=uuid7(), described=described, by=keeper, at=now())


def draft(
    support: UUID, label: str = "1", *, link: str = LINK, file: bytes | None = None, by: str = KEEPER
) -> UUID:
    """A version to come: a link, or a file."""
    with member(by) as keeper:
        document = None
        if file is not None:
            deposited = ContentFile(file, name="depose.pdf")
            document = store_upload(
                file=deposited, organisation=keeper.organisation, readers=(), by=keeper, at=now()
            ).id
        drafted = Drafted(label, link="" if document else link, document=document)
        row = Support.objects.get(id=support)
        return actions.prepare(new_id=uuid7(), support=row, drafted=drafted, by=keeper, at=now())


def publish(
    version: UUID,
    first: date | None = None,
    last: date | None = None,
    *,
    by: str = KEEPER,
    at: datetime | None = None,
) -> None:
    """From a day to a day; without any, from today on."""
    with member(by) as keeper:
        row = queries.version_of(keeper, version)
        actions.publish(version=row, span=Span(first or today(), last), by=keeper, at=at or now())


def published(
    label: str = "1",
    *,
    last: date | None = None,
    described: Described = LEAFLET,
    file: bytes | None = None,
    by: str = KEEPER,
) -> tuple[UUID, UUID]:
    """A support and its current version."""
    support = add(described, by=by)
    version = draft(support, label, file=file, by=by)
    publish(version, last=last, by=by)
    return support, version


def published_file() -> tuple[UUID, UUID]:
    """The same with a small PDF."""
    return published(file=pdf())


def withdraw(version: UUID, reason: str = "Le plafond a changé", instead: UUID | None = None) -> None:
    """Everywhere, from now on."""
    with member(KEEPER) as keeper:
        row = queries.version_of(keeper, version)
        actions.withdraw(version=row, reason=reason, instead=instead, by=keeper, at=now())


def ended(version: UUID, days: int = 1) -> None:
    """Publish a draft as of forty days ago, for days that ended so many days ago: nobody acts since."""
    began, last = timedelta(days=40), timedelta(days=days)
    publish(version, today() - began, today() - last, at=now() - began)


def code_of(support: UUID) -> str:
    """The code of its printed address."""
    with member(KEEPER):
        return Support.objects.get(id=support).code


def states(support: UUID) -> dict[str, str]:
    """The state of each version, by its label."""
    with member(KEEPER):
        return dict(SupportVersion.objects.filter(support=support).values_list("label", "state"))
