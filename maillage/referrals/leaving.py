"""What of a situation leaves with a referral: what the flow lists, else what its conditions read, and nothing more. Pure."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from maillage.beneficiaries.agreement import is_needed
from maillage.conventions.terms.criteria import Value
from maillage.referrals.content import Content, facts_from_data, facts_to_data
from maillage.referrals.routing.conditions import Verdict
from maillage.referrals.routing.router import Route, said
from maillage.referrals.routing.situation import Renunciation

ALWAYS: Final = (
    "care_compromised",
    "urgency_proof",
    "care_imminent",
    "first_level_given",
    "request_expressed",
)
"""What any recipient needs to take the referral in its order: urgency, what was already done, who asks."""
KEPT_ELSEWHERE: Final = frozenset({"birth_date", "age", "motives", "renounced_care"})
"""Facts that a referral keeps in a place of their own: the identity, the motives, the care renounced."""
NARRATIVE: Final = "narrative"
RENUNCIATIONS: Final = "renounced_care"


@dataclass(frozen=True, slots=True)
class Kept:
    """The part of a situation that is encrypted with the case: facts, and conditions of the text that the sender confirmed."""

    facts: Mapping[str, Value] = field(default_factory=dict)
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Leaving:
    """All that leaves: what is kept, care renounced, the account. Empty where the flow's list of data leaves it out."""

    kept: Kept
    renunciations: tuple[Renunciation, ...]
    narrative: str


def leaving(content: Content, route: Route) -> Leaving:
    """What leaves by this route. A flow that lists its data (`data_fields`) lets nothing else out."""
    listed = frozenset(route.flow.data_fields) if route.flow else frozenset()
    allowed = listed or {*ALWAYS, *_read_by(route)}
    facts = {
        key: value for key, value in content.facts().items() if key in allowed and key not in KEPT_ELSEWHERE
    }
    situation = content.situation
    return Leaving(
        Kept(facts, tuple(_confirmed(route))),
        situation.renunciations if situation and (not listed or RENUNCIATIONS in listed) else (),
        situation.narrative if situation and (not listed or NARRATIVE in listed) else "",
    )


def needs_agreement(route: Route) -> bool:
    """Whether the text gives this route only with the person's agreement."""
    return is_needed(_read_by(route))


def _read_by(route: Route) -> Iterator[str]:
    for requirement in route.requirements:
        for condition in requirement.conditions:
            yield from condition.facts


def _confirmed(route: Route) -> Iterator[str]:
    """The lines of the text that no fact decides, as the sender answered them."""
    for requirement in route.requirements:
        for one in requirement.conditions:
            if not one.facts and one.verdict is Verdict.MET:
                yield said(requirement.group, one.label)


def kept_to_bytes(kept: Kept) -> bytes:
    """The part as JSON, to be encrypted."""
    return json.dumps({"facts": facts_to_data(kept.facts), "confirmed": kept.confirmed}).encode()


def kept_from_bytes(data: bytes) -> Kept:
    """The part that `kept_to_bytes` wrote."""
    raw = json.loads(data)
    return Kept(facts_from_data(raw["facts"]), tuple(raw["confirmed"]))
