"""The router: which routes a convention gives to a situation, open or not, and what would open the others.

It reads the text and nothing else: whether the convention is in force, and between which organisations, is what its life
says (`maillage.referrals.routes`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from maillage.catalogue.facts import FACTS, Fact
from maillage.conventions.terms import PERSON, Blank, OptionalClause, Terms
from maillage.conventions.terms.flows import Channel, ChannelKind, DataNature, Flow
from maillage.conventions.terms.services import Service
from maillage.referrals.routing.conditions import (
    Asked,
    Group,
    Needed,
    Requirement,
    Verdict,
    asked_for,
    needed_items,
)
from maillage.referrals.routing.situation import Situation


class Way(StrEnum):
    """How one takes a route."""

    PLATFORM = "platform"  # a referral sent here
    AGENT = "agent"  # through an agent of another party
    PHONE = "phone"  # a call, with the words to say
    PERSON = "person"  # the person goes there herself
    INFORMATION = "information"  # the text names a service and no way to it: she is told that it exists
    OTHER = "other"  # another tool, paper, a generic box
    UNKNOWN = "unknown"  # the text does not say


class Obstacle(StrEnum):
    """What in the text itself keeps a route closed, whoever the person is."""

    NOT_CHOSEN = "not_chosen"
    CHANNEL_UNKNOWN = "channel_unknown"


@dataclass(frozen=True, slots=True)
class Opening:
    """Something that would open a route: what, and the article that asks it. `answer` is unknown and may be given."""

    text: str
    article: str
    answer: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask next: a fact of the catalogue, or a line of the text whose answer goes under its id."""

    id: str
    text: str
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One route of a convention for one situation; no flow where the text names the service alone."""

    flow: Flow | None
    service: Service
    way: Way
    channels: tuple[Channel, ...]
    obstacles: tuple[Obstacle, ...]
    requirements: tuple[Requirement, ...]
    verdict: Verdict

    @property
    def is_open(self) -> bool:
        """Whether it may be taken now: everything that the text asks is met."""
        return self.verdict is Verdict.MET

    @property
    def key(self) -> str:
        """Where the text says it: a flow, else a service."""
        return f"flows.{self.flow.key}" if self.flow else f"services.{self.service.key}"

    @property
    def label(self) -> str:
        """Its name on screen."""
        return self.flow.label if self.flow else self.service.label

    @property
    def article(self) -> str:
        """The article that gives it."""
        return self.flow.article if self.flow else self.service.article

    def openings(self) -> tuple[Opening, ...]:
        """What would open it: answers that are missing, conditions that are not met, choices left to the parties."""
        return tuple(_openings(self))


@dataclass(frozen=True, slots=True)
class _Ready:
    """A route made ready once for every situation; `senders` are the parties and services that may take it."""

    flow: Flow | None
    service: Service
    senders: frozenset[str]
    way: Way
    channels: tuple[Channel, ...]
    obstacles: tuple[Obstacle, ...]
    publics: tuple[Needed, ...]
    needed: tuple[Needed, ...]

    def of(self, situation: Situation) -> Route:
        """The route as it stands for a situation."""
        requirements = [one.of(situation) for one in self.needed]
        if self.publics:
            requirements.insert(0, _best([one.of(situation) for one in self.publics]))
        verdicts = {one.verdict for one in requirements}
        if self.obstacles or Verdict.NOT_MET in verdicts:
            verdict = Verdict.NOT_MET
        else:
            verdict = Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else Verdict.MET
        return Route(
            self.flow,
            self.service,
            self.way,
            self.channels,
            self.obstacles,
            tuple(requirements),
            verdict,
        )


_ORDER: Final = {Verdict.MET: 0, Verdict.UNKNOWN: 1, Verdict.NOT_MET: 2}


def _best(found: list[Requirement]) -> Requirement:
    """The person belongs to one of the publics: the nearest to being hers is the one that is told."""
    return min(found, key=lambda one: _ORDER[one.verdict])


@dataclass(frozen=True, slots=True)
class Routing:
    """A convention ready to answer any number of situations; `is_local`: a framework's, by the local text that it carries."""

    ready: tuple[_Ready, ...]
    is_local: bool = False

    def routes(self, situation: Situation) -> tuple[Route, ...]:
        """Its routes, in the order of the text; those of the situation's sender when it names one."""
        return tuple(
            [
                one.of(situation)
                for one in self.ready
                if not situation.sender or situation.sender in one.senders
            ]
        )

    def questions(self, situation: Situation) -> tuple[Question, ...]:
        """What may still decide a route that nothing closes: facts first, then lines of the text.

        Whatever only a closed route would read is not asked: a sensitive answer needs a reason.
        """
        facts: dict[str, Question] = {}
        lines: dict[str, Question] = {}
        for one in self.ready:
            if situation.sender and situation.sender not in one.senders:
                continue
            if one.of(situation).verdict is not Verdict.UNKNOWN:
                continue
            for asked in _undecided(one, situation):
                facts |= {
                    key: Question(key, FACTS[key].question, FACTS[key]) for key in asked.missing(situation)
                }
                if asked.when is None:
                    lines[asked.id] = Question(asked.id, asked.results[None].label)
        return (*facts.values(), *lines.values())


def _undecided(one: _Ready, situation: Situation) -> Iterator[Asked]:
    for needed in (*one.publics, *one.needed):
        if needed.of(situation).verdict is Verdict.UNKNOWN:
            yield from (asked for asked in needed.asked if asked.of(situation) is None)


def routing_of(terms: Terms) -> Routing:
    """A convention made ready. A framework without a route of its own is read through the local text that it carries."""
    ready = tuple(_all_ready(terms))
    if not ready and terms.local_template is not None:
        return Routing(tuple(_all_ready(terms.local_template)), is_local=True)
    return Routing(ready)


def sequels_of(terms: Terms) -> Routing:
    """The ways by which whoever works a case forwards it: flows to another service, those that carry on another flow too.

    A flow that carries on another (`forwards`) asks what that one asks, besides what is its own.
    """
    flows = {flow.key: flow for flow in terms.flows}
    services = {service.key: service for service in terms.services}
    found = []
    for flow in terms.flows:
        if flow.service is None or flow.data is not DataNature.NOMINATIVE or flow.rights:
            continue
        service = services[flow.service]
        carried_on = flows.get(flow.forwards) if flow.forwards else None
        if carried_on is None and not _is_route(flow, service, terms):
            continue
        one = _ready(service, flow, _senders(flow, terms), terms)
        more = tuple(_needed_by(carried_on)) if carried_on else ()
        found.append(replace(one, needed=(*one.needed, *more)))
    return Routing(tuple(found))


def applications_of(terms: Terms) -> Routing:
    """The ways by which a party sends files of rights: nobody is referred by them, a caisse redirects to them."""
    services = {service.key: service for service in terms.services}
    return Routing(
        tuple(
            _ready(services[flow.service], flow, _senders(flow, terms), terms)
            for flow in terms.flows
            if flow.service is not None and flow.rights and way_of(flow) is Way.PLATFORM
        )
    )


def _all_ready(terms: Terms) -> Iterator[_Ready]:
    services = {service.key: service for service in terms.services}
    for flow in terms.flows:
        if flow.service is not None and _is_route(flow, services[flow.service], terms):
            yield _ready(services[flow.service], flow, _senders(flow, terms), terms)
    led_to = {flow.service for flow in terms.flows if flow.data is not DataNature.AGGREGATE}
    for service in terms.services:
        if service.key not in led_to and service.secondment is None:
            telling = frozenset(party.key for party in terms.parties) - set(service.debtors)
            yield _ready(service, None, telling, terms)


def _is_route(flow: Flow, service: Service, terms: Terms) -> bool:
    """Whether a person's situation may take this flow: about her, for a service, and not the sequel of another flow.

    An appointment with a seconded agent is booked in her agenda, nobody is referred to it; a flow from whoever renders the
    service to another party gives it (rights consulted, progress), nobody is referred to that party; what a flow with rights
    carries is an application.
    """
    if flow.data is DataNature.AGGREGATE or flow.rights:
        return False
    if flow.forwards is not None or service.secondment is not None:
        return False
    parties = {party.key for party in terms.parties}
    gives = flow.sender in service.debtors and flow.recipient not in service.debtors
    return not (gives and {flow.sender, flow.recipient} <= parties)


def _senders(flow: Flow, terms: Terms) -> frozenset[str]:
    """Who may take it: its sender, or who proposes it to the person; a service acts for its party too."""
    belongs = {third.key: third.of for third in terms.third_parties if third.of}
    acting = {*flow.proposed_by} if flow.sender == PERSON else {flow.sender, *flow.proposed_by}
    return frozenset(acting | {belongs[key] for key in acting if key in belongs})


def _ready(service: Service, flow: Flow | None, senders: frozenset[str], terms: Terms) -> _Ready:
    way = way_of(flow) if flow else Way.INFORMATION
    channels = flow.channels if flow and not isinstance(flow.channels, Blank) else ()
    return _Ready(
        flow,
        service,
        senders,
        way,
        channels,
        tuple(_obstacles(way, [service, *([flow] if flow else [])])),
        tuple(_publics(service.key, terms)),
        tuple(_needed(service, flow)),
    )


def way_of(flow: Flow) -> Way:
    """How a flow is taken: here when the text admits it, else by whom or by what it names."""
    if isinstance(flow.channels, Blank):
        return Way.UNKNOWN
    kinds = {channel.kind for channel in flow.channels}
    if ChannelKind.PLATFORM in kinds:
        return Way.PLATFORM
    if ChannelKind.AGENT in kinds:
        return Way.AGENT
    if ChannelKind.PHONE in kinds:
        return Way.PHONE
    if flow.sender == PERSON or kinds == {ChannelKind.PERSON}:
        return Way.PERSON
    return Way.UNKNOWN if kinds == {ChannelKind.TO_AGREE} else Way.OTHER


def _obstacles(way: Way, clauses: Iterable[OptionalClause]) -> Iterator[Obstacle]:
    if any(clause.optional and not clause.chosen for clause in clauses):
        yield Obstacle.NOT_CHOSEN
    if way is Way.UNKNOWN:
        yield Obstacle.CHANNEL_UNKNOWN


def _publics(service: str, terms: Terms) -> Iterator[Needed]:
    """The publics of a service: those that name it, else those that name none."""
    named = [public for public in terms.public if service in public.services]
    for public in named or [public for public in terms.public if not public.services]:
        if public.criteria:
            prefix = f"public.{public.key}.criteria"
            yield needed_items(Group.PUBLIC, prefix, public.criteria, article=public.article)


def _needed(service: Service, flow: Flow | None) -> Iterator[Needed]:
    path = f"services.{service.key}"
    if any(motive.when for motive in service.motives):
        yield needed_items(
            Group.MOTIVES, f"{path}.motives", service.motives, article=service.article, at_least=1
        )
    rules = service.eligibility
    if rules is not None:
        groups = (
            (Group.CONDITIONS, rules.conditions, None),
            (Group.ITEMS, rules.items, rules.at_least),
            (Group.EXCLUSIONS, rules.exclusions, None),
        )
        for group, items, at_least in groups:
            if items:
                yield needed_items(group, f"{path}.{group}", items, article=rules.article, at_least=at_least)
    if flow is not None:
        yield from _needed_by(flow)


def _needed_by(flow: Flow) -> Iterator[Needed]:
    path = f"flows.{flow.key}"
    if flow.situations:
        yield needed_items(
            Group.SITUATIONS, f"{path}.situations", flow.situations, article=flow.article, at_least=1
        )
    if flow.criteria or flow.conditions:
        said = needed_items(Group.CRITERIA, f"{path}.criteria", flow.criteria, article=flow.article)
        words = tuple(
            asked_for(f"{path}.conditions.{number}", text, flow.article, None, Group.CRITERIA)
            for number, text in enumerate(flow.conditions)
        )
        yield Needed(said.group, said.article, None, (*said.asked, *words), said.verdict_of)


def _openings(route: Route) -> Iterator[Opening]:
    if Obstacle.NOT_CHOSEN in route.obstacles:
        yield Opening("Que les parties retiennent cette option.", route.article, answer=False)
    if Obstacle.CHANNEL_UNKNOWN in route.obstacles:
        blank = route.flow.channels if route.flow and isinstance(route.flow.channels, Blank) else None
        what = f"remplissent : {blank.asked}" if blank else "conviennent du canal"
        article = (blank.article if blank else None) or route.article
        yield Opening(f"Que les parties {what}.", article, answer=False)
    for requirement in route.requirements:
        if requirement.verdict is Verdict.MET:
            continue
        left = [one for one in requirement.conditions if one.verdict is not Verdict.MET]
        if requirement.at_least is not None:
            yield _one_of(requirement, [one.label for one in left])
        else:
            yield from (
                Opening(said(requirement.group, one.label), one.article, one.verdict is Verdict.UNKNOWN)
                for one in left
            )


def said(group: Group, label: str) -> str:
    """A condition as something to be true: an exclusion is one that does not concern her."""
    return f"Que ceci ne la concerne pas : {label}" if group is Group.EXCLUSIONS else label


def _one_of(requirement: Requirement, labels: Iterable[str]) -> Opening:
    number = requirement.at_least or 1
    said = "L’une de ces situations" if number == 1 else f"{number} de ces situations au moins"
    return Opening(
        f"{said} : {' ; '.join(labels)}", requirement.article, requirement.verdict is Verdict.UNKNOWN
    )
