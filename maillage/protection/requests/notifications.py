"""What is said outside of a request: that there is one to look at, a reference and a link; nothing of who asks."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from maillage.protection.notifications import coded, tell_bodies

KINDS: Final[dict[str, str]] = {
    "request_received": "Une demande d’une personne sur ses données est à traiter",
    "request_rectified": "Une rectification est à reprendre dans un dossier commun",
    "request_moved": "Une demande d’une personne sur ses données a avancé",
}
"""Kinds of messages; the first two leave at once, the last waits for the summary of the day."""


def reference(request: UUID) -> str:
    """A short code that names a request to people, such as « D-7A3F0C »; rights never depend on it."""
    return coded("D", request)


def path(request: UUID) -> str:
    """The address of its page, without a host."""
    return f"/protection/demandes/{request}/"


def tell_received(request: UUID, bodies: Iterable[UUID], *, fact: object = "") -> None:
    """One message, once for each body, to its own box: for its data protection officer and its administrators."""
    _post("request_received", request, bodies, fact=fact, held=False)


def tell_rectified(rectification: UUID, body: UUID) -> None:
    """That something was put right in a shared case: at once, to the box of whoever received the data."""
    code = reference(rectification)
    tell_bodies("request_rectified", rectification, [body], code=code, path="/protection/demandes/")


def tell_moved(request: UUID, bodies: Iterable[UUID], *, fact: object) -> None:
    """That something was answered or extended: with the summary of the day."""
    _post("request_moved", request, bodies, fact=fact, held=True)


def _post(kind: str, request: UUID, bodies: Iterable[UUID], *, fact: object, held: bool) -> None:
    code, page = reference(request), path(request)
    tell_bodies(kind, request, bodies, code=code, path=page, fact=fact, held=held)
