"""The lives of a session and of a place in it. Pages, documents and checks derive from these tables."""

from enum import StrEnum

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of a session."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


WORDS: dict[State, str] = {
    State.PLANNED: "Prévue",
    State.HELD: "Tenue",
    State.CANCELLED: "Annulée",
}

TRANSITIONS: tuple[Transition, ...] = (
    transition("hold", [State.PLANNED], State.HELD, "l’organisateur"),
    transition("cancel", [State.PLANNED], State.CANCELLED, "l’organisateur"),
)


class Place(StrEnum):
    """States of a registration; the database gives the first one, and moves up whoever waits."""

    REGISTERED = "registered"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


PLACE_WORDS: dict[Place, str] = {
    Place.REGISTERED: "Inscrit·e",
    Place.WAITING: "En liste d’attente",
    Place.WITHDRAWN: "Désinscrit·e",
}

PLACE_TRANSITIONS: tuple[Transition, ...] = (
    transition("move_up", [Place.WAITING], Place.REGISTERED, "la base, quand une place se libère"),
    transition(
        "withdraw",
        [Place.REGISTERED, Place.WAITING],
        Place.WITHDRAWN,
        "l’organisme qui a inscrit, ou l’organisateur",
    ),
)
