"""Periods, and the days that they lead to.

Counting follows the code de procédure civile, articles 641 and 642: the day of the event does not count,
months end on the same day number or else on the last day of the month, months are counted before days.
Nothing here rolls: `maillage.core.holidays` does, where a deadline asks for it.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Self

DAY: Final = timedelta(days=1)
PERIOD_PATTERN: Final = r"^(?:(?=\d)(?:\d{1,2}y)?(?:\d{1,3}m)?(?:\d{1,4}d)?|\d{1,3}w|\d{1,3}wd|\d{1,4}h)$"
_CALENDAR = re.compile(r"(?=\d)(?:(\d{1,2})y)?(?:(\d{1,3})m)?(?:(\d{1,4})d)?", re.ASCII)
_SINGLE = re.compile(r"(\d{1,4})(wd|w|h)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as a text states it: in months and days, in working days, or in hours, never mixed."""

    months: int = 0
    days: int = 0
    working_days: int = 0
    hours: int = 0

    def __post_init__(self) -> None:
        """Refuse what no text can mean: a negative length, or units that do not count the same way."""
        if min(self.months, self.days, self.working_days, self.hours) < 0:
            raise ValueError("une durée ne peut pas être négative")
        if sum((bool(self.months or self.days), bool(self.working_days), bool(self.hours))) > 1:
            raise ValueError(
                "une durée se compte en mois et jours, en jours ouvrés ou en heures, sans mélange"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read « 1y », « 2m », « 15d », « 1y6m », « 2w », « 10wd » (working days) or « 24h ».

        Raises `ValueError` for anything else and for an empty length: in French, what was expected.
        """
        if found := _CALENDAR.fullmatch(text):
            years, months, days = (int(part or 0) for part in found.groups())
            period = cls(months=12 * years + months, days=days)
        elif found := _SINGLE.fullmatch(text):
            number = int(found[1])
            unit = {"wd": "working_days", "w": "days", "h": "hours"}[found[2]]
            period = cls(**{unit: 7 * number if found[2] == "w" else number})
        else:
            raise ValueError(f"une durée comme 1y, 2m, 15d, 10wd ou 24h ; « {text} » est donné")
        if period == cls():
            raise ValueError(f"une durée qui ne soit pas nulle ; « {text} » est donné")
        return period

    def __str__(self) -> str:
        """The text that `parse` reads back to an equal period."""
        if self.hours or self.working_days:
            return f"{self.hours}h" if self.hours else f"{self.working_days}wd"
        years, months = divmod(self.months, 12)
        parts = ((years, "y"), (months, "m"), (self.days, "d"))
        return "".join(f"{number}{unit}" for number, unit in parts if number) or "0d"

    def label(self) -> str:
        """In French: « 1 an », « 2 mois », « 15 jours », « 10 jours ouvrés », « 24 heures »."""
        years, months = divmod(self.months, 12)
        parts = [f"{years} an{'s' if years > 1 else ''}"] if years else []
        parts += [f"{months} mois"] if months else []
        parts += [f"{self.days} jour{'s' if self.days > 1 else ''}"] if self.days else []
        if self.working_days:
            plural = "s" if self.working_days > 1 else ""
            parts.append(f"{self.working_days} jour{plural} ouvré{plural}")
        if self.hours:
            parts.append(f"{self.hours} heure{'s' if self.hours > 1 else ''}")
        return " et ".join(parts) or "aucun délai"

    def plus(self, other: "Period", times: int = 1) -> "Period":
        """This period followed by `other`, `times` over: months are summed before they are counted."""
        return Period(
            self.months + other.months * times,
            self.days + other.days * times,
            self.working_days + other.working_days * times,
            self.hours + other.hours * times,
        )


def add(start: date, period: Period) -> date:
    """The last day of `period` counted forwards from the event of `start`, which itself does not count.

    31/12/2016 + 2 months = 28/02/2017. Months first, then days (CPC 641). Raises `ValueError` for hours and
    working days, which need an instant (`add_hours`) or a calendar (`holidays.add_working_days`).
    """
    _calendar_only(period)
    return _shift_months(start, period.months) + timedelta(days=period.days)


def subtract(end: date, period: Period) -> date:
    """The limit counted backwards from `end`: same day number, else the last day of the month; never rolls.

    01/03/2024 - 3 months = 01/12/2023. Raises `ValueError` for hours and working days.
    """
    _calendar_only(period)
    return _shift_months(end, -period.months) - timedelta(days=period.days)


def add_hours(instant: datetime, period: Period) -> datetime:
    """The instant when a period in hours ends, in UTC: nights, holidays and clock changes count as they run.

    Raises `ValueError` for a naive instant or a period that is not in hours (regulation 1182/71, art. 3).
    """
    if instant.tzinfo is None:
        raise ValueError("un délai en heures se compte d'un instant avec son fuseau")
    if not period.hours:
        raise ValueError(f"la durée « {period} » n'est pas en heures")
    return instant.astimezone(UTC) + timedelta(hours=period.hours)


def anniversary(origin: date, number: int) -> date:
    """The `number`-th anniversary, from the original date: 29 February becomes the 28th in common years."""
    return _shift_months(origin, 12 * number)


def full_years(origin: date, on: date) -> int:
    """How many anniversaries have come by a day, that day's included: an age in years; negative before the origin."""
    number = on.year - origin.year
    return number if anniversary(origin, number) <= on else number - 1


def next_anniversary_after(origin: date, on: date) -> date:
    """The first anniversary strictly after `on`, the first possible being one year after `origin`."""
    number = max(on.year - origin.year, 1)
    candidate = anniversary(origin, number)
    return candidate if candidate > on else anniversary(origin, number + 1)


def last_day(start: date, period: Period) -> date:
    """The last day of a term that runs from `start`: one year from 14/11/2024 ends on 13/11/2025 at 24:00."""
    return add(start, period) - DAY


def french(day: date) -> str:
    """The day as a French text writes it: 14/11/2024."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def _calendar_only(period: Period) -> None:
    if period.hours or period.working_days:
        raise ValueError(f"la durée « {period} » ne se compte pas en jours calendaires")


def _shift_months(day: date, months: int) -> date:
    if not months:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    if day.day <= 28:
        return date(year, month, day.day)
    return date(year, month, min(day.day, monthrange(year, month)[1]))
