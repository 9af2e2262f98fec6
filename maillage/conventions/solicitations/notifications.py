"""What is said outside of a solicitation: a code and a link, to the body's box and its referents' on duty; never a word of it."""

from datetime import date
from hashlib import sha256
from uuid import UUID

from maillage.conventions.lifecycle.notifications import tell

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O, 1 I L, U: nothing to confuse when spelled


def reference(solicitation: UUID) -> str:
    """A short code that names a solicitation to people, such as « S-K7QM3X »; rights never depend on it."""
    number = int.from_bytes(sha256(solicitation.bytes).digest(), "big")
    letters = []
    for _ in range(6):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return f"S-{''.join(letters)}"


def tell_of(kind: str, solicitation: UUID, *, convention: UUID, to: UUID, on: date) -> None:
    """One message to the other side, once."""
    where = f"/conventions/sollicitations/{solicitation}/"
    tell(
        kind, convention=convention, to=[to], fact=solicitation, on=on, named=(reference(solicitation), where)
    )
