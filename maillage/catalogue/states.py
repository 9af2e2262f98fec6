"""The life of one version of a support. Pages, documents and checks derive from this table; what is obsolete follows from dates."""

from enum import StrEnum

from maillage.core.states import Transition, transition


class State(StrEnum):
    """States of a version. Whether a published one is current is a matter of days: `rules.standing`."""

    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


WORDS: dict[State, str] = {
    State.DRAFT: "Brouillon",
    State.PUBLISHED: "Publiée",
    State.REPLACED: "Remplacée",
    State.WITHDRAWN: "Retirée",
    State.DISCARDED: "Abandonnée",
}
TOLD: frozenset[State] = frozenset({State.PUBLISHED, State.REPLACED, State.WITHDRAWN})
"""What everybody who works here may know of; the others are their owner's."""

_OWNER = "l’organisme auquel appartient le support"

TRANSITIONS: tuple[Transition, ...] = (
    transition("publish", [State.DRAFT], State.PUBLISHED, _OWNER),
    transition("discard", [State.DRAFT], State.DISCARDED, _OWNER),
    transition("prolong", [State.PUBLISHED], State.PUBLISHED, _OWNER),
    transition("replace", [State.PUBLISHED], State.REPLACED, "la version qui prend toute sa place"),
    transition("withdraw", [State.PUBLISHED], State.WITHDRAWN, _OWNER),
)
