"""The life of a partner's table: read, its columns named, rehearsed, then confirmed and imported. Pages and checks derive from this."""

from enum import StrEnum
from typing import Final

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of a table."""

    UPLOADED = "uploaded"
    READ = "read"
    NAMED = "named"
    REHEARSED = "rehearsed"
    CONFIRMED = "confirmed"
    IMPORTED = "imported"
    REFUSED = "refused"
    ABANDONED = "abandoned"


WORDS: Final[dict[State, str]] = {
    State.UPLOADED: "Lecture en cours",
    State.READ: "Colonnes à vérifier",
    State.NAMED: "Essai en cours",
    State.REHEARSED: "Essai terminé, à confirmer",
    State.CONFIRMED: "Import en cours",
    State.IMPORTED: "Importé",
    State.REFUSED: "Fichier refusé",
    State.ABANDONED: "Abandonné",
}
WORKING: Final = (State.UPLOADED, State.NAMED, State.CONFIRMED)
"""Those in which the background has something to do."""
ENDS: Final = (State.IMPORTED, State.REFUSED, State.ABANDONED)

_AUTHOR: Final = "la personne qui a déposé le tableau"
_JOB: Final = "la tâche de fond"
TRANSITIONS: tuple[Transition, ...] = (
    transition("read", [State.UPLOADED], State.READ, _JOB),
    transition("name", [State.READ, State.REHEARSED], State.NAMED, _AUTHOR),
    transition("rehearse", [State.NAMED], State.REHEARSED, _JOB),
    transition("confirm", [State.REHEARSED], State.CONFIRMED, _AUTHOR),
    transition("finish", [State.CONFIRMED], State.IMPORTED, _JOB),
    transition("refuse", [State.UPLOADED, State.NAMED, State.CONFIRMED], State.REFUSED, _JOB),
    transition(
        "abandon", [State.UPLOADED, State.READ, State.NAMED, State.REHEARSED], State.ABANDONED, _AUTHOR
    ),
)
