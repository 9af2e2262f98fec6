"""The life of an application for a right: its states, their words for each side, who may move them."""

from enum import StrEnum
from typing import Final

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of an application once it is filed; what is being prepared has none yet."""

    SENT = "sent"
    RECEIVED = "received"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


DECIDED: Final = frozenset({State.GRANTED, State.REFUSED})
ENDS: Final = DECIDED | {State.WITHDRAWN, State.CANCELLED}
EXAMINED: Final = frozenset({State.RECEIVED, State.INCOMPLETE, State.COMPLETE})
"""The caisse has it, and has not decided."""

PARTNER_WORDS: dict[State, str] = {
    State.SENT: "Envoyée, en attente de la caisse",
    State.RECEIVED: "Reçue par la caisse, à l’examen",
    State.INCOMPLETE: "La caisse attend des pièces",
    State.COMPLETE: "Complète, en attente de la décision",
    State.GRANTED: "Droit ouvert",
    State.REFUSED: "Refusée",
    State.WITHDRAWN: "Retirée",
    State.CANCELLED: "Annulée : envoyée par erreur",
}

CAISSE_WORDS: dict[State, str] = {
    State.SENT: "À enregistrer",
    State.RECEIVED: "À vérifier",
    State.INCOMPLETE: "En attente de pièces",
    State.COMPLETE: "À décider",
    State.GRANTED: "Droit ouvert",
    State.REFUSED: "Refusée",
    State.WITHDRAWN: "Retirée par le partenaire",
    State.CANCELLED: "Annulée par le partenaire",
}

_CAISSE: Final = "la caisse"
_PARTNER: Final = "l’organisme qui l’a déposée"
_EITHER: Final = "l’un ou l’autre : le partenaire qui envoie les pièces, la caisse qui les reçoit autrement"
_TIME: Final = "Maillage, chaque jour, quand la loi dit que le silence de la caisse vaut accord"

TRANSITIONS: tuple[Transition, ...] = (
    transition("receive", [State.SENT], State.RECEIVED, _CAISSE),
    transition("complete", [State.RECEIVED], State.COMPLETE, _CAISSE),
    transition("ask", [State.RECEIVED, State.COMPLETE], State.INCOMPLETE, _CAISSE),
    transition("answer", [State.INCOMPLETE], State.RECEIVED, _EITHER),
    transition("grant", [State.COMPLETE], State.GRANTED, _CAISSE),
    transition("refuse", sorted(EXAMINED), State.REFUSED, _CAISSE),
    transition("lapse", [State.COMPLETE], State.GRANTED, _TIME),
    transition("withdraw", [State.SENT, *sorted(EXAMINED)], State.WITHDRAWN, _PARTNER),
    transition("cancel", [State.SENT, State.RECEIVED], State.CANCELLED, _PARTNER),
)
