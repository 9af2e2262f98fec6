"""What becomes of care and of rights, and how a referral is counted on each of the two axes (S4 art. 4). Pure.

Care and rights are counted apart: neither decides of the other.
"""

from collections.abc import Iterable
from typing import Final

NOT_DONE: Final[dict[str, str]] = {
    "refused": "Sans suite : refus",
    "unreachable": "Sans suite : injoignable",
    "not_relevant": "Sans suite : non pertinent",
    "other": "Sans suite : autre raison",
}
"""Why care was not given, in the order in which reasons count: what the person decided first, what nobody named last."""
CARE_ANSWERS: Final[dict[str, str]] = {"done": "Soin réalisé", **NOT_DONE}
"""What is answered of one care renounced: done, or why not."""
SETTLED: Final = ("done", "not_done")

FOUND_BY: Final = ("sender", "recipient")
"""Who noted the renunciation: the sender when sending, or the caisse in its own assessment."""

RIGHTS: Final[dict[str, str]] = {
    "puma": "Ouverture de droits (PUMa)",
    "c2s": "Complémentaire santé solidaire (C2S)",
    "c2s_participation": "C2S avec participation",
    "ame": "Aide médicale de l’État (AME)",
    "carte_vitale": "Carte Vitale",
    "medecin_traitant": "Médecin traitant",
    "other": "Autre droit",
}
"""Rights that the caisse follows for the person: those that S4 art. 4 counts, and what is asked at the same counter."""
UNDER_WAY: Final = "under_way"
RIGHT_OUTCOMES: Final[dict[str, str]] = {
    UNDER_WAY: "En cours",
    "opened": "Ouvert ou obtenu",
    "refused": "Refusé",
    "accompanied": "Accompagnée dans la démarche",
    "not_applicable": "Sans objet",
}
_RIGHTS_COUNT: Final = ("opened", UNDER_WAY, "accompanied", "refused")
HELPED: Final = ("opened", UNDER_WAY, "accompanied")
"""Outcomes on the axis of rights that helped the person, whatever came of her care."""


def outcome_and_why(answer: str) -> tuple[str, str]:
    """The two columns of an answer about care; both empty for none."""
    if not answer:
        return "", ""
    return ("done", "") if answer == "done" else ("not_done", answer)


def answer_of(outcome: str, why: str) -> str:
    """The answer that these two columns hold; empty while nobody settled it."""
    return why if outcome == "not_done" else outcome


def care_outcome(answers: Iterable[str]) -> str:
    """The outcome on the axis of care: done as soon as one is; else the first reason in the order of NOT_DONE.

    « none_needed » where no care was in question. Raises ValueError for an answer that is missing, or of no list.
    """
    given = set(answers)
    if given - set(CARE_ANSWERS):
        raise ValueError(f"not settled: {sorted(given)}")
    return next((answer for answer in CARE_ANSWERS if answer in given), "none_needed")


def rights_outcome(outcomes: Iterable[str]) -> str:
    """The outcome on the axis of rights: opened as soon as one is, else under way, accompanied, refused; « none » without any.

    Raises ValueError for an outcome of no list.
    """
    given = set(outcomes)
    if given - set(RIGHT_OUTCOMES):
        raise ValueError(f"unknown outcome: {sorted(given)}")
    return next((outcome for outcome in _RIGHTS_COUNT if outcome in given), "none")
