"""What is said outside: a reference and a link, never what a case contains."""

from typing import Final
from uuid import UUID

from django.db import connection

from maillage.core.clock import today
from maillage.core.holidays import zone_of
from maillage.notifications.actions import Draft, post
from maillage.organisations.member import trained_since
from maillage.organisations.undertaking import CURRENT
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
    "referral_choice": "La personne a fait un nouveau choix sur une orientation : voyez lequel",
    "referral_cancelled": "Une orientation que vous aviez reçue est annulée : elle était envoyée par erreur",
}


AT_ONCE: Final = frozenset({
    "referral_sent", "referral_question", "referral_answer", "referral_message", "referral_refused", "referral_redirected",
    "referral_expired", "referral_withdrawn", "referral_revoked", "referral_cancelled",
})  # fmt: skip
"""What asks something of somebody, or stops what she does: told at once to the people themselves where the case is urgent."""


def tell(kind: str, *, case: UUID, to: UUID, urgent: bool, about: UUID | str | None = None) -> None:
    """One message about a case to the other organisation, once; `about` names the fact, where the same may happen again.

    Of an urgent one, those on whose desk it is there are told too, at once, as each of them chose; of another one the box hears
    in the summary of its day.
    """
    once = f"{kind}:{case}:{about}" if about else f"{kind}:{case}"
    at_once = urgent and kind in AT_ONCE
    if at_once:
        _tell_desk(once, case=case, to=to)
    post(
        [
            Draft(
                once=once,
                recipient=to,
                kind=kind,
                reference=reference(case),
                path=f"/orientations/{case}/",
                held=not at_once,
            )
        ]
    )


PARIS: Final = zone_of("75")


def _tell_desk(once: str, *, case: UUID, to: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT referrals_tell_desk(%s, %s, %s, %s, %s, %s)",
            [case, to, once, reference(case), CURRENT, trained_since(today(PARIS))],
        )
