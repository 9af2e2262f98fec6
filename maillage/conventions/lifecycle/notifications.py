"""What is said outside of a convention: a reference and a link, to the bodies' generic mailboxes and to their referents."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from hashlib import sha256
from typing import Final
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


Duty = Callable[[UUID, Collection[UUID], date], Iterable[tuple[UUID, UUID]]]
"""The tenures to reach, each with its organisation: of a convention, of these bodies, on a day."""
_ON_DUTY: list[Duty] = []


def reach_also(duty: Duty) -> None:
    """Have each notice sent to those on duty too; said once, when the rooms are loaded, by the sub-room that knows them."""
    if duty not in _ON_DUTY:
        _ON_DUTY.append(duty)


AT_ONCE: Final = frozenset({"convention_fact"})
"""After which a delay may run against whoever is told (a denunciation, a formal notice): it does not wait for the summary."""


def tell(
    kind: str,
    *,
    convention: UUID,
    to: Iterable[UUID],
    fact: object,
    on: date,
    named: tuple[str, str] | None = None,
) -> None:
    """One message to each body about one fact, and one to each of its referents on duty that day: two in a hand-over.

    `fact` names it, so that telling it again sends nothing; `named`: the code and the path, the convention's unless given. What
    is not for at once waits for the summary of the day of the box.
    """
    code, where = named or (reference(convention), path(convention))
    bodies = tuple(dict.fromkeys(to))
    reached: list[tuple[UUID, UUID | None]] = [(body, None) for body in bodies]
    reached += [(body, referent) for duty in _ON_DUTY for referent, body in duty(convention, bodies, on)]
    post(
        Draft(
            once=":".join(filter(None, (kind, str(convention), str(fact), str(body), str(referent or "")))),
            recipient=body,
            kind=kind,
            reference=code,
            path=where,
            referent=referent,
            held=kind not in AT_ONCE,
        )
        for body, referent in reached
    )
