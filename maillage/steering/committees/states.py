"""The lives of a meeting and of a decision. Pages, documents and checks derive from these tables."""

from enum import StrEnum

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of the meeting of a committee."""

    PLANNED = "planned"
    CONVENED = "convened"
    HELD = "held"
    CLOSED = "closed"
    CANCELLED = "cancelled"


WORDS: dict[State, str] = {
    State.PLANNED: "Prévue",
    State.CONVENED: "Convoquée",
    State.HELD: "Tenue, compte rendu à valider",
    State.CLOSED: "Close, compte rendu validé",
    State.CANCELLED: "Annulée",
}
_PARTY = "une partie de la convention"
_CONVENER = "une partie que le texte charge de convoquer, ou toute partie"

TRANSITIONS: tuple[Transition, ...] = (
    transition("convene", [State.PLANNED], State.CONVENED, _CONVENER),
    transition("convene_again", [State.CONVENED], State.CONVENED, _CONVENER),
    transition("hold", [State.CONVENED], State.HELD, _PARTY),
    transition("close", [State.HELD], State.CLOSED, "la dernière partie qui valide le compte rendu"),
    transition("reopen", [State.CLOSED], State.HELD, "la partie qui modifie un compte rendu validé"),
    transition("cancel", [State.PLANNED, State.CONVENED], State.CANCELLED, _CONVENER),
)


class DecisionState(StrEnum):
    """States of a decision."""

    TO_CONFIRM = "to_confirm"
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


DECISION_WORDS: dict[DecisionState, str] = {
    DecisionState.TO_CONFIRM: "À confirmer",
    DecisionState.OPEN: "En cours",
    DecisionState.DONE: "Faite",
    DecisionState.DROPPED: "Abandonnée",
}
STANDING: tuple[DecisionState, ...] = (DecisionState.TO_CONFIRM, DecisionState.OPEN)
"""What the next agenda follows up."""

DECISION_TRANSITIONS: tuple[Transition, ...] = (
    transition(
        "confirm",
        [DecisionState.TO_CONFIRM],
        DecisionState.OPEN,
        "une partie, après une réunion où le quorum est réuni",
    ),
    transition("finish", [DecisionState.OPEN], DecisionState.DONE, "la partie qui en a la charge"),
    transition("drop", STANDING, DecisionState.DROPPED, f"{_PARTY}, avec sa raison"),
)
