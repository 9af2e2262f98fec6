"""Which services an organisation may refer to now, and why each other one is closed: read from conventions, never decided here.

What is open is what `Authorisation` rows say by the database's clock; the texts of the conventions explain it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from maillage.cases.models import Authorisation
from maillage.catalogue.services import SERVICES, service_name
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load_all, visible_to
from maillage.conventions.referents.models import Referent
from maillage.conventions.terms import PERSON, Blank, Terms
from maillage.conventions.terms.flows import Channel, ChannelKind, DataNature, Flow, Roles
from maillage.organisations.member import Member

CLOSED_PAGE: Final = 20
"""Conventions looked through at once for what they close; most partners have two or three."""
_LAST_PAGE: Final = 10_000
_UNSIGNED = frozenset({"draft", "proposed", "partly_signed"})


@dataclass(frozen=True, slots=True)
class DataRoles:
    """Who answers for the data of a flow, by name; or the question that the convention leaves open, and why."""

    controllers: tuple[str, ...] = ()
    processors: tuple[str, ...] = ()
    question: str = ""
    why: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class OpenRoute:
    """A service to which one may refer now, with the article that allows it."""

    authorisation: UUID
    convention: UUID
    convention_title: str
    article: str
    service: str
    name: str
    purpose: str
    recipient: UUID
    recipient_name: str
    recipient_kind: str
    roles: DataRoles


class Closure(StrEnum):
    """Why a service that a convention names cannot be reached from here now."""

    NOT_SIGNED = "not_signed"
    NOT_YET = "not_yet"
    ENDED = "ended"
    NOT_CHOSEN = "not_chosen"
    BY_PHONE = "by_phone"
    BY_PERSON = "by_person"
    OTHER_CHANNEL = "other_channel"
    CHANNEL_UNKNOWN = "channel_unknown"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ClosedRoute:
    """A service closed from here: by which clause, why, since or until when, and what the text says to do instead."""

    convention: UUID
    convention_title: str
    flow_key: str
    article: str
    quote: str
    name: str
    recipient_key: str
    recipient_name: str
    closure: Closure
    day: date | None = None
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class ClosedPage:
    """What some conventions close, and whether others follow."""

    routes: tuple[ClosedRoute, ...]
    number: int
    has_next: bool


def open_routes(member: Member, *, at: datetime) -> list[OpenRoute]:
    """The services open to the member's organisation at this instant, by the database's clock."""
    found = list(
        Authorisation.objects.filter(sender=member.organisation, open_during__contains=Now())
        .select_related("recipient")
        .order_by("service", "recipient__sort_name", "id")
    )
    texts = _texts(visible_to(member).filter(id__in={row.convention_id for row in found}), at)
    return [
        _open(row, *texts[row.convention_id])
        for row in found
        if not is_by_appointment(texts[row.convention_id][1], row.service)
    ]


def is_by_appointment(terms: Terms, service: str) -> bool:
    """Whether a service is that of a seconded agent: one books an appointment with her, nobody is referred to her."""
    return any(one.secondment is not None for one in terms.services if one.key == service)


def _open(row: Authorisation, convention: LoadedConvention, terms: Terms) -> OpenRoute:
    flow = flow_of(terms, row.flow_key)
    known = SERVICES.get(row.service)
    return OpenRoute(
        authorisation=row.id,
        convention=row.convention_id,
        convention_title=convention.row.title,
        article=row.article,
        service=row.service,
        name=_service_label(terms, row.service),
        purpose=known.purpose if known else (flow.label if flow else ""),
        recipient=row.recipient_id,
        recipient_name=row.recipient.name,
        recipient_kind=row.recipient.kind,
        roles=data_roles(terms, row.flow_key),
    )


def closed_routes(member: Member, *, at: datetime, page: int = 1) -> ClosedPage:
    """The services that conventions of the member's organisation name and that she cannot reach from here now.

    A page reads the texts of twenty conventions, in the order of their titles.
    """
    number = min(max(page, 1), _LAST_PAGE)
    first = (number - 1) * CLOSED_PAGE
    ours = Convention.objects.filter(
        parties__organisation=member.organisation, parties__role__in=["drafter", "signatory"]
    ).order_by("sort_title", "id")
    ids = list(ours.values_list("id", flat=True)[first : first + CLOSED_PAGE + 1])
    routes = _closed_by(member, visible_to(member).filter(id__in=ids[:CLOSED_PAGE]), at)
    return ClosedPage(tuple(routes), number, len(ids) > CLOSED_PAGE)


def _closed_by(member: Member, conventions: QuerySet[Convention], at: datetime) -> list[ClosedRoute]:
    opened = set(
        Authorisation.objects.filter(sender=member.organisation, open_during__contains=Now()).values_list(
            "convention_id", "flow_key"
        )
    )
    return [
        _closed(convention.row, terms, flow, at)
        for convention, terms in _texts(conventions.order_by("sort_title", "id"), at).values()
        if convention.mine is not None and convention.mine.signs
        for flow in terms.flows
        if _concerns(flow, convention.mine.key, terms) and (convention.id, flow.key) not in opened
    ]


def _concerns(flow: Flow, party: str, terms: Terms) -> bool:
    """Whether a party sends this flow, itself or by one of its services, or proposes it to the person."""
    belongs = {third.key: third.of for third in terms.third_parties}
    return (
        flow.service is not None
        and not is_by_appointment(terms, flow.service)
        and flow.data is not DataNature.AGGREGATE
        and (belongs.get(flow.sender, flow.sender) == party or party in flow.proposed_by)
    )


def _closed(convention: Convention, terms: Terms, flow: Flow, at: datetime) -> ClosedRoute:
    closure, day = _closure(convention, flow, at)
    return ClosedRoute(
        convention=convention.id,
        convention_title=convention.title,
        flow_key=flow.key,
        article=flow.article,
        quote=flow.quote or "",
        name=_service_label(terms, flow.service or ""),
        recipient_key=flow.recipient,
        recipient_name=_short_name(terms, flow.recipient),
        closure=closure,
        day=day,
        channels=() if isinstance(flow.channels, Blank) else flow.channels,
    )


def _closure(convention: Convention, flow: Flow, at: datetime) -> tuple[Closure, date | None]:
    during = convention.in_force
    if convention.state in _UNSIGNED:
        return Closure.NOT_SIGNED, None
    upper = during.upper if during else None
    if convention.state == "ended" or (upper is not None and upper <= at):
        return Closure.ENDED, _last_day(upper, convention) if upper else convention.ends_on
    if convention.state == "signed":
        return Closure.NOT_YET, convention.starts_on
    return _by_the_flow(flow), None


def _last_day(upper: datetime, convention: Convention) -> date:
    """The last day in force where the caisse is: the bound is the first instant no longer in force."""
    return (upper - timedelta(microseconds=1)).astimezone(ZoneInfo(convention.time_zone)).date()


def _by_the_flow(flow: Flow) -> Closure:
    if isinstance(flow.channels, Blank):
        return Closure.CHANNEL_UNKNOWN
    kinds = {channel.kind for channel in flow.channels}
    if ChannelKind.PHONE in kinds:
        return Closure.BY_PHONE
    if flow.sender == PERSON or kinds == {ChannelKind.PERSON}:
        return Closure.BY_PERSON
    if flow.optional and not flow.chosen:
        return Closure.NOT_CHOSEN
    return Closure.CLOSED if ChannelKind.PLATFORM in kinds else Closure.OTHER_CHANNEL


def closed_route(member: Member, authorisation: Authorisation, *, at: datetime) -> ClosedRoute | None:
    """Why this authorisation is closed now; None when it is open, or when its convention no longer names it."""
    routes = _closed_by(member, visible_to(member).filter(id=authorisation.convention_id), at)
    return next((route for route in routes if route.flow_key == authorisation.flow_key), None)


def referents_of(conventions: Iterable[UUID], *, on: date) -> list[Referent]:
    """The referents in post on a day in these conventions: functions and generic boxes, whom to call."""
    return list(
        Referent.objects.filter(
            Q(until__isnull=True) | Q(until__gte=on), convention_id__in=list(conventions), since__lte=on
        ).order_by("party_key", "level", "id")
    )


def data_roles(terms: Terms, flow_key: str) -> DataRoles:
    """Who is controller and processor for a flow (GDPR 4, 26, 28): the flow's own clause, else its protection regime.

    A blank stays a blank: it is shown with its question and why it is open (S3: annex 6 is missing), never guessed.
    """
    flow = flow_of(terms, flow_key)
    found: Roles | Blank | None = flow.roles if flow else None
    if found is None:
        found = next((regime.roles for regime in terms.protection if flow_key in regime.flows), None)
    if isinstance(found, Blank):
        return DataRoles(question=found.asked, why=found.why.label, article=found.article or "")
    if found is None:
        return DataRoles(question="Rôles des parties au regard du RGPD", why="le texte ne le dit pas")
    names = party_names(terms)
    return DataRoles(
        controllers=tuple(names.get(key, key) for key in found.controllers),
        processors=tuple(names.get(key, key) for key in found.processors),
    )


def flow_of(terms: Terms, key: str) -> Flow | None:
    """The flow of this key."""
    return next((flow for flow in terms.flows if flow.key == key), None)


def party_names(terms: Terms) -> Mapping[str, str]:
    """The name of each party and third party; one that is not filled in yet keeps its key."""
    named = {party.key: party.name for party in terms.parties} | {
        third.key: third.name for third in terms.third_parties
    }
    return {key: key if isinstance(name, Blank) else name for key, name in named.items()}


def _short_name(terms: Terms, key: str) -> str:
    short = {party.key: party.short_name for party in terms.parties}.get(key)
    return short or party_names(terms).get(key, key)


def _service_label(terms: Terms, key: str) -> str:
    if key in SERVICES:
        return service_name(key)
    return next((service.label for service in terms.services if service.key == key), service_name(key))


def _texts(conventions: QuerySet[Convention], at: datetime) -> dict[UUID, tuple[LoadedConvention, Terms]]:
    """These conventions with their consolidated text on the day of an instant, the caisse's own."""
    return {
        known.id: (known, known.terms(at.astimezone(known.zone).date())) for known in load_all(conventions)
    }
