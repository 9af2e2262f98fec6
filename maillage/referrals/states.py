"""The life of a referral: who does what next. Pages, documents and checks derive from this table."""

from enum import StrEnum

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of a referral; a draft is not yet a referral."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    CONTACTED = "contacted"
    CLOSED = "closed"


SENDER_WORDS: dict[State, str] = {
    State.SENT: "Envoyée, en attente de l’accusé de réception",
    State.ACKNOWLEDGED: "La caisse a bien reçu votre demande",
    State.CONTACTED: "La caisse a contacté la personne",
    State.CLOSED: "Accompagnement terminé",
}

CAISSE_WORDS: dict[State, str] = {
    State.SENT: "À accuser réception",
    State.ACKNOWLEDGED: "Personne à contacter",
    State.CONTACTED: "En cours d’accompagnement",
    State.CLOSED: "Clôturée",
}

TRANSITIONS: tuple[Transition, ...] = (
    transition("acknowledge", [State.SENT], State.ACKNOWLEDGED, "la caisse destinataire"),
    transition("contact", [State.ACKNOWLEDGED], State.CONTACTED, "la caisse destinataire"),
    transition("close", [State.ACKNOWLEDGED, State.CONTACTED], State.CLOSED, "la caisse destinataire"),
)
