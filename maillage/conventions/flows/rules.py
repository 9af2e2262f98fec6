"""Which flows of a text open cases on the platform. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.data_roles import bodies_of, roles_of
from maillage.conventions.terms.flows import ChannelKind, Flow


@dataclass(frozen=True, slots=True)
class AuthorisedFlow:
    """A flow between two parties, by their keys: what a case of this service may be opened under.

    `rights`: those of which it carries the applications; `label`: what the text calls the service; `has_roles`: whether
    it is said who answers for its data (`terms/data_roles.py`), without which it stays closed unless its two parties accept.
    """

    key: str
    sender: str
    recipient: str
    service: str
    article: str
    rights: tuple[str, ...] = ()
    label: str = ""
    has_roles: bool = True


def authorised(terms: Terms) -> tuple[AuthorisedFlow, ...]:
    """The flows that the platform may carry: persons' data, for a service, between two parties, by the platform itself.

    A flow that the text leaves to the parties counts once they have chosen it; a channel still to agree carries nothing,
    and neither does a text that sends elsewhere (paper, phone, another tool). A third party acts through the party that it
    belongs to (S3: the Mission accompagnement santé is the CPAM's).
    """
    bodies = bodies_of(terms)
    labels = {service.key: service.label for service in terms.services}
    return tuple(
        AuthorisedFlow(
            flow.key,
            bodies[flow.sender],
            bodies[flow.recipient],
            flow.service or "",
            flow.article,
            flow.rights,
            labels.get(flow.service or "", ""),
            has_roles=not isinstance(roles_of(terms, flow), Blank),
        )
        for flow in terms.flows
        if _carried(flow)
        and flow.sender in bodies
        and flow.recipient in bodies
        and bodies[flow.sender] != bodies[flow.recipient]
    )


def _carried(flow: Flow) -> bool:
    return (
        flow.service is not None
        and flow.carries_persons
        and not isinstance(flow.channels, Blank)
        and any(channel.kind is ChannelKind.PLATFORM for channel in flow.channels)
    )


def cut_short(
    during: tuple[date, date | None] | None, departures: Iterable[tuple[str, date]], keys: Sequence[str]
) -> tuple[date, date | None] | None:
    """The days of a flow whose two sides are `keys`, once parties that leave alone have left; None when none remains."""
    if during is None:
        return None
    first, out = during
    for party, effect in departures:
        if party in keys and (out is None or effect < out):
            out = effect
    return None if out is not None and out <= first else (first, out)
