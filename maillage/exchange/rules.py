"""How long what is written may be, and how much is attached. Pure."""

from typing import Final

LONGEST: Final = 4_000
"""Characters of a message or of a note."""

LARGEST_FILE: Final = 10 * 1024 * 1024
"""Bytes of a file attached to a message."""
MOST_FILES: Final = 20
"""Files attached to one case."""


def text_problem(text: str) -> str | None:
    """What is wrong with a text, whatever it is about; None when nothing is."""
    if not text.strip():
        return "Écrivez quelques mots."
    return "Écrivez 4\u202f000 caractères au plus." if len(text) > LONGEST else None


LONG_NUMBER: Final = (
    r"(?<![0-9][ \t\n.\u00a0\u202f-]?)(?!0[ \t\n.\u00a0\u202f-]?8([ \t\n.\u00a0\u202f-]?[0-9]){8}(?![ \t\n.\u00a0\u202f-]?[0-9]))"
    r"(?![0-9]{5}([ \t\n.\u00a0\u202f-][0-9]{5})+(?![ \t\n.\u00a0\u202f-]?[0-9]))"
    r"([0-9][ \t\n.\u00a0\u202f-]?){9,}"
)
"""Nine digits in a row or more, but for a service's number (08…) and groups of five, which may be postal codes, as PostgreSQL says
it: never more than the detector finds."""
