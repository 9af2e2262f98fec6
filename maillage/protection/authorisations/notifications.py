"""What is said outside of an authorisation: that there is one to look at, a reference and a link; nothing of whom it is for."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final
from uuid import UUID

from maillage.notifications.actions import Draft, post

KINDS: Final[dict[str, str]] = {
    "transfer_asked": "Une autorisation de transmettre des données vous est demandée",
    "transfer_answered": "Une autorisation de transmettre des données a reçu une réponse",
    "transfer_withdrawn": "Une autorisation de transmettre des données est retirée",
    "transfer_ending": "Une autorisation de transmettre des données prend bientôt fin",
}
"""Kinds of messages; all leave at once."""


def reference(transfer: UUID) -> str:
    """A short code that names an authorisation to people, such as « T-7A3F0C »; rights never depend on it."""
    return f"T-{sha256(transfer.bytes).hexdigest()[:6].upper()}"


def path(transfer: UUID) -> str:
    """The address of its page, without a host."""
    return f"/protection/autorisations/{transfer}/"


def tell(kind: str, transfer: UUID, bodies: Iterable[UUID], *, fact: object = "") -> None:
    """One message, once for each body and fact, to its own box: for its data protection officer and its administrators."""
    post(
        Draft(
            once=f"{kind}:{transfer}:{fact}:{body}",
            recipient=body,
            kind=kind,
            reference=reference(transfer),
            path=path(transfer),
        )
        for body in dict.fromkeys(bodies)
    )
