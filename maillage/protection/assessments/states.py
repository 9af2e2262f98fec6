"""The life of an impact assessment. Pages, documents and checks derive from this table."""

from enum import StrEnum

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of one version of an impact assessment."""

    DRAFT = "draft"
    VALIDATED = "validated"
    REPLACED = "replaced"


WORDS: dict[State, str] = {
    State.DRAFT: "En préparation",
    State.VALIDATED: "Validée",
    State.REPLACED: "Remplacée",
}

TRANSITIONS: tuple[Transition, ...] = (
    transition(
        "validate", [State.DRAFT], State.VALIDATED, "qui veille aux données de l’organisme qui mène l’analyse"
    ),
    transition("replace", [State.VALIDATED], State.REPLACED, "la validation de la version suivante"),
)
