"""PRADO maternité: what a caisse notes from the adviser's visit to the mother's answer, and what may be told of all answers. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

VERDICTS: Final = ("met", "not_met", "unknown")
"""What the conditions of the text give at the visit; empty before."""

REFUSALS: Final[dict[str, str]] = {
    "followed": "Une sage-femme la suit déjà",
    "no_need": "Elle n’en voit pas l’utilité",
    "no_visit": "Elle ne veut pas de visite à domicile",
    "moves": "Elle sort ailleurs qu’à son domicile",
    "other": "Autre raison",
}
"""Why a mother refuses."""
ANSWERS: Final[dict[str, str]] = {
    "accepted": "Elle adhère",
    **{reason: f"Elle refuse : {words[0].lower()}{words[1:]}" for reason, words in REFUSALS.items()},
}
"""What she answers, in one choice."""
NAME_LONGEST: Final = 80
PHONE_LONGEST: Final = 30
MIDWIFE_LONGEST: Final = 160

THRESHOLD: Final = 11
"""No count from 1 to 10 is shown to whoever does not hold it (docs/adr/0024)."""
CONTRIBUTORS: Final = 3
LARGEST_SHARE: Final = 85
"""Per cent: no maternity makes more than this of a published figure."""


class Step(StrEnum):
    """Where an enrolment stands: what comes next, or how it ended."""

    VISIT = "visit"
    COMPLETE = "complete"
    NOT_ELIGIBLE = "not_eligible"
    PRESENT = "present"
    ANSWER = "answer"
    MIDWIFE = "midwife"
    ENROLLED = "enrolled"
    REFUSED = "refused"


STEPS: Final[dict[Step, str]] = {
    Step.VISIT: "À visiter",
    Step.COMPLETE: "Éligibilité à compléter",
    Step.NOT_ELIGIBLE: "Non éligible",
    Step.PRESENT: "À présenter",
    Step.ANSWER: "Réponse attendue",
    Step.MIDWIFE: "Sage-femme à choisir",
    Step.ENROLLED: "Adhésion",
    Step.REFUSED: "Refus",
}
"""Each step in words."""


def step_of(*, eligible: str, presented: bool, answer: str, has_midwife: bool) -> Step:
    """Where an enrolment stands."""
    if answer:
        if answer == "refused":
            return Step.REFUSED
        return Step.ENROLLED if has_midwife else Step.MIDWIFE
    if presented:
        return Step.ANSWER
    return {
        "": Step.VISIT,
        "unknown": Step.COMPLETE,
        "not_met": Step.NOT_ELIGIBLE,
        "met": Step.PRESENT,
    }[eligible]


def answer_and_reason(given: str) -> tuple[str, str]:
    """The two columns of an answer. Raises KeyError for one of no list."""
    if given not in ANSWERS:
        raise KeyError(given)
    return ("accepted", "") if given == "accepted" else ("refused", given)


def day_problem(day: date, *, after: date | None, on: date, what: str) -> str:
    """What is wrong with the day of something that has happened; empty when nothing is. `after` is the day of what came before."""
    if day > on:
        return "Ce jour est à venir : notez ce qui est fait."
    if after is not None and day < after:
        return f"Ce jour précède {what}."
    return ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many mothers PRADO was presented to in a month, and how many enrolled: the rate of S0 article 4."""

    month: date
    presented: int
    accepted: int

    @property
    def rate(self) -> float | None:
        """Enrolments over presentations, from 0 to 1; None when nobody was met."""
        return self.accepted / self.presented if self.presented else None


def total(counts: Iterable[Count], month: date) -> Count:
    """Several counts of one month in one."""
    found = list(counts)
    return Count(month, sum(one.presented for one in found), sum(one.accepted for one in found))
