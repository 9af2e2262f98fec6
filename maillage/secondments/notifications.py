"""What is said outside: a reference and a link, never who comes nor why."""

from uuid import UUID

from maillage.notifications.actions import Draft, post
from maillage.referrals.references import reference

KINDS: dict[str, str] = {
    "appointment_booked": "Un rendez-vous est pris dans l’agenda de votre agent délégué",
    "appointment_moved": "Un rendez-vous avec un agent délégué est déplacé",
    "appointment_cancelled": "Un rendez-vous avec un agent délégué est annulé",
    "appointment_held": "Un rendez-vous que vous avez pris est tenu",
    "appointment_missed": "La personne n’est pas venue au rendez-vous",
    "seconded_agent_gone": "Un agent délégué n’est plus à la caisse : ses rendez-vous sont à confier à quelqu’un d’autre",
}


def tell(kind: str, *, case: UUID, to: UUID, fact: str = "") -> None:
    """One message about an appointment to the other organisation, once for a fact."""
    post(
        [
            Draft(
                once=f"{kind}:{case}:{fact}" if fact else f"{kind}:{case}",
                recipient=to,
                kind=kind,
                reference=reference(case),
                path=f"/agents-delegues/rendez-vous/{case}/",
            )
        ]
    )


def tell_gone(*, secondment: UUID, agent: UUID, to: UUID) -> None:
    """Once for an agent: her secondment needs somebody else."""
    post(
        [
            Draft(
                once=f"seconded_agent_gone:{secondment}:{agent}:{to}",
                recipient=to,
                kind="seconded_agent_gone",
                reference=reference(secondment),
                path=f"/agents-delegues/{secondment}/",
            )
        ]
    )
