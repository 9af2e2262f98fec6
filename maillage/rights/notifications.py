"""What is said outside of an application: a reference and a link, never whose nor which right."""

from typing import Final
from uuid import UUID

from maillage.notifications.actions import Draft, post
from maillage.referrals.references import reference

KINDS: dict[str, str] = {
    "application_sent": "Un dossier de droits vous a été envoyé",
    "application_received": "La caisse a reçu votre dossier de droits",
    "application_asked": "La caisse vous demande des pièces pour un dossier de droits",
    "application_answered": "Des pièces sont arrivées pour un dossier de droits",
    "application_granted": "Un dossier de droits a reçu une réponse",
    "application_refused": "Un dossier de droits a reçu une réponse : voyez pourquoi",
    "application_withdrawn": "Un dossier de droits que vous aviez reçu est retiré",
    "application_cancelled": "Un dossier de droits que vous aviez reçu est annulé : il était envoyé par erreur",
    "application_lapsed": "Le délai de la loi est passé pour un dossier de droits : voyez ce que vaut le silence",
}
AT_ONCE: Final = frozenset({"application_sent", "application_asked", "application_answered"})
"""What asks something of somebody: told at once where the application is urgent, else in the summary of the day."""


def tell(kind: str, *, case: UUID, to: UUID, urgent: bool, about: UUID | None = None) -> None:
    """One message about an application to the other organisation, once; `about` names the fact, where it may happen again."""
    post(
        [
            Draft(
                once=f"{kind}:{case}:{about}" if about else f"{kind}:{case}",
                recipient=to,
                kind=kind,
                reference=reference(case),
                path=f"/droits/{case}/",
                held=not (urgent and kind in AT_ONCE),
            )
        ]
    )
