"""Public holidays and working days per département, rolled deadlines, and the time zone of a caisse.

Eleven holidays are national (code du travail L3133-1); the départements 57, 67 and 68 add Good Friday and
26 December (L3134-13); overseas, the day of the abolition of slavery (L3422-2 and decree 83-1003). Other
local customs are days that some employers grant: they move no deadline.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from maillage.core.calendar import DAY

ALSACE_MOSELLE: Final = frozenset({"57", "67", "68"})
ABOLITION: Final[Mapping[str, tuple[int, int]]] = {
    "971": (5, 27),
    "972": (5, 22),
    "973": (6, 10),
    "974": (12, 20),
    "976": (4, 27),
    "977": (10, 9),
    "978": (5, 27),
}
_ZONES: Final[Mapping[str, str]] = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
}
TIME_ZONES: Final = (
    "Europe/Paris",
    *_ZONES.values(),
    "Pacific/Noumea",
    "Pacific/Tahiti",
    "Pacific/Marquesas",
    "Pacific/Gambier",
    "Pacific/Wallis",
)
"""Every zone in which an organisation may count its days; the database refuses another."""
_DEPARTEMENT = re.compile(r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-8]", re.ASCII)


def zone_of(departement: str) -> ZoneInfo:
    """The time zone in which the caisse of `departement` counts its days. `ValueError` for an unknown code."""
    _check(departement)
    return ZoneInfo(_ZONES.get(departement, "Europe/Paris"))


def public_holidays(departement: str, year: int) -> frozenset[date]:
    """The public holidays of `year` in `departement`. Raises `ValueError` for an unknown code."""
    _check(departement)
    days = _national(year, alsace_moselle=departement in ALSACE_MOSELLE)
    if departement in ABOLITION:
        return days | {date(year, *ABOLITION[departement])}
    return days


def is_working_day(day: date, departement: str) -> bool:
    """Monday to Friday, public holidays excepted (« jours ouvrés »)."""
    return day.weekday() < 5 and day not in public_holidays(departement, day.year)


def roll_forward(day: date, departement: str) -> date:
    """The day itself, or the next working day when it is a Saturday, a Sunday or a public holiday (CPC 642).

    Never for periods in hours nor for limits counted backwards.
    """
    while not is_working_day(day, departement):
        day += DAY
    return day


def add_working_days(start: date, number: int, departement: str) -> date:
    """The `number`-th working day after `start`, which does not count."""
    day = start
    while number > 0:
        day += DAY
        if is_working_day(day, departement):
            number -= 1
    return day


@lru_cache(maxsize=256)
def _national(year: int, *, alsace_moselle: bool) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - 0.3 s and several MB, that only a rolled deadline has to pay

    subdivision = "57" if alsace_moselle else None
    return frozenset(holidays.country_holidays("FR", subdiv=subdivision, years=year))


def _check(departement: str) -> None:
    if not _DEPARTEMENT.fullmatch(departement) or departement == "20":
        raise ValueError(f"département « {departement} » inconnu : attendu par exemple 42, 2A ou 974")
