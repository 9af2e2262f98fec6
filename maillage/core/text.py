"""Plain text: keys for sorting and searching that need no French locale in the database."""

import unicodedata


def sort_key(text: str) -> str:
    """The text without accents, capitals or ligatures, for a stored column that sorts the same everywhere."""
    spelled = text.casefold().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    decomposed = unicodedata.normalize("NFKD", spelled)
    return " ".join(
        "".join(character for character in decomposed if not unicodedata.combining(character)).split()
    )
