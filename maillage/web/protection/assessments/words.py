"""An impact assessment in words: its states, a level, why it is to be reviewed, why an answer is due."""

from collections.abc import Mapping
from typing import Final

from maillage.protection.assessments.models import Assessment, AssessmentContribution
from maillage.protection.assessments.queries import Changes
from maillage.protection.assessments.rules import Kind, Level, Status
from maillage.protection.assessments.states import State
from maillage.web.presentation.components import Explanation
from maillage.web.presentation.dates import long_date, long_instant, short_date
from maillage.web.presentation.tones import Tone

TONES: Final[Mapping[str, Tone]] = {
    State.DRAFT: Tone.INFO,
    State.VALIDATED: Tone.GOOD,
    State.REPLACED: Tone.NEUTRAL,
}
STATUS_TONES: Final[Mapping[Status, Tone]] = {
    Status.NONE: Tone.SOON,
    Status.DRAFT: Tone.INFO,
    Status.VALID: Tone.GOOD,
    Status.TO_REVIEW: Tone.LATE,
}
LEVEL_TONES: Final[Mapping[Level, Tone]] = {
    Level.NEGLIGIBLE: Tone.GOOD,
    Level.LIMITED: Tone.GOOD,
    Level.SIGNIFICANT: Tone.SOON,
    Level.MAXIMUM: Tone.LATE,
}


def graded(score: int) -> str:
    """A score with its word."""
    return f"{score} ({Level(score).label})"


def changed_words(row: Assessment, changes: Changes) -> str:
    """« Le texte a changé depuis l’analyse du 12/03/2026 : à revoir. Ce qui change : finalité, données. »"""
    day = f" du {short_date(row.validated_at)}" if row.validated_at else ""
    begun = f"Le texte a changé depuis l’analyse{day} : à revoir."
    if changes.is_gone:
        return f"{begun} Il ne contient plus ces échanges."
    points = ", ".join(f"{one[:1].lower()}{one[1:]}" for one in changes.points)
    return f"{begun} Ce qui change : {points or 'les mots de ses clauses'}."


def review_why(row: Assessment) -> Explanation:
    """Why a validated version is to be reviewed by then."""
    validated = long_instant(row.validated_at) if row.validated_at else ""
    return Explanation(
        fact=f"Validée le {validated}.",
        rule="La révision est fixée à la validation, trois ans au plus tard ; plus tôt si les risques ou le texte changent.",
        article="RGPD, article 35.11",
    )


def due_why(row: AssessmentContribution) -> Explanation:
    """Why an answer is due by then."""
    article = "RGPD, article 35.2" if row.kind == Kind.OPINION else "RGPD, article 35"
    return Explanation(
        fact=f"Demandé par {row.leader.name} le {long_instant(row.recorded_at)}.",
        rule=f"Ce jour, le {long_date(row.due_on)}, est celui que {row.leader.name} a demandé.",
        article=article,
    )
