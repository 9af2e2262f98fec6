"""The reference that people say on the phone. Pure."""

from hashlib import sha256
from uuid import UUID

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O, 1 I L, U: nothing to confuse when spelled
_LENGTH = 8


def reference(case: UUID) -> str:
    """A short code made from a case's id, such as « K7QM-3XTD ». It names a case to people; rights never depend on it."""
    number = int.from_bytes(sha256(case.bytes).digest(), "big")
    letters = []
    for _ in range(_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def reference_to_search(text: str) -> str:
    """The eight letters of a reference as somebody wrote it, « k7qm 3xtd » too; empty when it cannot be one."""
    letters = "".join(character for character in text.upper() if character.isalnum())
    return letters if len(letters) == _LENGTH and set(letters) <= set(ALPHABET) else ""
