"""The life of a local action. Pages, documents and checks derive from this table."""

from enum import StrEnum

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of a local action."""

    DESCRIBED = "described"
    ANALYSED = "analysed"
    KEPT = "kept"
    REFUSED = "refused"
    ROLLED_OUT = "rolled_out"


WORDS: dict[State, str] = {
    State.DESCRIBED: "Décrite",
    State.ANALYSED: "Analysée, en attente d’arbitrage",
    State.KEPT: "Retenue pour un déploiement",
    State.REFUSED: "Non retenue",
    State.ROLLED_OUT: "Déployée",
}
_PARTY = "une partie de la convention"
_ARBITRATED = "une partie, d’après l’arbitrage national"

TRANSITIONS: tuple[Transition, ...] = (
    transition("analyse", [State.DESCRIBED], State.ANALYSED, _PARTY),
    transition("keep", [State.ANALYSED], State.KEPT, _ARBITRATED),
    transition("refuse", [State.ANALYSED], State.REFUSED, _ARBITRATED),
    transition("roll_out", [State.KEPT], State.ROLLED_OUT, _PARTY),
)

PROPOSED: frozenset[str] = frozenset({State.ANALYSED.value, State.KEPT.value, State.ROLLED_OUT.value})
"""The states from which an action may be proposed at the national level."""
