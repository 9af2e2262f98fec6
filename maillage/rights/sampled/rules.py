"""Between which days applications are counted, and how many of them a sample holds. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from maillage.conventions.terms import Terms
from maillage.conventions.terms.steering import IndicatorSource

SMALLEST: Final = 2
"""One delay alone says nothing of the others."""
LARGEST: Final = 500
"""« Quelques dossiers » (S2 art. 5), that somebody looks at one by one."""


@dataclass(frozen=True, slots=True)
class Between:
    """From one committee to the next: the day of the first counts, that of the second does not, so that each file counts once."""

    since: date
    until: date


class Side(StrEnum):
    """Which side of the files an organisation is; the values are the roles of participations."""

    PARTNER = "sender"
    CAISSE = "recipient"


def period_problem(period: Between) -> str:
    """What is wrong with a period; empty when nothing is."""
    return "" if period.since < period.until else "Le second COPIL vient après le premier."


def drawing_problem(period: Between, *, on: date) -> str:
    """Why no sample is drawn over a period, seen from the caisse's day; empty when one may be."""
    if period.until > on:
        return "Un échantillon se tire sur une période finie : choisissez une fin qui n’est pas à venir."
    return period_problem(period)


def size_problem(size: int) -> str:
    """What is wrong with the size of a sample; empty when nothing is."""
    return "" if SMALLEST <= size <= LARGEST else f"Un échantillon compte de {SMALLEST} à {LARGEST} dossiers."


def agreed_size(terms: Terms) -> int | None:
    """How many applications the text says that the sample holds; None where it leaves that to the parties."""
    for indicator in terms.indicators:
        if indicator.source is IndicatorSource.SAMPLE and isinstance(indicator.sample_size, int):
            return indicator.sample_size
    return None
