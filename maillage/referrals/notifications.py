"""What is said outside: a reference and a link, never what a case contains."""

from uuid import UUID

from maillage.notifications.actions import Draft, post
from maillage.referrals.references import reference

KINDS: dict[str, str] = {
    "referral_sent": "Une orientation vous a été envoyée",
    "referral_acknowledged": "La caisse a accusé réception de votre orientation",
    "referral_accepted": "La caisse accompagne la personne que vous avez orientée",
    "referral_refused": "La caisse n’a pas pris en charge votre orientation : voyez pourquoi",
    "referral_redirected": "La caisse vous indique un autre service pour votre orientation : voyez lequel",
    "referral_forwarded": "La caisse a aussi transmis votre orientation à un autre service",
    "referral_expired": "Une orientation est restée sans réponse : voyez que faire",
    "referral_contacted": "La caisse a contacté la personne que vous avez orientée",
    "referral_paused": "L’accompagnement que vous avez demandé est en pause",
    "referral_question": "La caisse vous pose une question sur une orientation",
    "referral_answer": "Une réponse vous est parvenue sur une orientation",
    "referral_message": "Un message vous attend sur une orientation",
    "referral_closed": "L’accompagnement que vous avez demandé est terminé",
    "referral_withdrawn": "Une orientation que vous aviez reçue est arrêtée",
    "referral_revoked": "Une orientation que vous aviez envoyée est arrêtée : la personne l’a demandé à la caisse",
    "referral_cancelled": "Une orientation que vous aviez reçue est annulée : elle était envoyée par erreur",
}


def tell(kind: str, *, case: UUID, to: UUID, about: UUID | None = None) -> None:
    """One message about a case to the other organisation, once; `about` is the row, where the same may happen again."""
    post(
        [
            Draft(
                once=f"{kind}:{case}:{about}" if about else f"{kind}:{case}",
                recipient=to,
                kind=kind,
                reference=reference(case),
                path=f"/orientations/{case}/",
            )
        ]
    )
