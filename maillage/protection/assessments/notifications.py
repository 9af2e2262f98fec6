"""What is said outside of an impact assessment: that something is asked or answered, a reference and a link, nothing of it."""

from hashlib import sha256
from typing import Final
from uuid import UUID

from maillage.notifications.actions import Draft, post

KINDS: Final[dict[str, str]] = {
    "assessment_asked": "Une contribution à une analyse d’impact vous est demandée",
    "assessment_answered": "Une demande de votre analyse d’impact a reçu sa réponse",
}
"""Kinds of messages; all wait for the summary of the day."""


def reference(assessment: UUID) -> str:
    """A short code that names an assessment to people, such as « A-7QM3XK »; rights never depend on it."""
    return f"A-{sha256(assessment.bytes).hexdigest()[:6].upper()}"


def tell_asked(contribution: UUID, body: UUID) -> None:
    """To the box of whoever is asked: where to answer."""
    _post("assessment_asked", contribution, body, f"/protection/analyses/demandes/{contribution}/")


def tell_answered(contribution: UUID, leader: UUID) -> None:
    """To the box of whoever asked."""
    _post("assessment_answered", contribution, leader, f"/protection/analyses/demandes/{contribution}/")


def _post(kind: str, named: UUID, body: UUID, path: str) -> None:
    once = f"{kind}:{named}:{body}"
    post([Draft(once=once, recipient=body, kind=kind, reference=reference(named), path=path, held=True)])
