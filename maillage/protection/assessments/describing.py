"""The description of one kind of flow, from the text of the day: nothing is invented, a blank stays a blank. Pure."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Final

from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.base import article_named
from maillage.conventions.terms.blanks import Expectation
from maillage.conventions.terms.data_roles import FlowRoles, silent
from maillage.conventions.terms.flows import Flow, Roles
from maillage.conventions.terms.lawful import ASKED as BASIS
from maillage.conventions.terms.lawful import as_signed, basis_of
from maillage.conventions.terms.processings import (
    Apart,
    Processing,
    concerns,
    is_of_persons_helped,
    processings,
)
from maillage.conventions.terms.protection import ImpactAssessment, ProtectionRegime
from maillage.referrals.paper.naming import names_of, service_label

FLOW: Final = "flow-"
SERVICE: Final = "service-"
"""What the key of a processing that no clause covers begins with: no clause's own key has a hyphen."""
_Named = Callable[[Iterable[str]], str]


@dataclass(frozen=True, slots=True)
class Said:
    """One line; `asked` where the text leaves a blank or says nothing."""

    words: str
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """What is said of one point."""

    title: str
    lines: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Leaders:
    """Whom a text names for the assessment of one kind of flow; `asked` is its blank, or that it says nothing."""

    led_by: tuple[str, ...] = ()
    helped_by: tuple[str, ...] = ()
    controllers: tuple[str, ...] = ()
    article: str = ""
    asked: str = ""


def regime_named(terms: Terms, key: str) -> ProtectionRegime | None:
    """The clause of protection with this key, or what stands for the one that the text lacks."""
    return next((one for one in (*terms.protection, *_lacking(terms)) if one.key == key), None)


def assessed(terms: Terms) -> list[ProtectionRegime]:
    """The kinds of flow of a text: each clause of protection that covers data on the persons whom it is for; then each such processing
    that no clause covers."""
    return [*(one for one in terms.protection if covered(terms, one)), *_lacking(terms)]


def covered(terms: Terms, regime: ProtectionRegime) -> list[Processing]:
    """What a clause covers of data on the persons whom the text is for: exchanges, and what a party keeps of its own service."""
    found = [one for one in processings(terms) if is_of_persons_helped(one)]
    if regime.key.startswith((FLOW, SERVICE)):
        return [one for one in found if one.regime is None and _key(one) == regime.key]
    return [one for one in found if one.regime is regime]


def _lacking(terms: Terms) -> list[ProtectionRegime]:
    """For each processing that no clause covers, a clause that says its roles if they are said, and leaves the rest to be asked."""
    return [_unsaid(one) for one in processings(terms) if one.regime is None and is_of_persons_helped(one)]


def _unsaid(one: Processing) -> ProtectionRegime:
    clause = one.flow if isinstance(one, FlowRoles) else one
    return ProtectionRegime(
        key="unsaid",
        article=one.article,
        scope=clause.label,
        roles=one.roles,
        lawful_bases=silent("lawful_bases", BASIS, one.article, Expectation.LIST),
        breach=silent("breach", "Qui prévient qui d’une violation de données", one.article),
        rights_requests=silent("rights_requests", "À qui les personnes demandent leurs droits", one.article),
    ).model_copy(update={"key": _key(one)})


def _key(one: Processing) -> str:
    if isinstance(one, FlowRoles):
        return f"{FLOW}{one.flow.key}"
    return f"{SERVICE}{one.service.key if one.service else ''}"


def flows_of(found: Iterable[Processing]) -> list[Flow]:
    """The exchanges of these processings."""
    return [one.flow for one in found if isinstance(one, FlowRoles)]


def assessed_by(terms: Terms, party: str) -> list[ProtectionRegime]:
    """Those that concern a party: it has a part in the data, or the clause names it as one who answers or who leads."""
    return [
        regime
        for regime in assessed(terms)
        if any(concerns(one, party) for one in covered(terms, regime)) or party in _named_in(regime)
    ]


def _named_in(regime: ProtectionRegime) -> set[str]:
    found = leaders(regime)
    helping = regime.roles.processors if isinstance(regime.roles, Roles) else ()
    return {*found.led_by, *found.helped_by, *found.controllers, *helping}


def leaders(regime: ProtectionRegime) -> Leaders:
    """Who leads the assessment, who helps, who answers for the data."""
    clause, roles = regime.impact_assessment, regime.roles
    controllers = roles.controllers if isinstance(roles, Roles) else ()
    if isinstance(clause, ImpactAssessment):
        return Leaders(clause.led_by, clause.helped_by, controllers, clause.article)
    asked = clause.asked if isinstance(clause, Blank) else "Qui mène l’analyse d’impact"
    return Leaders((), (), controllers, "", asked)


def describe(terms: Terms, regime: ProtectionRegime, bodies: Mapping[str, str]) -> tuple[Section, ...]:
    """What the text of the day says of one kind of flow. `bodies`: the organisations behind its keys, as the directory names them."""
    names = {**names_of(terms), **bodies}

    def named(keys: Iterable[str]) -> str:
        return ", ".join("la personne elle-même" if key == "person" else names.get(key, key) for key in keys)

    found = covered(terms, regime)
    flows = flows_of(found)
    kept = [one for one in found if isinstance(one, Apart)]
    parts = {
        "Convention et portée": [Said(terms.title), Said(f"{regime.scope} ({article_named(regime.article)})")],
        "Finalité": [Said(regime.purpose)] if regime.purpose else [],
        "Échanges": [
            Said(f"{one.label} : de {named([one.sender])} à {named([one.recipient])} ({service_label(terms, one)})")
            for one in flows
        ] + [Said(f"{one.label} : {named(one.parties)} garde ces données, sans échange") for one in kept],
        "Parties et rôles": list(_roles(regime, flows, named)),
        "Données": [Said(_data(one), not one.data_fields) for one in flows]
        + [Said(f"{one.label} : données gardées (le texte ne les énumère pas)", asked=True) for one in kept],
        "Fondement": [*_basis(regime), *(Said(one) for one in regime.legal_basis)],
        "Destinataires": [Said(named([key])) for key in dict.fromkeys(one.recipient for one in flows)],
        "Voies d’échange": list(_channels(regime, flows)),
        "Information et droits des personnes": list(_rights(regime, named)),
        "Durée de conservation": list(_retention(regime)),
        "Destruction": list(_destruction(regime, named)),
        "Sous-traitance": list(_sub_processing(regime, named)),
        "Transferts hors de l’Union européenne": list(_outside(regime)),
        "Délégués à la protection des données": list(_delegates(regime, named)),
        "Qui mène l’analyse": list(_leads(leaders(regime), named)),
        "Engagements des parties": [Said(f"{named(one.debtors)} : {one.what}") for one in regime.duties],
    }  # fmt: skip
    return tuple(
        Section(title, tuple(lines) or (Said("Le texte ne le dit pas", asked=True),))
        for title, lines in parts.items()
    )


def canonical(sections: Iterable[Section]) -> str:
    """The description as it is kept, the same bytes for the same words."""
    return json.dumps(
        [asdict(one) for one in sections], sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def digest_of(description: str) -> str:
    """What tells one description from another."""
    return sha256(description.encode()).hexdigest()


def clauses_digest(terms: Terms, regime: ProtectionRegime) -> str:
    """What tells whether the clauses themselves change: neither a name of the directory nor the way of describing counts in it."""
    found = covered(terms, regime)
    services = [one.service for one in found if isinstance(one, Apart) and one.service is not None]
    written = [] if regime.key.startswith((FLOW, SERVICE)) else [as_signed(regime)]
    clauses = [
        one.model_dump(mode="json", exclude_defaults=True) for one in (*written, *flows_of(found), *services)
    ]
    return digest_of(json.dumps(clauses, sort_keys=True, ensure_ascii=False))


def read(description: str) -> tuple[Section, ...]:
    """A description as it was kept by `canonical`."""
    return tuple(
        Section(one["title"], tuple(Said(**line) for line in one["lines"])) for one in json.loads(description)
    )


def differing(kept: Iterable[Section], now: Iterable[Section]) -> tuple[str, ...]:
    """The points of which the text of the day says something else than what was kept, in its order; what it only asks is nothing said."""
    before, after = _said_in(kept), _said_in(now)
    nothing: frozenset[str] = frozenset()
    return tuple(
        title
        for title in dict.fromkeys((*after, *before))
        if before.get(title, nothing) != after.get(title, nothing)
    )


def _said_in(sections: Iterable[Section]) -> dict[str, frozenset[str]]:
    return {one.title: frozenset(line.words for line in one.lines if not line.asked) for one in sections}


def _roles(regime: ProtectionRegime, flows: Iterable[Flow], named: _Named) -> Iterator[Said]:
    for label, roles in (
        (regime.scope, regime.roles),
        *((one.label, one.roles) for one in flows if one.roles not in (None, regime.roles)),
    ):
        if isinstance(roles, Roles):
            joint = " (ensemble)" if roles.joint else ""
            helped = f" ; pour leur compte : {named(roles.processors)}" if roles.processors else ""
            yield Said(f"{label} : répond du traitement, {named(roles.controllers)}{joint}{helped}")
        elif isinstance(roles, Blank):
            yield _blank(roles)


def _basis(regime: ProtectionRegime) -> Iterator[Said]:
    bases = basis_of(regime)
    if isinstance(bases, Blank):
        yield _blank(bases)
    else:
        yield from (Said(one.words) for one in bases)


def _data(flow: Flow) -> str:
    if not flow.data_fields:
        return f"{flow.label} : données échangées (le texte ne les énumère pas)"
    return f"{flow.label} : {', '.join(key.replace('_', ' ') for key in flow.data_fields)}"


def _channels(regime: ProtectionRegime, flows: Iterable[Flow]) -> Iterator[Said]:
    if isinstance(regime.channels, Blank):
        yield _blank(regime.channels)
    elif regime.channels:
        yield Said(regime.channels)
    for one in flows:
        if isinstance(one.channels, Blank):
            yield _blank(one.channels)
        elif one.channels:
            yield Said(f"{one.label} : {', '.join(way.kind.label for way in one.channels)}")


def _rights(regime: ProtectionRegime, named: _Named) -> Iterator[Said]:
    told, asked = regime.information, regime.rights_requests
    if isinstance(told, Blank):
        yield _blank(told)
    elif told is not None:
        yield Said(f"Informées par {named(told.by)} : {told.when} ({article_named(told.article)})")
    if isinstance(asked, Blank):
        yield _blank(asked)
    else:
        rights = ", ".join(one.label for one in asked.rights) or "droits que le texte n’énumère pas"
        yield Said(
            f"Demandes adressées à {named(asked.addressees)} : {rights} ({article_named(asked.article)})"
        )


def _retention(regime: ProtectionRegime) -> Iterator[Said]:
    kept = regime.retention
    if isinstance(kept, Blank):
        yield _blank(kept)
    elif kept is not None:
        yield Said(f"{kept.delay.label()} à compter de : {kept.start} ({article_named(kept.article)})")


def _destruction(regime: ProtectionRegime, named: _Named) -> Iterator[Said]:
    gone = regime.destruction
    if isinstance(gone, Blank):
        yield _blank(gone)
    elif gone is not None:
        yield Said(f"Par {named(gone.by)} : {gone.what}. {gone.when} ({article_named(gone.article)})")


def _sub_processing(regime: ProtectionRegime, named: _Named) -> Iterator[Said]:
    clause = regime.sub_processing
    if isinstance(clause, Blank):
        yield _blank(clause)
    elif clause is not None:
        who = named(clause.prior_authorisation_by)
        yield Said(f"Avec l’autorisation préalable de {who} ({article_named(clause.article)})")


def _outside(regime: ProtectionRegime) -> Iterator[Said]:
    outside = regime.outside_union
    if isinstance(outside, Blank):
        yield _blank(outside)
    elif outside is not None:
        guarantees = f", garanties : {outside.guarantees}" if outside.guarantees else ""
        yield Said(
            f"{outside.where[:1].upper()}{outside.where[1:]}{guarantees} ({article_named(outside.article)})"
        )


def _delegates(regime: ProtectionRegime, named: _Named) -> Iterator[Said]:
    if isinstance(regime.dpos, Blank):
        yield _blank(regime.dpos)
        return
    for one in regime.dpos or ():
        if isinstance(one.contact, Blank):
            yield _blank(one.contact)
        else:
            yield Said(f"{named([one.party])} : {one.contact}")


def _leads(found: Leaders, named: _Named) -> Iterator[Said]:
    if not found.led_by:
        yield Said(f"{found.asked} (le texte ne le dit pas)", asked=True)
        return
    helped = f", avec la documentation de {named(found.helped_by)}" if found.helped_by else ""
    yield Said(f"{named(found.led_by)}{helped} ({article_named(found.article)})")


def _blank(one: Blank) -> Said:
    return Said(f"{one.asked} ({one.why.label})", asked=True)
