"""The states of a convention, and the one table of what moves it from one to another.

`move()` and the pictures of the documentation both come from `TRANSITIONS`. Renewal is an event, not a state.
"""

from collections.abc import Mapping
from enum import StrEnum

from maillage.core.states import Transition, transition


class State(StrEnum):
    """Where a convention stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PARTLY_SIGNED = "partly_signed"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    ENDED = "ended"

    @property
    def label(self) -> str:
        """The French word shown on screen."""
        return _STATE_LABELS[self]


class EndKind(StrEnum):
    """How a convention ended."""

    EXPIRED = "expired"
    DENOUNCED = "denounced"
    TERMINATED = "terminated"
    SUPERSEDED = "superseded"

    @property
    def label(self) -> str:
        """The French word shown on screen."""
        return _END_LABELS[self]


_STATE_LABELS = {
    State.DRAFT: "brouillon",
    State.PROPOSED: "proposée",
    State.PARTLY_SIGNED: "partiellement signée",
    State.SIGNED: "signée",
    State.IN_FORCE: "en vigueur",
    State.ENDED: "terminée",
}
_END_LABELS = {
    EndKind.EXPIRED: "arrivée à son terme",
    EndKind.DENOUNCED: "dénoncée",
    EndKind.TERMINATED: "résiliée",
    EndKind.SUPERSEDED: "remplacée",
}
_DRAFTER = "la partie qui rédige"
_PARTY = "une partie signataire"
_ALL = "toutes les parties"
_CALENDAR = "la date"
_SIGNABLE = (State.PROPOSED, State.PARTLY_SIGNED)
_BINDING = (State.SIGNED, State.IN_FORCE)

TRANSITIONS: tuple[Transition, ...] = (
    transition("propose", (State.DRAFT,), State.PROPOSED, _DRAFTER),
    transition("take_back", (State.PROPOSED,), State.DRAFT, _DRAFTER),
    transition("sign", _SIGNABLE, State.PARTLY_SIGNED, _PARTY),
    transition("sign_last", _SIGNABLE, State.SIGNED, _PARTY),
    transition("change_text", (State.PARTLY_SIGNED,), State.DRAFT, _DRAFTER),
    transition("start", (State.SIGNED,), State.IN_FORCE, _CALENDAR),
    transition("expire", _BINDING, State.ENDED, _CALENDAR),
    transition("denounce", _BINDING, State.ENDED, "une partie, à l'effet de sa dénonciation"),
    transition("terminate", _BINDING, State.ENDED, "les autres parties"),
    transition("agree_to_end", _BINDING, State.ENDED, _ALL),
    transition("supersede", _BINDING, State.ENDED, _ALL),
    transition("postpone", (State.IN_FORCE,), State.SIGNED, "une lecture retenue, un avenant"),
)

END_KIND_OF: Mapping[str, EndKind] = {
    "expire": EndKind.EXPIRED,
    "denounce": EndKind.DENOUNCED,
    "terminate": EndKind.TERMINATED,
    "agree_to_end": EndKind.TERMINATED,
    "supersede": EndKind.SUPERSEDED,
}
"""The end that each verb leading to `ended` writes with the state."""


def verb_to(after: State, end: EndKind | None = None, *, agreed: bool = False) -> str:
    """The verb by which text and facts move a signed convention; `end` and `agreed` say how it ended, if it did."""
    if after is State.ENDED:
        verbs = [verb for verb, kind in END_KIND_OF.items() if kind is end]
        return "agree_to_end" if agreed and "agree_to_end" in verbs else verbs[0]
    return "start" if after is State.IN_FORCE else "postpone"
