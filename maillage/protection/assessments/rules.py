"""What an impact assessment must hold before it is validated, the level of a risk, when it is to be reviewed. Pure.

Sources: GDPR art. 35 and 36; S2 and S4 annexe 1-9 (the controller leads, the partner gives its documentation).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from typing import Final

from maillage.conventions.terms.base import Labelled
from maillage.core.calendar import Period, add, subtract
from maillage.core.refusals import Fault

LONGEST: Final = 4_000
SHORT: Final = 300
REVIEWED_WITHIN: Final = Period(months=36)
"""The CNIL asks for a review every three years at the latest."""
REMINDED: Final = Period(months=2)
_HIGH: Final = 3
_SCALE: Final = range(1, 5)


class FearedEvent(Labelled):
    """The three events that the method of the CNIL looks at."""

    ACCESS = "access", "Accès illégitime à des données"
    CHANGE = "change", "Modification non désirée de données"
    LOSS = "loss", "Disparition de données"


class Level(IntEnum):
    """The scale of the CNIL, for severity and for likelihood."""

    NEGLIGIBLE = 1
    LIMITED = 2
    SIGNIFICANT = 3
    MAXIMUM = 4

    @property
    def label(self) -> str:
        """The word of the CNIL."""
        return ("négligeable", "limitée", "importante", "maximale")[self - 1]


class Decision(Labelled):
    """What is decided in the light of the risks that are left."""

    GO_ON = "go_on", "Poursuivre le traitement"
    WITH_MEASURES = "with_measures", "Poursuivre, avec les mesures prévues"
    CONSULT = "consult", "Consulter la CNIL avant de poursuivre (RGPD, article 36)"


class Kind(Labelled):
    """What is asked of an organisation."""

    DOCUMENTATION = "documentation", "Documentation du partenaire"
    OPINION = "opinion", "Avis du délégué à la protection des données"


class Stance(Labelled):
    """What an opinion concludes."""

    FAVOURABLE = "favourable", "Avis favorable"
    RESERVED = "reserved", "Avis favorable avec réserves"
    UNFAVOURABLE = "unfavourable", "Avis défavorable"


class Status(StrEnum):
    """Where the assessment of one kind of flow stands on a day."""

    NONE = "none"
    DRAFT = "draft"
    VALID = "valid"
    TO_REVIEW = "to_review"


STATUS_WORDS: Final = {
    Status.NONE: "Pas encore menée",
    Status.DRAFT: "En préparation",
    Status.VALID: "Validée",
    Status.TO_REVIEW: "À revoir",
}


@dataclass(frozen=True, slots=True)
class Scores:
    """One feared event before the measures and after them."""

    severity: int
    likelihood: int
    residual_severity: int
    residual_likelihood: int


@dataclass(frozen=True, slots=True)
class Asked:
    """One contribution, as the rules read it."""

    kind: str
    own: bool
    is_answered: bool
    is_withdrawn: bool

    @property
    def waits(self) -> bool:
        """Whether it is neither answered nor given up."""
        return not self.is_answered and not self.is_withdrawn


def level(severity: int, likelihood: int) -> Level:
    """The level of a risk: as high as the lower of both, since what cannot happen harms nobody; one step above it where one is maximal.

    Never above the higher of both.
    """
    low, high = sorted((severity, likelihood))
    return Level(min(high, low + 1) if high == Level.MAXIMUM else low)


def is_high(scores: Scores) -> bool:
    """Whether what is left is a high risk, which is not accepted without a word of the authority (GDPR art. 36.1)."""
    return level(scores.residual_severity, scores.residual_likelihood) >= _HIGH


def score_faults(scores: Scores) -> Iterator[Fault]:
    """What is wrong with the scores of an event: outside of the scale, or worse once the measures are taken."""
    for field, value in (
        ("severity", scores.severity),
        ("likelihood", scores.likelihood),
        ("residual_severity", scores.residual_severity),
        ("residual_likelihood", scores.residual_likelihood),
    ):
        if value not in _SCALE:
            yield Fault("Choisissez de 1 à 4.", field)
    for before, after, field in (
        (scores.severity, scores.residual_severity, "residual_severity"),
        (scores.likelihood, scores.residual_likelihood, "residual_likelihood"),
    ):
        if before in _SCALE and after in _SCALE and after > before:
            yield Fault(
                "Les mesures ne peuvent pas aggraver le risque : au plus autant qu’avant elles.", field
            )


def missing(*, necessity: str, events: Collection[str], asked: Iterable[Asked]) -> tuple[str, ...]:
    """What an assessment lacks before it can be validated, in the order of its pages; empty when nothing is lacking."""
    known = tuple(asked)
    found = [] if necessity.strip() else ["la nécessité et la proportionnalité"]
    found += [f"le risque « {one.label} »" for one in FearedEvent if one.value not in events]
    if not any(one.kind == Kind.OPINION and one.own and one.is_answered for one in known):
        found.append("l’avis de votre délégué à la protection des données (RGPD, article 35.2)")
    if any(one.waits and not (one.kind == Kind.OPINION and one.own) for one in known):
        found.append("une réponse demandée, ou votre choix de ne plus l’attendre")
    return tuple(found)


def decision_fault(decision: str, scores: Iterable[Scores]) -> Fault | None:
    """What is wrong with a decision; a high risk that is left is not accepted without asking the authority."""
    if decision not in {one.value for one in Decision}:
        return Fault("Choisissez une réponse.", "decision")
    if decision != Decision.CONSULT and any(is_high(one) for one in scores):
        said = "Un risque élevé demeure après les mesures : réduisez-le, ou consultez la CNIL (RGPD, article 36)."
        return Fault(said, "decision")
    return None


def review_fault(review_on: date | None, on: date) -> Fault | None:
    """What is wrong with a date of review: it is to come, within three years."""
    if review_on is None:
        return Fault("Écrivez une date, comme 14/11/2024.", "review_on")
    if review_on <= on:
        return Fault("La révision vient après la validation.", "review_on")
    if review_on > latest_review(on):
        return Fault("Une analyse se revoit au moins tous les trois ans.", "review_on")
    return None


def latest_review(on: date) -> date:
    """The last day on which what is validated that day may be reviewed; what is offered when nobody says otherwise."""
    return add(on, REVIEWED_WITHIN)


def due_fault(due_on: date | None, on: date) -> Fault | None:
    """What is wrong with the day by which an answer is asked."""
    if due_on is None:
        return Fault("Écrivez une date, comme 14/11/2024.", "due_on")
    return None if due_on > on else Fault("Laissez au moins un jour pour répondre.", "due_on")


def must_review(*, review_on: date, has_changed: bool, on: date) -> bool:
    """Whether what was validated is to be reviewed: its day has come, or the text is no longer the one that was looked at."""
    return has_changed or on >= review_on


def is_reminded(review_on: date, on: date) -> bool:
    """Whether the review is near enough to be among what is due."""
    return on >= subtract(review_on, REMINDED)


def status(*, has_draft: bool, review_on: date | None, has_changed: bool, on: date) -> Status:
    """Where a kind of flow stands; `review_on` is that of its validated version, None where there is none."""
    if review_on is None:
        return Status.DRAFT if has_draft else Status.NONE
    if must_review(review_on=review_on, has_changed=has_changed, on=on):
        return Status.TO_REVIEW
    return Status.DRAFT if has_draft else Status.VALID
