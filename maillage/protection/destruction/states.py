"""The life of a destruction at a convention's term. Pages, documents and checks derive from this table."""

from enum import StrEnum

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of what becomes of one party's data under a convention that ended."""

    KEPT = "kept"
    UNKNOWN = "unknown"
    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"


WORDS: dict[State, str] = {
    State.KEPT: "Conservées, selon ses propres durées",
    State.UNKNOWN: "Le texte ne le dit pas : à fixer",
    State.PLANNED: "Destruction prévue",
    State.RUNNING: "Destruction en cours",
    State.DONE: "Détruites, certificat établi",
}
_PLATFORM = "la plateforme, le jour venu"

TRANSITIONS: tuple[Transition, ...] = (
    transition("set", [State.UNKNOWN, State.PLANNED], State.PLANNED, "la partie, qui veille à ses données"),
    transition("begin", [State.PLANNED], State.RUNNING, _PLATFORM),
    transition("finish", [State.RUNNING], State.DONE, _PLATFORM),
)
