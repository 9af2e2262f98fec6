"""The life of a referral: who does what next. Pages, documents and checks derive from this table.

Reaching the person is a fact, not a state: it may come before the caisse accepts, during, or after a pause.
"""

from enum import StrEnum
from typing import Final

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of a referral; a draft is not yet a referral."""

    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    PAUSED = "paused"
    CLOSED = "closed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    REDIRECTED = "redirected"
    EXPIRED = "expired"


WORKED: Final = frozenset({State.ACKNOWLEDGED, State.ACCEPTED, State.PAUSED})
"""States in which the caisse calls the person and asks questions of the sender."""
ENDS: Final = frozenset(
    {State.CLOSED, State.REFUSED, State.WITHDRAWN, State.CANCELLED, State.REDIRECTED, State.EXPIRED}
)
"""States that nothing follows: lists of what is under way leave them out."""
TOLD_ANYWAY: Final = frozenset(
    {State.SENT, State.ACKNOWLEDGED, State.WITHDRAWN, State.CANCELLED, State.EXPIRED}
)
"""What a sender knows of even where the person lets her know only that the request was received: her own steps among them."""
RESTARTABLE: Final = frozenset({State.REDIRECTED, State.EXPIRED})
"""Ends from which the sender goes on elsewhere, with what it had written."""

SENDER_WORDS: dict[State, str] = {
    State.SENT: "Envoyée, en attente de l’accusé de réception",
    State.ACKNOWLEDGED: "La caisse a bien reçu votre demande",
    State.ACCEPTED: "La caisse accompagne la personne",
    State.PAUSED: "La caisse a mis l’accompagnement en pause",
    State.CLOSED: "Accompagnement terminé",
    State.REFUSED: "La caisse n’a pas pris en charge votre demande",
    State.WITHDRAWN: "Arrêtée",
    State.CANCELLED: "Annulée : envoyée par erreur",
    State.REDIRECTED: "La caisse vous indique un autre service",
    State.EXPIRED: "Sans réponse de la caisse",
}

FORWARDER_WORDS: dict[State, str] = {
    State.SENT: "Transmise, en attente de l’accusé de réception",
    State.ACKNOWLEDGED: "Le service a bien reçu votre transmission",
    State.ACCEPTED: "Le service accompagne la personne",
    State.PAUSED: "Le service a mis l’accompagnement en pause",
    State.CLOSED: "Accompagnement terminé par le service",
    State.REFUSED: "Le service n’a pas pris en charge votre transmission",
    State.WITHDRAWN: "Arrêtée",
    State.CANCELLED: "Annulée : transmise par erreur",
    State.REDIRECTED: "Le service vous indique une autre voie",
    State.EXPIRED: "Sans réponse du service",
}
"""For a caisse that is the sender: it forwarded another case, its own, to a service."""

CAISSE_WORDS: dict[State, str] = {
    State.SENT: "À accuser réception",
    State.ACKNOWLEDGED: "À accepter ou à refuser",
    State.ACCEPTED: "En cours d’accompagnement",
    State.PAUSED: "En pause",
    State.CLOSED: "Clôturée",
    State.REFUSED: "Refusée",
    State.WITHDRAWN: "Arrêtée",
    State.CANCELLED: "Annulée par le partenaire",
    State.REDIRECTED: "Redirigée vers un autre service",
    State.EXPIRED: "Expirée sans accusé de réception",
}

_RECIPIENT: Final = "la caisse destinataire"
_SENDER: Final = "l’organisme qui l’a envoyée"
_EITHER: Final = "l’un ou l’autre, quand la personne retire son accord"
_TIME: Final = "Maillage, chaque jour, quand personne n’a accusé réception à temps"

TRANSITIONS: tuple[Transition, ...] = (
    transition("acknowledge", [State.SENT], State.ACKNOWLEDGED, _RECIPIENT),
    transition("accept", [State.ACKNOWLEDGED], State.ACCEPTED, _RECIPIENT),
    transition("refuse", [State.ACKNOWLEDGED], State.REFUSED, _RECIPIENT),
    transition("redirect", [State.ACKNOWLEDGED, State.ACCEPTED], State.REDIRECTED, _RECIPIENT),
    transition("pause", [State.ACCEPTED], State.PAUSED, _RECIPIENT),
    transition("resume", [State.PAUSED], State.ACCEPTED, _RECIPIENT),
    transition("close", [State.ACCEPTED, State.PAUSED], State.CLOSED, _RECIPIENT),
    transition("withdraw", [State.SENT, *sorted(WORKED)], State.WITHDRAWN, _SENDER),
    transition("revoke", [State.SENT, *sorted(WORKED)], State.WITHDRAWN, _EITHER),
    transition("cancel", [State.SENT, State.ACKNOWLEDGED], State.CANCELLED, _SENDER),
    transition("expire", [State.SENT], State.EXPIRED, _TIME),
)
