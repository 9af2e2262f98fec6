"""Plain text: keys for sorting and searching that need no French locale in the database."""

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[a-z0-9]+")


def sort_key(text: str) -> str:
    """The text without accents, capitals or ligatures, for a stored column that sorts the same everywhere."""
    spelled = text.casefold().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    if spelled.isascii():  # most names of a large file
        return " ".join(spelled.split())
    decomposed = unicodedata.normalize("NFKD", spelled)
    return " ".join(
        "".join(character for character in decomposed if not unicodedata.combining(character)).split()
    )


def words_key(text: str) -> str:
    """The words of a text as they are searched: no accent, no capital, everything that is no letter nor digit is a space."""
    return " ".join(_WORD.findall(sort_key(text)))
