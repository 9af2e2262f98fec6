"""The same dates found another way: a calendar walked day by day, with its own holidays. It shares no code with the application.

What it knows: the day of the event does not count; months end on the same number or on the last day (CPC 641); a legal delay that
ends on a day when nobody works goes on to the next that somebody does (CPC 642); the delay of a silence that refuses stands still
from the day on which pieces are asked to the day before they come, or before the delay given for them ends (CRPA L114-5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

ONE = timedelta(days=1)
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
LOCAL = {
    "971": (5, 27),
    "972": (5, 22),
    "973": (6, 10),
    "974": (12, 20),
    "976": (4, 27),
    "977": (10, 9),
    "978": (5, 27),
}
RHINE = ("57", "67", "68")


@dataclass(frozen=True)
class Asked:
    """Pieces asked on a day, the days left to send them, and when they came."""

    on: date
    granted: int | None
    came: date | None

    def stops(self, day: date) -> bool:
        """Whether a delay stands still on that day because of it."""
        if day < self.on:
            return False
        if self.came is not None and day >= self.came:
            return False
        return self.granted is None or day < self.on + timedelta(days=self.granted)


def easter(year: int) -> date:
    """Sunday of Easter, by the table of Gauss with its two corrections."""
    a, b, c = year % 19, year % 4, year % 7
    k = year // 100
    p, q = (13 + 8 * k) // 25, k // 4
    m, n = (15 - p + k - q) % 30, (4 + k - q) % 7
    d = (19 * a + m) % 30
    e = (2 * b + 4 * c + 6 * d + n) % 7
    too_late = (d, e) == (29, 6) or ((d, e) == (28, 6) and (11 * m + 11) % 30 < 19)
    return date(year, 3, 22) + timedelta(days=d + e - 7 * too_late)


@cache
def holidays_of(year: int, departement: str) -> frozenset[date]:
    """Days of a year on which nobody works in a département."""
    sunday = easter(year)
    days = {date(year, month, day) for month, day in FIXED}
    days |= {sunday + ONE, sunday + 39 * ONE, sunday + 50 * ONE}
    if departement in RHINE:
        days |= {sunday - 2 * ONE, date(year, 12, 26)}
    if departement in LOCAL:
        days.add(date(year, *LOCAL[departement]))
    return frozenset(days)


def months_later(day: date, months: int) -> date:
    """Walk to the month, then back to a day that it has."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, day.day)


def days_later(day: date, days: int) -> date:
    """So many days, one after the other: the first is the day after."""
    for _ in range(days):
        day += ONE
    return day


def working(day: date, departement: str) -> date:
    """The day, or the first after it on which somebody works."""
    while day.isoweekday() > 5 or day in holidays_of(day.year, departement):
        day += ONE
    return day


def refused_by_silence(received: date, asked: Sequence[Asked], *, months: int) -> date | None:
    """The last day of a delay that stands still: one day of it for each day on which nothing is awaited."""
    left = (months_later(received, months) - received).days
    day = received
    while left:
        day += ONE
        stopping = [one for one in asked if one.stops(day)]
        if any(one.granted is None and one.came is None for one in stopping):
            return None
        left -= not stopping
    return day
