"""The life of a request in the file of one organisation: it answers for what it holds. Pages, documents and checks derive from this."""

from enum import StrEnum

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of an organisation's own file of a request."""

    ASKED = "asked"
    ANSWERED = "answered"
    NOTHING = "nothing"
    REFUSED = "refused"


WORDS: dict[State, str] = {
    State.ASKED: "À répondre",
    State.ANSWERED: "Répondue",
    State.NOTHING: "Rien trouvé",
    State.REFUSED: "Refusée",
}
_FOLLOWER = "qui veille aux données de cet organisme"

TRANSITIONS: tuple[Transition, ...] = (
    transition("answer", [State.ASKED], State.ANSWERED, _FOLLOWER),
    transition("find_nothing", [State.ASKED], State.NOTHING, _FOLLOWER),
    transition("refuse", [State.ASKED], State.REFUSED, _FOLLOWER),
)
