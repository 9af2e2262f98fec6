"""Applications drawn at random, for the clocks and their oracle: the same from one seed."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from tests.rights.clocks.oracle import Asked

FIRST, LAST = date(2020, 1, 1), date(2045, 12, 31)
DEPARTEMENTS = ("42", "75", "2A", "57", "67", "68", "971", "972", "973", "974", "975", "976", "977", "978")


@dataclass(frozen=True)
class Drawn:
    """An application: plain facts, in the words of neither side."""

    received: date
    departement: str
    asked: tuple[Asked, ...]
    later: int | None  # days from reception to completeness, said by the caisse; None: left to what was asked


def draw(random: Random, received: date, departement: str) -> Drawn:
    """An application received on a day, with none to three requests for pieces, answered or not, with a delay or not."""
    asked: list[Asked] = []
    day = received
    for _ in range(random.choice((0, 0, 1, 1, 2, 3))):
        day += timedelta(days=random.choice((0, 1, 5, 12, 30, 61, 70)))
        granted = random.choice((None, 1, 10, 15, 30, 60))
        came = None if random.random() < 0.15 else day + timedelta(days=random.choice((0, 1, 7, 14, 29, 45)))
        asked.append(Asked(day, granted, came))
    later = None if asked or random.random() < 0.5 else random.choice((0, 1, 9, 40))
    return Drawn(received, departement, tuple(asked), later)
