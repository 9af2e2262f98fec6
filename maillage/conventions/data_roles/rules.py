"""Where each flow of persons' data stands: usable, or blocked and waiting for whom (GDPR, articles 26 and 28). Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from maillage.conventions.flows.rules import authorised
from maillage.conventions.terms import Terms
from maillage.conventions.terms.base import Labelled
from maillage.conventions.terms.data_roles import FlowRoles, who_is_what


class Standing(Labelled):
    """Whether cases are opened under a flow, as far as its roles go."""

    SAID = "said", "rôles renseignés"
    ACCEPTED = "accepted", "accepté sans les rôles"
    UNTIL = "until", "ouvert jusqu’à une date"
    BLOCKED = "blocked", "bloqué"
    ELSEWHERE = "elsewhere", "hors de Maillage"


@dataclass(frozen=True, slots=True)
class FlowStanding:
    """One flow: what is said of it, those of its two parties that accept to start without its roles, and what follows.

    `until` is the first day on which it is closed, for a flow that was open before roles were asked.
    """

    said: FlowRoles
    accepted: tuple[str, ...]
    standing: Standing
    until: date | None = None

    @property
    def key(self) -> str:
        """The flow's."""
        return self.said.flow.key

    @property
    def parties(self) -> tuple[str, ...]:
        """Its two, which may accept."""
        return self.said.parties

    @property
    def awaited(self) -> tuple[str, ...]:
        """Its parties whose acceptance would open it, while its roles are blank."""
        if self.standing not in (Standing.BLOCKED, Standing.UNTIL):
            return ()
        return tuple(key for key in self.parties if key not in self.accepted)


@dataclass(frozen=True, slots=True)
class Here:
    """The keys of the parties that have a data protection officer here, and of those that have somebody who watches over their data."""

    officers: frozenset[str]
    anybody: frozenset[str]


def standings(
    terms: Terms, accepted: Mapping[str, Collection[str]], *, due: date | None, on: date
) -> tuple[FlowStanding, ...]:
    """One for each flow of persons' data. `accepted` gives, by flow, the parties that accept; `due` the convention's own day."""
    carried = {flow.key for flow in authorised(terms)}
    found = []
    for said in who_is_what(terms):
        flow = said.flow
        given = tuple(key for key in said.parties if key in accepted.get(flow.key, ()))
        standing = _standing(
            said,
            is_carried=flow.key in carried,
            agreed=given == said.parties,
            due=due is not None and on < due,
        )
        found.append(FlowStanding(said, given, standing, due if standing is Standing.UNTIL else None))
    return tuple(found)


def _standing(said: FlowRoles, *, is_carried: bool, agreed: bool, due: bool) -> Standing:
    if said.are_said:
        return Standing.SAID
    if not is_carried:
        return Standing.ELSEWHERE
    if agreed:
        return Standing.ACCEPTED
    return Standing.UNTIL if due else Standing.BLOCKED
