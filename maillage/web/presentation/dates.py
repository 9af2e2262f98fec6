"""Dates and instants in French: « 14 novembre 2024 » in text, « 14/11/2024 » in tables, « dans 3 jours »."""

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from maillage.core import french
from maillage.core.french import NBSP, date_in_words
from maillage.web.presentation.numbers import counted

PARIS = ZoneInfo("Europe/Paris")
MONTHS = french.MONTHS
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

_ZONES = {
    "Europe/Paris": "Paris",
    "America/Guadeloupe": "Guadeloupe",
    "America/Martinique": "Martinique",
    "America/Cayenne": "Guyane",
    "Indian/Reunion": "La Réunion",
    "Indian/Mayotte": "Mayotte",
    "America/Miquelon": "Saint-Pierre-et-Miquelon",
    "America/St_Barthelemy": "Saint-Barthélemy",
    "America/Marigot": "Saint-Martin",
    "Pacific/Noumea": "Nouvelle-Calédonie",
    "Pacific/Tahiti": "Tahiti",
    "Pacific/Marquesas": "Marquises",
    "Pacific/Gambier": "Gambier",
    "Pacific/Wallis": "Wallis-et-Futuna",
}


def zone_place(name: str) -> str:
    """Where the clocks of a zone are read, as people say it."""
    return _ZONES[name]


def _local_day(value: date, zone: tzinfo) -> date:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def long_date(value: date, zone: tzinfo = PARIS) -> str:
    """Return « 14 novembre 2024 », unbreakable; an aware instant is first brought to the zone."""
    day = _local_day(value, zone)
    return date_in_words(day)


def weekday_date(value: date, zone: tzinfo = PARIS) -> str:
    """Return « jeudi 14 novembre 2024 »."""
    day = _local_day(value, zone)
    return f"{WEEKDAYS[day.weekday()]}{NBSP}{long_date(day)}"


def short_date(value: date, zone: tzinfo = PARIS) -> str:
    """Return « 14/11/2024 », for tables."""
    day = _local_day(value, zone)
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def month_year(value: date) -> str:
    """Return « novembre 2024 »."""
    return f"{MONTHS[value.month - 1]}{NBSP}{value.year:04d}"


def long_instant(value: datetime, zone: tzinfo = PARIS) -> str:
    """Return « 14 novembre 2024 à 9 h 05 » in the zone; the instant must be aware."""
    local = value.astimezone(zone)
    return f"{long_date(local, zone)} à {local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def short_instant(value: datetime, zone: tzinfo = PARIS) -> str:
    """Return « 14/11/2024 9 h 05 », for tables."""
    local = value.astimezone(zone)
    return f"{short_date(local, zone)} {local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def due_in(due_on: date, on: date) -> str:
    """Say how far a due date is: « aujourd’hui », « demain », « dans 3 jours », « en retard de 2 jours »."""
    days = (due_on - on).days
    if days == 0:
        return "aujourd’hui"
    if days == 1:
        return "demain"
    if days > 0:
        return f"dans {counted(days, 'jour')}"
    return f"en retard d’un{NBSP}jour" if days == -1 else f"en retard de {counted(-days, 'jour')}"


def distance(day: date, on: date) -> str:
    """Say how far any day is: « hier », « il y a 3 jours », « demain », « dans 3 jours »."""
    days = (day - on).days
    if days == -1:
        return "hier"
    return f"il y a {counted(-days, 'jour')}" if days < 0 else due_in(day, on)


def between(first: date, last: date | None) -> str:
    """Return « du 14 novembre 2024 au 13 novembre 2025 », or « depuis le … » when the end is not known."""
    if last is None:
        return f"depuis le {long_date(first)}"
    return f"du {long_date(first)} au {long_date(last)}"
