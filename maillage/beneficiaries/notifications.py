"""What is said outside of an identity that was put right: a reference and a link, never what it says."""

from typing import Final
from uuid import UUID

from maillage.notifications.actions import Draft, post

KINDS: Final[dict[str, str]] = {
    "identity_corrected": "Une identité est corrigée dans un dossier commun : à reprendre de votre côté",
}
"""It leaves at once (S3 art. 6: « sans délai »)."""


def tell_corrected(correction: UUID, *, case: UUID, code: str, to: UUID) -> None:
    """One message to the other organisation, once; `code` is the case's reference, as its participations keep it."""
    kind = "identity_corrected"
    post(
        [
            Draft(
                once=f"{kind}:{correction}:{to}",
                recipient=to,
                kind=kind,
                reference=f"{code[:4]}-{code[4:]}",
                path=f"/dossiers/{case}/identite/",
            )
        ]
    )
