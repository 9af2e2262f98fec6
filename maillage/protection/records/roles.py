"""Who is what for a flow of a text (GDPR art. 4, 26, 28): the flow's own clause, else that of the regime which covers it. Pure."""

from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.flows import Flow, Roles
from maillage.protection.records.rules import Part
from maillage.referrals.paper.naming import regime_of


def roles_of(terms: Terms, flow: Flow) -> Roles | Blank | None:
    """The roles that the text gives for a flow, the blank that stands for them, or None where no clause says."""
    if flow.roles is not None:
        return flow.roles
    regime = regime_of(terms, flow)
    return regime.roles if regime is not None else None


def part_of(roles: Roles | Blank | None, party: str) -> Part | None:
    """Under which title a party processes; None for one that clear roles do not name."""
    if not isinstance(roles, Roles):
        return Part.UNKNOWN
    if party in roles.controllers:
        return Part.CONTROLLER
    return Part.PROCESSOR if party in roles.processors else None
