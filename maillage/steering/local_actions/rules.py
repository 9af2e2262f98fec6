"""When local actions are analysed, and how long what is said of them may be. Pure."""

from datetime import date
from typing import Final

from maillage.core.calendar import Period, add

LONGEST: Final = 4_000
"""Characters of a description, of what was done, of results."""
LONGEST_WORD: Final = 1_000
MOST: Final = 100
"""Local actions of one convention."""
FIRST_YEAR: Final = Period(months=12)
"""« À l’issue de la première année d’exécution » (S4 art. 9)."""


def analysis_from(starts: date) -> date:
    """The first day after the first year of execution."""
    return add(starts, FIRST_YEAR)
