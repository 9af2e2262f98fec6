"""The life of a suspected breach. Pages, documents and checks derive from this table."""

from enum import StrEnum

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of a suspected breach."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    RULED_OUT = "ruled_out"
    CLOSED = "closed"


WORDS: dict[State, str] = {
    State.SUSPECTED: "Suspectée",
    State.CONFIRMED: "Avérée",
    State.RULED_OUT: "Écartée",
    State.CLOSED: "Close",
}
_DECIDERS = "tous ceux qui décident, d’accord sur la même décision"

TRANSITIONS: tuple[Transition, ...] = (
    transition("confirm", [State.SUSPECTED, State.RULED_OUT], State.CONFIRMED, _DECIDERS),
    transition("rule_out", [State.SUSPECTED, State.CONFIRMED], State.RULED_OUT, _DECIDERS),
    transition("close", [State.CONFIRMED], State.CLOSED, "l’un de ceux qui décident"),
)

RUNNING: frozenset[str] = frozenset({State.SUSPECTED.value, State.CONFIRMED.value})
"""The states in which its clocks run."""
