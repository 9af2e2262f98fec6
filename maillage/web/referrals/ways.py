"""The routes of a situation beside those that are sent: what is missing, other ways with the words to say, what is closed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.urls import reverse

from maillage.conventions.referents.models import Referent
from maillage.conventions.terms import PERSON
from maillage.conventions.terms.flows import ChannelKind
from maillage.referrals.advising import TOLD
from maillage.referrals.proposing import Proposal, Standing
from maillage.referrals.routing.conditions import Verdict
from maillage.referrals.routing.router import Route, said
from maillage.referrals.routing.router import Way as RouteWay
from maillage.web.conventions.reading.values import article_words
from maillage.web.presentation.components import Refusal
from maillage.web.presentation.numbers import counted
from maillage.web.referrals.refusals import CHANNELS, contact, refusal, titled, unmet, with_article


@dataclass(frozen=True, slots=True)
class OtherWay:
    """A way that is not a referral sent here: how to take it, what the text asks and is met or `missing`, where it says so.

    `advise_url`: what to tell her, where it is hers to take; empty otherwise.
    """

    title: str
    how: str
    met: tuple[str, ...]
    missing: tuple[str, ...]
    article: str
    conventions: tuple[str, ...]
    contact: str
    advise_url: str = ""

    @property
    def source(self) -> str:
        """Where it is written: the first convention, and how many others."""
        others = len(self.conventions) - 1
        first = f"{self.article} de la convention « {self.conventions[0]} »"
        return first + (f", et {counted(others, 'autre')}" if others else "")


@dataclass(frozen=True, slots=True)
class Ways:
    """All that a situation has beside what may be sent, in the order in which it is read.

    `awaits`: a referral could be sent from here once an answer is given.
    """

    incomplete: list[OtherWay]
    others: list[OtherWay]
    told: list[OtherWay]
    closed: list[Refusal]
    awaits: bool

    @property
    def told_by(self) -> str:
        """The one convention that names all the services of which to tell her; empty when there are several."""
        titles = {one.conventions for one in self.told}
        return next(iter(titles))[0] if len(titles) == 1 and len(next(iter(titles))) == 1 else ""


def ways_of(proposals: Iterable[Proposal], referents: list[Referent]) -> Ways:
    """What is shown around the services that are open; the same way by several conventions is shown once."""
    incomplete, others, told, closed = [], [], [], []
    awaits = False
    for one in proposals:
        route = one.route
        if one.standing is Standing.CLOSED or route is None:
            closed.append(refused_way(one, referents))
        elif route.way is RouteWay.INFORMATION:
            told.append(_way(one, route, referents))
        elif one.standing is Standing.INCOMPLETE:
            awaits = awaits or one.opened is not None
            incomplete.append(_way(one, route, referents))
        elif not one.is_sendable:
            others.append(_way(one, route, referents))
    return Ways(_once(incomplete), _once(others), _once(told), closed, awaits)


def refused_way(proposal: Proposal, referents: list[Referent]) -> Refusal:
    """Why a route cannot be taken: by the life of its convention, else by what its text asks."""
    return refusal(proposal.closed, referents) if proposal.closed else unmet(proposal, referents)


def _way(proposal: Proposal, route: Route, referents: list[Referent]) -> OtherWay:
    return OtherWay(
        title=titled(proposal),
        how=_how(route, proposal.via),
        met=tuple(met(route)),
        missing=tuple(with_article(one) for one in route.openings()),
        article=article_words(route.article),
        conventions=(proposal.convention_title,),
        contact=contact(proposal, referents),
        advise_url=reverse("referrals:advise", args=[proposal.convention, route.key])
        if route.way in TOLD
        else "",
    )


def met(route: Route) -> Iterator[str]:
    """The conditions that the text asks and that are met, each with its article."""
    for requirement in route.requirements:
        for one in requirement.conditions:
            if one.verdict is Verdict.MET:
                yield f"{said(requirement.group, one.label)} ({article_words(one.article)})"


def _how(route: Route, via: str) -> str:
    """What one does, in a sentence; nothing for a referral that is sent from here."""
    channels = " ou ".join(dict.fromkeys(CHANNELS[channel.kind] for channel in route.channels))
    return {
        RouteWay.PHONE: f"Cette orientation ne s’écrit pas : {_call(route)}.",
        RouteWay.AGENT: f"Passez par un agent ({via}) : il la met en relation avec ce service.",
        RouteWay.PERSON: "La convention prévoit que la personne fasse elle-même cette démarche : accompagnez-la.",
        RouteWay.OTHER: f"La convention prévoit une autre voie que Maillage : {channels}.",
    }.get(route.way, "")


def _call(route: Route) -> str:
    """Who calls, as the card says it: the person where the text has her call, else whoever refers."""
    line = next((channel for channel in route.channels if channel.kind is ChannelKind.PHONE), None)
    who, call, say = (
        ("la personne", "appelle", "dit")
        if route.flow is not None and route.flow.sender == PERSON
        else ("vous", "appelez", "dites")
    )
    if line is None:
        return f"{who} {call} le service"
    return f"{who} {call} le {line.number}" + (f" et {say} « {line.words} »" if line.words else "")


def _once(ways: list[OtherWay]) -> list[OtherWay]:
    """The same way said by several conventions, with all its sources; the first few are named."""
    found: dict[tuple[object, ...], OtherWay] = {}
    for one in ways:
        same = (one.title, one.how, one.met, one.missing)
        known = found.get(same)
        found[same] = one if known is None else _with_source(known, one)
    return list(found.values())


def _with_source(known: OtherWay, other: OtherWay) -> OtherWay:
    return replace(known, conventions=(*known.conventions, *other.conventions))
