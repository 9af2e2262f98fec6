"""When local actions are analysed, of which themes they are, and how long what is said of them may be. Pure."""

from datetime import date
from typing import Final

from maillage.conventions.terms.base import Labelled
from maillage.core.calendar import Period, add

LONGEST: Final = 4_000
"""Characters of a description, of what was done, of results."""
LONGEST_WORD: Final = 1_000
MOST: Final = 100
"""Local actions of one convention."""
FIRST_YEAR: Final = Period(months=12)
"""« À l’issue de la première année d’exécution » (S4 art. 9)."""


class Theme(Labelled):
    """What a local action is about, as the national text heads its questions (S4 art. 4)."""

    INFORMATION = "information", "information et sensibilisation"
    RIGHTS_AND_CARE = "rights_and_care", "accompagnement aux droits et aux soins"
    DIGITAL = "digital", "inclusion numérique"
    PREVENTION = "prevention", "bilan en santé et prévention"
    OTHER = "other", "autre thème"


def analysis_from(starts: date) -> date:
    """The first day after the first year of execution."""
    return add(starts, FIRST_YEAR)
