"""The life of a yearly sheet: filled by the parties' referents, handed to whoever holds the convention, given back or validated."""

from enum import StrEnum
from typing import Final

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of a sheet. Before its first answer there is no sheet: it is to be filled."""

    FILLING = "filling"
    SUBMITTED = "submitted"
    VALIDATED = "validated"


WORDS: Final[dict[State, str]] = {
    State.FILLING: "À remplir",
    State.SUBMITTED: "À vérifier",
    State.VALIDATED: "Validée",
}

_PARTY: Final = "une partie à la convention"
_HOLDER: Final = "l’organisme qui tient la convention"

TRANSITIONS: Final[tuple[Transition, ...]] = (
    transition("submit", [State.FILLING], State.SUBMITTED, _PARTY),
    transition("give_back", [State.SUBMITTED], State.FILLING, _HOLDER),
    transition("validate", [State.FILLING, State.SUBMITTED], State.VALIDATED, _HOLDER),
    transition("reopen", [State.VALIDATED], State.FILLING, _HOLDER),
)
