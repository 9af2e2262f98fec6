"""What is open between organisations now, and what the life of a convention closes: read from conventions, never decided here.

What is open is what `Authorisation` rows say by the database's clock; the texts explain it. What each text says of a person's
situation is the router's, and `proposing` joins both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.db.models.functions import Now

from maillage.cases.models import Authorisation
from maillage.catalogue.services import SERVICES, service_name
from maillage.conventions.lifecycle.loaded import ConventionText
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.referents.models import Referent
from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.blanks import BlankReason
from maillage.conventions.terms.data_roles import ASKED_ROLES, roles_of
from maillage.conventions.terms.flows import DataNature, Flow
from maillage.conventions.terms.parties import BodyKind
from maillage.organisations.member import Member

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
    """Why a service that a convention names cannot be reached from here now, whatever the person's situation."""

    NOT_SIGNED = "not_signed"
    NOT_YET = "not_yet"
    ENDED = "ended"
    CLOSED = "closed"
    NO_ROLES = "no_roles"


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
    roles: DataRoles = DataRoles()


def opened_for(member: Member) -> list[Authorisation]:
    """What the member's organisation may refer under now, by the database's clock: not what carries applications for rights."""
    return list(
        Authorisation.objects.filter(sender=member.organisation, rights=[], open_during__contains=Now())
        .select_related("recipient")
        .order_by("service", "recipient__sort_name", "id")
    )


def is_by_appointment(terms: Terms, service: str) -> bool:
    """Whether a service is that of a seconded agent: one books an appointment with her, nobody is referred to her."""
    return any(one.secondment is not None for one in terms.services if one.key == service)


def open_route(row: Authorisation, convention: ConventionText, terms: Terms) -> OpenRoute:
    """An open authorisation as the text of its convention explains it."""
    flow = flow_of(terms, row.flow_key)
    known = SERVICES.get(row.service)
    return OpenRoute(
        authorisation=row.id,
        convention=row.convention_id,
        convention_title=convention.row.title,
        article=row.article,
        service=row.service,
        name=service_label(terms, row.service),
        purpose=known.purpose if known else (flow.label if flow else ""),
        recipient=row.recipient_id,
        recipient_name=row.recipient.name,
        recipient_kind=row.recipient.kind,
        roles=data_roles(terms, row.flow_key),
    )


def concerns(flow: Flow, party: str, terms: Terms) -> bool:
    """Whether a party sends this flow, itself or by one of its services, or proposes it to the person."""
    belongs = {third.key: third.of for third in terms.third_parties}
    return (
        flow.service is not None
        and not flow.rights
        and not is_by_appointment(terms, flow.service)
        and flow.data is not DataNature.AGGREGATE
        and (belongs.get(flow.sender, flow.sender) == party or party in flow.proposed_by)
    )


def closed_route(
    convention: Convention, terms: Terms, flow: Flow, closure: Closure, day: date | None
) -> ClosedRoute:
    """A flow that is closed, as the text of its convention names it."""
    return ClosedRoute(
        convention=convention.id,
        convention_title=convention.title,
        flow_key=flow.key,
        article=flow.article,
        quote=flow.quote or "",
        name=service_label(terms, flow.service or "", else_named=flow.label),
        recipient_key=flow.recipient,
        recipient_name=short_name(terms, flow.recipient),
        closure=closure,
        day=day,
        roles=data_roles(terms, flow.key) if closure is Closure.NO_ROLES else DataRoles(),
    )


def closed_by_its_life(convention: Convention, at: datetime) -> tuple[Closure | None, date | None]:
    """Why nothing leaves under a convention at an instant, and since or until which day; None when it is in force."""
    during = convention.in_force
    if convention.state in _UNSIGNED:
        return Closure.NOT_SIGNED, None
    upper = during.upper if during else None
    if convention.state == "ended" or (upper is not None and upper <= at):
        return Closure.ENDED, _last_day(upper, convention) if upper else convention.ends_on
    if convention.state == "signed":
        return Closure.NOT_YET, convention.starts_on
    return None, None


def _last_day(upper: datetime, convention: Convention) -> date:
    """The last day in force where the caisse is: the bound is the first instant no longer in force."""
    return (upper - timedelta(microseconds=1)).astimezone(ZoneInfo(convention.time_zone)).date()


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
    if flow is None:
        return DataRoles(question=ASKED_ROLES, why=BlankReason.SILENT.label)
    found = roles_of(terms, flow)
    if isinstance(found, Blank):
        return DataRoles(question=found.asked, why=found.why.label, article=found.article or "")
    names = party_names(terms)
    return DataRoles(
        controllers=tuple(names.get(key, key) for key in found.controllers),
        processors=tuple(names.get(key, key) for key in found.processors),
    )


def flow_of(terms: Terms, key: str) -> Flow | None:
    """The flow of this key."""
    return next((flow for flow in terms.flows if flow.key == key), None)


_KINDS: Final = {kind.value: kind.label for kind in BodyKind}


def party_names(terms: Terms) -> Mapping[str, str]:
    """The name of each party and third party; one that is not filled in yet keeps its key."""
    named = {party.key: party.name for party in terms.parties} | {
        third.key: third.name for third in terms.third_parties
    }
    return {key: key if isinstance(name, Blank) else name for key, name in named.items()}


def short_name(terms: Terms, key: str) -> str:
    """The short name of a party, else its name; a body that the text leaves to its local conventions is said by its kind."""
    short = {party.key: party.short_name for party in terms.parties}.get(key)
    found = short or party_names(terms).get(key, key)
    return _KINDS.get(key, key) if found == key else found


def service_label(terms: Terms, key: str, *, else_named: str = "") -> str:
    """The name of a service on screen: the text's, else the catalogue's, else `else_named`: a framework leaves its services to others."""
    named = next((service.label for service in terms.services if service.key == key), "")
    return service_name(key, named or ("" if key in SERVICES else else_named))
