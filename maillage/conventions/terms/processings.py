"""What a text has processed of persons, and who answers for each of it: the one list that the roles, the record of processing,
the impact assessments and « À faire » read.

Mostly exchanges. Some data go by none: those of whom a party enrols in its own service (PRADO: nothing of it is sent to the other
branch), those that a clause covers by itself (contacts of a contract); and where a text does not say whether any circulate, that is asked.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from maillage.catalogue.services import ENROLLED
from maillage.conventions.terms.base import Labelled
from maillage.conventions.terms.blanks import Blank
from maillage.conventions.terms.data_roles import (
    ASKED_ROLES,
    FlowRoles,
    PartyDpo,
    bodies_of,
    dpo_of,
    silent,
    who_is_what,
)
from maillage.conventions.terms.flows import Roles
from maillage.conventions.terms.protection import ProtectionRegime
from maillage.conventions.terms.services import Service
from maillage.conventions.terms.terms import Terms


class Ground(Labelled):
    """Why data that go by no exchange are processed."""

    KEPT = "kept", "la partie qui rend le service garde elle-même ces données"
    APART = "apart", "ces données ne sont celles d’aucun échange"
    UNSAID = "unsaid", "le texte ne dit pas si des données de personnes circulent"


@dataclass(frozen=True, slots=True)
class Apart:
    """Data that go by no exchange: under which clause, who answers for them or the blank, the parties that are asked.

    `service` is the one for which a party keeps them; `paths` is the blank that waits for the roles, empty when there is none.
    """

    ground: Ground
    label: str
    article: str
    regime: ProtectionRegime | None
    roles: Roles | Blank
    paths: tuple[str, ...]
    parties: tuple[str, ...]
    dpos: tuple[PartyDpo, ...]
    service: Service | None = None

    @property
    def are_said(self) -> bool:
        """Whether the text says the roles, or what the parties have put in its blank since."""
        return isinstance(self.roles, Roles)


Processing = FlowRoles | Apart


def processings(terms: Terms) -> tuple[Processing, ...]:
    """One for each exchange of data on persons, in the order of the text, then what goes by none."""
    found: tuple[Processing, ...] = (*who_is_what(terms), *_kept(terms))
    covered = {one.regime.key for one in found if one.regime is not None}
    return (*found, *(_clause(terms, one) for one in terms.protection if _stands_alone(one, covered)))


def concerns(one: Processing, party: str) -> bool:
    """Whether a party answers for these data, processes them for another, or is asked what it is to them."""
    return party in one.parties or (
        isinstance(one.roles, Roles) and party in (*one.roles.controllers, *one.roles.processors)
    )


def is_of_persons_helped(one: Processing) -> bool:
    """Whether it is known to hold data on the persons whom the text is for: what is assessed before it starts (GDPR art. 35)."""
    return isinstance(one, FlowRoles) or one.ground is Ground.KEPT


def leaves_out(one: Processing, party: str) -> bool:
    """Whether its roles are said and do not name a party that has a part in these data: an avenant alone says what it is to them."""
    return (
        isinstance(one.roles, Roles)
        and party in one.parties
        and party not in (*one.roles.controllers, *one.roles.processors)
    )


def lacking(terms: Terms, party: str) -> tuple[Processing, ...]:
    """Those of one party of which nobody has said who answers for the data, or of which the roles leave it out."""
    return tuple(
        one
        for one in processings(terms)
        if concerns(one, party) and (not one.are_said or leaves_out(one, party))
    )


def _stands_alone(regime: ProtectionRegime, covered: set[str]) -> bool:
    """A clause of data that go by no exchange; one that says that none circulate, or whose exchanges carry counts alone, is none."""
    return regime.key not in covered and not regime.flows and regime.nominative_data is not False


def _kept(terms: Terms) -> Iterator[Apart]:
    bodies = bodies_of(terms)
    for service in terms.services:
        if service.key not in ENROLLED or (service.optional and service.chosen is not True):
            continue
        regime = _covering(terms, service)
        holders = tuple(dict.fromkeys(bodies[key] for key in service.debtors if key in bodies))
        yield _apart(
            terms,
            Ground.KEPT,
            service.label,
            article=service.article,
            regime=regime,
            parties=holders,
            service=service,
        )


def _covering(terms: Terms, service: Service) -> ProtectionRegime | None:
    """The clause that names an exchange about this service, else the one that names none and covers what is left."""
    about = {flow.key for flow in terms.flows if flow.service == service.key}
    named = next((one for one in terms.protection if about & set(one.flows)), None)
    return named or next((one for one in terms.protection if not one.flows), None)


def _clause(terms: Terms, regime: ProtectionRegime) -> Apart:
    ground = Ground.UNSAID if isinstance(regime.nominative_data, Blank) else Ground.APART
    asked = tuple(one.key for one in terms.parties) if isinstance(regime.roles, Blank) else ()
    return _apart(terms, ground, regime.scope, article=regime.article, regime=regime, parties=asked)


def _apart(
    terms: Terms,
    ground: Ground,
    label: str,
    *,
    article: str,
    regime: ProtectionRegime | None,
    parties: tuple[str, ...],
    service: Service | None = None,
) -> Apart:
    roles = regime.roles if regime is not None else silent("roles", ASKED_ROLES, article)
    is_blank = isinstance(roles, Blank)
    where = (roles.article if isinstance(roles, Blank) else regime.article if regime else None) or article
    named = parties if isinstance(roles, Blank) else (*parties, *roles.controllers, *roles.processors)
    known = {party.key for party in terms.parties}
    covering = (regime,) if regime is not None else ()
    return Apart(
        ground,
        label,
        where,
        regime,
        roles,
        (f"protection[{regime.key}].roles",) if is_blank and regime is not None else (),
        parties,
        tuple(dpo_of(covering, one, article) for one in dict.fromkeys(named) if one in known),
        service,
    )
