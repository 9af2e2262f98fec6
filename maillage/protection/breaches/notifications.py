"""What is said outside of a breach: that there is one to look at, a reference and a link, nothing of it (row H5)."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from maillage.protection.notifications import coded, tell_bodies

KINDS: Final[dict[str, str]] = {
    "breach_told": "Une violation de données vous est signalée",
    "breach_moved": "Le dossier d’une violation de données a avancé",
}
"""Kinds of messages; the first leaves at once, the second waits for the summary of the day."""


def reference(breach: UUID) -> str:
    """A short code that names a breach to people, such as « V-7A3F0C »; rights never depend on it."""
    return coded("V", breach)


def path(breach: UUID) -> str:
    """The address of its page, without a host."""
    return f"/protection/violations/{breach}/"


def tell_watchers(breach: UUID, bodies: Iterable[UUID]) -> None:
    """One message, once for each body, to its own box: for its data protection officer and its administrators."""
    _post("breach_told", breach, bodies, fact="told", held=False)


def tell_moved(breach: UUID, bodies: Iterable[UUID], *, fact: object) -> None:
    """That something was decided or done: with the summary of the day."""
    _post("breach_moved", breach, bodies, fact=fact, held=True)


def _post(kind: str, breach: UUID, bodies: Iterable[UUID], *, fact: object, held: bool) -> None:
    code, page = reference(breach), path(breach)
    tell_bodies(kind, breach, bodies, code=code, path=page, fact=fact, held=held)
