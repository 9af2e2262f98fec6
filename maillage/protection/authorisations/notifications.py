"""What is said outside of an authorisation: that there is one to look at, a reference and a link; nothing of whom it is for."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from maillage.protection.notifications import coded, tell_bodies

KINDS: Final[dict[str, str]] = {
    "transfer_asked": "Une autorisation de transmettre des données vous est demandée",
    "transfer_answered": "Une autorisation de transmettre des données a reçu une réponse",
    "transfer_withdrawn": "Une autorisation de transmettre des données est retirée",
    "transfer_ending": "Une autorisation de transmettre des données prend bientôt fin",
}
"""Kinds of messages; all leave at once."""


def reference(transfer: UUID) -> str:
    """A short code that names an authorisation to people, such as « T-7A3F0C »; rights never depend on it."""
    return coded("T", transfer)


def path(transfer: UUID) -> str:
    """The address of its page, without a host."""
    return f"/protection/autorisations/{transfer}/"


def tell(kind: str, transfer: UUID, bodies: Iterable[UUID], *, fact: object = "") -> None:
    """One message, once for each body and fact, to its own box: for its data protection officer and its administrators."""
    tell_bodies(kind, transfer, bodies, code=reference(transfer), path=path(transfer), fact=fact)
