"""The life of a campaign: open to answers, closed, its figures released once."""

from enum import StrEnum
from typing import Final

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of a campaign."""

    OPEN = "open"
    CLOSED = "closed"
    RELEASED = "released"


WORDS: Final[dict[State, str]] = {
    State.OPEN: "Ouverte",
    State.CLOSED: "Close, chiffres en préparation",
    State.RELEASED: "Close, chiffres publiés",
}

_NATIONAL: Final = "l’organisme national qui l’a ouverte"

TRANSITIONS: Final[tuple[Transition, ...]] = (
    transition("close", [State.OPEN], State.CLOSED, _NATIONAL),
    transition("release", [State.CLOSED], State.RELEASED, "Maillage, quand les chiffres sont protégés"),
)
