"""The life of an appointment with a seconded agent. Pages, documents and checks derive from this table."""

from enum import StrEnum

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of an appointment. A free slot is no row: it follows from the permanences."""

    BOOKED = "booked"
    HELD = "held"
    MISSED = "missed"
    CANCELLED = "cancelled"


WORDS: dict[State, str] = {
    State.BOOKED: "Prévu",
    State.HELD: "Tenu",
    State.MISSED: "La personne n’est pas venue",
    State.CANCELLED: "Annulé",
}

TRANSITIONS: tuple[Transition, ...] = (
    transition("move", [State.BOOKED], State.BOOKED, "la structure d’accueil ou la caisse"),
    transition("cancel", [State.BOOKED], State.CANCELLED, "la structure d’accueil ou la caisse"),
    transition("hold", [State.BOOKED], State.HELD, "la caisse"),
    transition("miss", [State.BOOKED], State.MISSED, "la caisse"),
)
