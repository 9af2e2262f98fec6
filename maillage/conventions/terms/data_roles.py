"""Who is what for the data of one flow (GDPR, articles 4, 26, 28 and 37): what the text says of it, and its blanks.

Nothing is inferred: what no clause says is a blank, with its article and the reason why.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from maillage.conventions.terms.blanks import Blank, BlankReason, Expectation
from maillage.conventions.terms.flows import Flow, Roles
from maillage.conventions.terms.protection import Dpo, ProtectionRegime
from maillage.conventions.terms.terms import Terms

ASKED_ROLES: Final = "Rôles des parties au regard du RGPD"
ASKED_DPO: Final = "Adresse du délégué à la protection des données"


@dataclass(frozen=True, slots=True)
class PartyDpo:
    """How one party's data protection officer is reached, or the blank."""

    party: str
    contact: str | Blank


@dataclass(frozen=True, slots=True)
class FlowRoles:
    """Who answers for the data of a flow: its roles or the blank, where they are said, the officer of each party named.

    `paths` are the blanks of the text that wait for the roles: filling any of them says them. `regime` covers the flow,
    `parties` are its two ends.
    """

    flow: Flow
    roles: Roles | Blank
    article: str
    regime: ProtectionRegime | None
    paths: tuple[str, ...]
    parties: tuple[str, ...]
    dpos: tuple[PartyDpo, ...]

    @property
    def are_said(self) -> bool:
        """Whether the text says them, or what the parties have put in its blanks since."""
        return isinstance(self.roles, Roles)


def covering(terms: Terms, flow: Flow) -> tuple[ProtectionRegime, ...]:
    """The protection regimes that name this flow; else those that name none, which cover what is left."""
    named = tuple(regime for regime in terms.protection if flow.key in regime.flows)
    return named or tuple(regime for regime in terms.protection if not regime.flows)


def regime_of(terms: Terms, flow: Flow) -> ProtectionRegime | None:
    """The regime that covers this flow; the one that says its roles, of several."""
    found = covering(terms, flow)
    return next((one for one in found if isinstance(one.roles, Roles)), next(iter(found), None))


def roles_of(terms: Terms, flow: Flow) -> Roles | Blank:
    """The roles in force for a flow: its own when it says them, else those of the regime that covers it, else the blank."""
    if isinstance(flow.roles, Roles):
        return flow.roles
    regime = regime_of(terms, flow)
    if regime is not None and isinstance(regime.roles, Roles):
        return regime.roles
    if flow.roles is not None:
        return flow.roles
    if regime is not None:
        return regime.roles
    return silent("roles", ASKED_ROLES, flow.article)


def flow_roles(terms: Terms, flow: Flow) -> FlowRoles:
    """All that a text says of who is what for one flow."""
    regime, found = regime_of(terms, flow), roles_of(terms, flow)
    if isinstance(found, Blank):
        article = found.article or flow.article
    elif found is flow.roles or regime is None:
        article = flow.article
    else:
        article = regime.article
    paths = tuple(_paths(terms, flow)) if isinstance(found, Blank) else ()
    bodies = bodies_of(terms)
    ends = tuple(dict.fromkeys(bodies[key] for key in (flow.sender, flow.recipient) if key in bodies))
    named = (*found.controllers, *found.processors) if isinstance(found, Roles) else ()
    parties = dict.fromkeys((*ends, *(bodies[key] for key in named if key in bodies)))
    dpos = tuple(dpo_of(covering(terms, flow), one, flow.article) for one in parties)
    return FlowRoles(flow, found, article, regime, paths, ends, dpos)


def who_is_what(terms: Terms) -> tuple[FlowRoles, ...]:
    """One for each flow by which persons' data go, in the order of the text."""
    return tuple(flow_roles(terms, flow) for flow in terms.flows if flow.carries_persons)


def bodies_of(terms: Terms) -> dict[str, str]:
    """The party behind each key: itself, or the one that a third party belongs to (S3: the Mission accompagnement santé is the CPAM's)."""
    bodies = {party.key: party.key for party in terms.parties}
    return bodies | {third.key: third.of for third in terms.third_parties if third.of in bodies}


def _paths(terms: Terms, flow: Flow) -> Iterator[str]:
    if isinstance(flow.roles, Blank):
        yield f"flows[{flow.key}].roles"
    for regime in covering(terms, flow):
        if isinstance(regime.roles, Blank):
            yield f"protection[{regime.key}].roles"


def dpo_of(regimes: Iterable[ProtectionRegime], party: str, article: str) -> PartyDpo:
    """The address that one of these regimes gives for this party, else the blank that stands there, else one at this article."""
    blank: Blank | None = None
    for regime in regimes:
        if isinstance(regime.dpos, Blank):
            blank = blank or regime.dpos
            continue
        said: tuple[Dpo, ...] = regime.dpos or ()
        for one in said:
            if one.party == party and not isinstance(one.contact, Blank):
                return PartyDpo(party, one.contact)
            if one.party == party and isinstance(one.contact, Blank):
                blank = blank or one.contact
    return PartyDpo(party, blank or silent("dpo", ASKED_DPO, article, Expectation.CONTACT))


def silent(name: str, asked: str, article: str, expects: Expectation = Expectation.ROLES) -> Blank:
    """What no clause says, at the article where it would be said."""
    return Blank(blank=name, asked=asked, why=BlankReason.SILENT, expects=expects, article=article)
