"""Which routes a situation has: what each convention in force says of it, joined with what is open between organisations now.

The router reads the texts alone (ADR 21); `Authorisation` rows and the life of a convention say what may leave today.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models.functions import Now

from maillage.cases.models import Authorisation
from maillage.conventions.lifecycle.loaded import ConventionText
from maillage.conventions.lifecycle.models import Convention, Relation
from maillage.conventions.lifecycle.queries import load_all, text_of, visible_to
from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.data_roles import roles_of
from maillage.conventions.terms.flows import Flow
from maillage.organisations.member import Member
from maillage.referrals.content import Content
from maillage.referrals.routes import (
    ClosedRoute,
    Closure,
    OpenRoute,
    closed_by_its_life,
    closed_route,
    concerns,
    open_route,
    opened_for,
    short_name,
)
from maillage.referrals.routing.conditions import Verdict
from maillage.referrals.routing.router import Question, Route, Routing, Way, routing_of
from maillage.referrals.routing.situation import Situation

PAGE: Final = 20
"""Conventions looked through at once for what they close; most partners have two or three."""
_LAST_PAGE: Final = 10_000


class Standing(StrEnum):
    """Where a route stands for a situation."""

    OPEN = "open"
    INCOMPLETE = "incomplete"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A route for a situation: what the text says (`route`), what is open here (`opened`), what its life closes (`closed`).

    `via` is who has the agent through whom it goes. `route` is None where the convention is not in force: its text is not read for anybody.
    """

    convention: UUID
    convention_title: str
    flow_key: str
    recipient_key: str
    recipient_name: str
    route: Route | None
    via: str = ""
    opened: OpenRoute | None = None
    closed: ClosedRoute | None = None

    @property
    def standing(self) -> Standing:
        """Open, waiting for an answer, or closed."""
        if self.route is None or self.closed is not None or self.route.verdict is Verdict.NOT_MET:
            return Standing.CLOSED
        return Standing.OPEN if self.route.is_open else Standing.INCOMPLETE

    @property
    def is_sendable(self) -> bool:
        """Whether a referral may be sent by it, from here, now."""
        return self.opened is not None and self.standing is Standing.OPEN


@dataclass(frozen=True, slots=True)
class Prepared:
    """A text made ready: its routes, under which key the answer to each of its own lines is kept, and the words of each."""

    routing: Routing
    keys: Mapping[str, str]
    words: Mapping[str, str]

    def answers(self, given: Mapping[str, bool]) -> dict[str, bool]:
        """The answers to this text's lines, by their ids in it."""
        return {line: given[key] for line, key in self.keys.items() if key in given}


@lru_cache(maxsize=512)
def prepared(terms: Terms) -> Prepared:
    """A text made ready, once for all who read the same."""
    return ready_to_ask(routing_of(terms))


def ready_to_ask(routing: Routing) -> Prepared:
    """Routes, with the keys and the words of the lines of their text that nobody but the sender can answer."""
    lines = {
        asked.id: asked.results[None].label
        for one in routing.ready
        for needed in (*one.publics, *one.needed)
        for asked in needed.asked
        if asked.when is None
    }
    keys = {line: answer_key(line, label) for line, label in lines.items()}
    return Prepared(routing, keys, {keys[line]: label for line, label in lines.items()})


def answer_key(line: str, label: str) -> str:
    """Where the answer to a line of a text is kept: the same line of the same words, in two conventions, is asked once.

    A line that an avenant rewrites is asked again.
    """
    return "r" + hashlib.sha256(f"{line}\0{label}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Read:
    """A convention read on its day, which of its flows are open from here, and what its life closes since or until a day.

    Not `is_whole`: only its open flows are wanted, it has its own page among the others.
    """

    known: ConventionText
    terms: Terms
    prepared: Prepared
    opened: Mapping[str, Authorisation]
    life: Closure | None
    day: date | None
    is_whole: bool = True

    @property
    def party_key(self) -> str:
        """The member's own part."""
        return self.known.mine.key if self.known.mine else ""


@dataclass(frozen=True, slots=True)
class Conventions:
    """Conventions read at one instant, for any number of situations. `page` says which ones, `has_next` whether others follow."""

    all: tuple[Read, ...]
    on: date
    page: int = 1
    has_next: bool = False

    def proposals(self, content: Content) -> list[Proposal]:
        """Every route: of each convention in force, then what the life of the others closes."""
        return [one for convention in self.all for one in _proposals(convention, content, self.on)]

    def questions(self, content: Content) -> list[Question]:
        """What may still decide a route, each thing once; a line of a text under the key of its answer."""
        found: dict[str, Question] = {}
        for convention in self.all:
            if convention.life is None:
                asked = convention.prepared.routing.questions(_situation(convention, content, self.on))
                for one in asked:
                    key = one.id if one.fact else convention.prepared.keys[one.id]
                    found.setdefault(key, replace(one, id=key))
        return [
            *(one for one in found.values() if one.fact),
            *(one for one in found.values() if not one.fact),
        ]

    def words(self) -> dict[str, str]:
        """The words of every line of these texts that an answer decides, by the key of its answer."""
        return {key: text for convention in self.all for key, text in convention.prepared.words.items()}

    def sendable(self, proposals: Iterable[Proposal]) -> list[OpenRoute]:
        """The services to which a referral may leave now, among these routes, in the order in which they are shown."""
        found = [one.opened for one in proposals if one.opened and one.is_sendable]
        return sorted(found, key=lambda one: (one.service, one.recipient_name))


def conventions_read(member: Member, *, at: datetime, page: int = 1) -> Conventions:
    """The conventions with a flow open from here, with those of one page of all the organisation's own, in nine queries or ten.

    A framework is left to the convention that applies it here, where one is in force.
    """
    number = min(max(page, 1), _LAST_PAGE)
    first = (number - 1) * PAGE
    ours = Convention.objects.filter(
        parties__organisation=member.organisation, parties__role__in=["drafter", "signatory"]
    ).order_by("sort_title", "id")
    ids = list(ours.values_list("id", flat=True)[first : first + PAGE + 1])
    opened = opened_for(member)
    shown = set(ids[:PAGE])
    wanted = {row.convention_id for row in opened} | shown
    rows = visible_to(member).filter(id__in=wanted).order_by("sort_title", "id")
    read = [replace(one, is_whole=one.known.id in shown) for one in _read(load_all(rows), opened, at)]
    applied = _applied({one.known.id for one in read if one.prepared.routing.is_local}, member)
    read = [one for one in read if one.known.id not in applied]
    return Conventions(tuple(read), _day(member, at), number, len(ids) > PAGE)


def _applied(frameworks: set[UUID], member: Member) -> set[UUID]:
    """Those of these frameworks that a convention of the member's organisation applies now."""
    if not frameworks:
        return set()
    local = Convention.objects.filter(parties__organisation=member.organisation, in_force__contains=Now())
    found = Relation.objects.filter(kind="implements", target__in=frameworks, convention__in=local)
    return set(found.values_list("target_id", flat=True))


def proposal_under(
    member: Member, allowed: Authorisation, content: Content, *, at: datetime
) -> Proposal | None:
    """A closed authorisation as its convention shows it for this content; None when the text has no such route."""
    read = _under(member, allowed, at)
    found = Conventions((read,), _day(member, at)).proposals(content) if read else []
    return next((one for one in found if one.flow_key == allowed.flow_key), None)


def route_under(member: Member, allowed: Authorisation, content: Content, *, at: datetime) -> Route | None:
    """The route of one authorisation, as the text of its convention decides it for this content; None where it has none in force.

    Whether the authorisation is open is for the database's clock to say.
    """
    read = _under(member, allowed, at)
    if read is None or read.life is not None:
        return None
    routes = read.prepared.routing.routes(_situation(read, content, _day(member, at)))
    return next((one for one in routes if one.flow and one.flow.key == allowed.flow_key), None)


def _under(member: Member, allowed: Authorisation, at: datetime) -> Read | None:
    try:
        text = text_of(allowed.convention_id, organisation=member.organisation)
    except Convention.DoesNotExist:
        return None
    return next(_read([text], [], at), None)


def _day(member: Member, at: datetime) -> date:
    return at.astimezone(ZoneInfo(member.time_zone)).date()


def _read(loaded: Iterable[ConventionText], opened: Iterable[Authorisation], at: datetime) -> Iterator[Read]:
    """Those of the conventions where the member's organisation signs, each with its text on the caisse's own day."""
    by_convention: dict[UUID, dict[str, Authorisation]] = {}
    for row in opened:
        by_convention.setdefault(row.convention_id, {})[row.flow_key] = row
    for known in loaded:
        if known.mine is not None and known.mine.signs:
            terms = known.terms(at.astimezone(known.zone).date())
            closure, day = closed_by_its_life(known.row, at)
            yield Read(known, terms, prepared(terms), by_convention.get(known.id, {}), closure, day)


def _situation(read: Read, content: Content, on: date) -> Situation:
    answers = read.prepared.answers(content.precisions.answers)
    return content.described(on=on, sender=read.party_key, answers=answers)


def _proposals(read: Read, content: Content, on: date) -> Iterator[Proposal]:
    if read.life is not None:
        for flow in read.terms.flows:
            if concerns(flow, read.party_key, read.terms):
                yield _proposal(read, None, flow, closed=(read.life, read.day))
        return
    opened = frozenset(f"flows.{key}" for key in read.opened)
    for route in read.prepared.routing.routes(_situation(read, content, on)):
        missing = route.way is Way.PLATFORM and not route.obstacles and route.key not in opened
        if read.is_whole or route.key in opened:
            yield _proposal(read, route, route.flow, closed=(_why(read, route), None) if missing else None)


def _why(read: Read, route: Route) -> Closure:
    """Why a way that the text opens is closed here: nobody has said who answers for its data, or its parties closed it."""
    flow = route.flow
    if flow is not None and isinstance(roles_of(read.terms, flow), Blank):
        return Closure.NO_ROLES
    return Closure.CLOSED


def _proposal(
    read: Read, route: Route | None, flow: Flow | None, *, closed: tuple[Closure, date | None] | None
) -> Proposal:
    row, terms = read.known.row, read.terms
    recipient = flow.recipient if flow else next(iter(route.service.debtors), "") if route else ""
    authorisation = read.opened.get(flow.key) if flow and route and route.way is Way.PLATFORM else None
    return Proposal(
        convention=row.id,
        convention_title=row.title,
        flow_key=flow.key if flow else "",
        recipient_key=recipient,
        recipient_name=short_name(terms, recipient) if recipient else "",
        route=route,
        via=next((short_name(terms, one.through) for one in route.channels if one.through), "")
        if route
        else "",
        opened=open_route(authorisation, read.known, terms) if authorisation else None,
        closed=closed_route(row, terms, flow, *closed) if flow and closed else None,
    )
