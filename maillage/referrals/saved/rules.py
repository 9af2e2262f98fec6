"""The views that somebody keeps of her lists: how they are named, and how many. Pure."""

from typing import Final

LONGEST_NAME: Final = 40
LONGEST_QUERY: Final = 300
MOST: Final = 12
"""A person's views in one organisation: each is counted when the list is shown."""
QUERY: Final = "^[a-z0-9_=&-]*$"
"""What a view keeps: names and codes of filters. No word that somebody typed fits."""


def name_problem(name: str) -> str:
    """What is wrong with the name of a view; empty when it names one."""
    if not any(character.isalnum() for character in name):
        return "Donnez un nom à cette vue."
    if len(name) > LONGEST_NAME:
        return f"Écrivez {LONGEST_NAME} caractères au plus."
    return ""
