"""The states of an avenant and the one table of what moves it."""

from enum import StrEnum

from maillage.core.states import Transition, transition


class AmendmentState(StrEnum):
    """Where an avenant stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    PARTLY_SIGNED = "partly_signed"
    SIGNED = "signed"
    ABANDONED = "abandoned"

    @property
    def label(self) -> str:
        """The French word shown on screen."""
        return _LABELS[self]


_LABELS = {
    AmendmentState.DRAFT: "brouillon",
    AmendmentState.PROPOSED: "proposé",
    AmendmentState.PARTLY_SIGNED: "partiellement signé",
    AmendmentState.SIGNED: "signé",
    AmendmentState.ABANDONED: "abandonné",
}
_OPEN = (AmendmentState.DRAFT, AmendmentState.PROPOSED, AmendmentState.PARTLY_SIGNED)
_SIGNABLE = (AmendmentState.PROPOSED, AmendmentState.PARTLY_SIGNED)

TRANSITIONS: tuple[Transition, ...] = (
    transition("propose", (AmendmentState.DRAFT,), AmendmentState.PROPOSED, "une partie"),
    transition("change", _OPEN, AmendmentState.DRAFT, "une partie"),
    transition("sign", _SIGNABLE, AmendmentState.PARTLY_SIGNED, "une partie signataire"),
    transition("sign_last", _SIGNABLE, AmendmentState.SIGNED, "la dernière partie signataire"),
    transition("abandon", _OPEN, AmendmentState.ABANDONED, "une partie"),
)
