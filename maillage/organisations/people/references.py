"""Short codes that name rows about people in messages; rights never depend on them."""

from hashlib import sha256
from uuid import UUID

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O, 1 I L, U: nothing to confuse when spelled


def reference(letter: str, row: UUID) -> str:
    """Such as « I-K7QM3X » for an invitation."""
    number = int.from_bytes(sha256(row.bytes).digest(), "big")
    letters = []
    for _ in range(6):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return f"{letter}-{''.join(letters)}"
