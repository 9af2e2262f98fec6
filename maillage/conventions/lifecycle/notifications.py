"""What is said outside of a convention: a reference and a link, to the other bodies' generic mailboxes."""

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from maillage.notifications.actions import Draft, post

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O, 1 I L, U: nothing to confuse when spelled


def reference(convention: UUID) -> str:
    """A short code that names a convention to people, such as « C-K7QM3X »; rights never depend on it."""
    number = int.from_bytes(sha256(convention.bytes).digest(), "big")
    letters = []
    for _ in range(6):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return f"C-{''.join(letters)}"


def path(convention: UUID) -> str:
    """The address of the convention's page, without its host."""
    return f"/conventions/{convention}/"


def tell(kind: str, *, convention: UUID, to: Iterable[UUID], fact: object) -> None:
    """One message to each body about one fact. `fact` names it, so that telling it again sends nothing."""
    post(
        Draft(
            once=f"{kind}:{convention}:{fact}:{recipient}",
            recipient=recipient,
            kind=kind,
            reference=reference(convention),
            path=path(convention),
        )
        for recipient in dict.fromkeys(to)
    )
