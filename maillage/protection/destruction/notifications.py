"""What is said outside of a destruction: that there is one to look at, a reference and a link, nothing of it."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from maillage.conventions.lifecycle.notifications import reference
from maillage.protection.notifications import tell_bodies

KINDS: Final[dict[str, str]] = {
    "destruction_planned": "Des données sont à détruire au terme d’une convention",
    "destruction_done": "Des données ont été détruites au terme d’une convention",
}


def path(convention: UUID) -> str:
    """The address of the page of what becomes of a convention's data, without a host."""
    return f"/protection/destructions/{convention}/"


def tell(kind: str, convention: UUID, bodies: Iterable[UUID], *, fact: object) -> None:
    """One message, once for each body and fact, to its own box, with the summary of the day."""
    code, page = reference(convention), path(convention)
    tell_bodies(kind, convention, bodies, code=code, path=page, fact=fact, held=True)
