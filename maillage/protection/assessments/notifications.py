"""What is said outside of an impact assessment: that something is asked or answered, a reference and a link, nothing of it."""

from datetime import date
from typing import Final
from uuid import UUID

from maillage.protection.notifications import coded, tell_bodies

KINDS: Final[dict[str, str]] = {
    "assessment_asked": "Une contribution à une analyse d’impact vous est demandée",
    "assessment_answered": "Une demande de votre analyse d’impact a reçu sa réponse",
    "assessment_review": "Une analyse d’impact est bientôt à revoir",
}
"""Kinds of messages; all wait for the summary of the day."""


def reference(assessment: UUID) -> str:
    """A short code that names an assessment to people, such as « A-7A3F0C »; rights never depend on it."""
    return coded("A", assessment)


def tell_asked(contribution: UUID, body: UUID) -> None:
    """To the box of whoever is asked: where to answer."""
    _post("assessment_asked", contribution, body, f"/protection/analyses/demandes/{contribution}/")


def tell_answered(contribution: UUID, leader: UUID) -> None:
    """To the box of whoever asked."""
    _post("assessment_answered", contribution, leader, f"/protection/analyses/demandes/{contribution}/")


def tell_review(assessment: UUID, leader: UUID, review_on: date) -> None:
    """To the box of whoever leads it, once for each day of review."""
    _post("assessment_review", assessment, leader, f"/protection/analyses/{assessment}/", fact=review_on)


def _post(kind: str, named: UUID, body: UUID, path: str, *, fact: object = "") -> None:
    tell_bodies(kind, named, [body], code=reference(named), path=path, fact=fact, held=True)
