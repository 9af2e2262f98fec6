"""The life of an import of the directory: first rehearsed, then confirmed, then applied. Pages and checks derive from this table."""

from enum import StrEnum

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of an import."""

    UPLOADED = "uploaded"
    REHEARSED = "rehearsed"
    CONFIRMED = "confirmed"
    APPLIED = "applied"
    REFUSED = "refused"
    ABANDONED = "abandoned"


WORDS: dict[State, str] = {
    State.UPLOADED: "Essai en cours",
    State.REHEARSED: "Essai terminé, à confirmer",
    State.CONFIRMED: "Import en cours",
    State.APPLIED: "Importé",
    State.REFUSED: "Fichier refusé",
    State.ABANDONED: "Abandonné",
}

_MANAGER = "la ou le gestionnaire de l’annuaire"
_JOB = "la tâche de fond"
TRANSITIONS: tuple[Transition, ...] = (
    transition("rehearse", [State.UPLOADED], State.REHEARSED, _JOB),
    transition("confirm", [State.REHEARSED], State.CONFIRMED, _MANAGER),
    transition("apply", [State.CONFIRMED], State.APPLIED, _JOB),
    transition("refuse", [State.UPLOADED, State.CONFIRMED], State.REFUSED, _JOB),
    transition("abandon", [State.UPLOADED, State.REHEARSED], State.ABANDONED, _MANAGER),
)
