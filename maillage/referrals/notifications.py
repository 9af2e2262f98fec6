"""What is said outside: a reference and a link, never what a case contains."""

from uuid import UUID

from maillage.notifications.actions import Draft, post
from maillage.referrals.references import reference

KINDS: dict[str, str] = {
    "referral_sent": "Une orientation vous a été envoyée",
    "referral_acknowledged": "La caisse a accusé réception de votre orientation",
    "referral_contacted": "La caisse a contacté la personne que vous avez orientée",
    "referral_closed": "L’accompagnement que vous avez demandé est terminé",
}


def tell(kind: str, *, case: UUID, to: UUID) -> None:
    """One message about a case to the other organisation, once."""
    post(
        [
            Draft(
                once=f"{kind}:{case}",
                recipient=to,
                kind=kind,
                reference=reference(case),
                path=f"/orientations/{case}/",
            )
        ]
    )
