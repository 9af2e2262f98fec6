"""What every sub-room says outside: that there is something to look at, a short code and a link, nothing of it."""

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from maillage.notifications.actions import Draft, post


def coded(letter: str, named: UUID) -> str:
    """A short code that names something to people, such as « V-7A3F0C »; rights never depend on it."""
    return f"{letter}-{sha256(named.bytes).hexdigest()[:6].upper()}"


def tell_bodies(
    kind: str,
    named: UUID,
    bodies: Iterable[UUID],
    *,
    code: str,
    path: str,
    fact: object = "",
    held: bool = False,
) -> None:
    """One message, once for each body and fact, to its own box; `held`: with the summary of the day."""
    post(
        Draft(
            once=f"{kind}:{named}:{fact}:{body}",
            recipient=body,
            kind=kind,
            reference=code,
            path=path,
            held=held,
        )
        for body in dict.fromkeys(bodies)
    )
