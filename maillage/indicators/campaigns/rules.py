"""When a campaign reminds those who have not answered: so many days before its closing day. Pure."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from maillage.core.calendar import DAY

ZONE: Final = ZoneInfo("Europe/Paris")
"""Whose days a national campaign counts."""
USUAL: Final = (30, 14, 3)
"""Days before the closing day, where whoever opens a campaign says nothing else. No text gives a number: ours."""
EARLIEST: Final = 365
MOST: Final = 6
WRONG: Final = f"Écrivez des nombres de jours, de 1 à {EARLIEST}, séparés par des virgules : {MOST} au plus."


def days_before(text: str) -> tuple[int, ...]:
    """The days that somebody typed, such as « 30, 14 et 3 », the earliest reminder first; none for an empty text. Raises ValueError."""
    if not text.strip():
        return ()
    parts = [one for one in re.split(r"\s*(?:,|;|\bet\b|\s)\s*", text.strip()) if one]
    if not all(one.isascii() and one.isdigit() and len(one) <= 3 for one in parts):
        raise ValueError(WRONG)
    found = sorted({int(one) for one in parts}, reverse=True)
    if days_problem(found):
        raise ValueError(WRONG)
    return tuple(found)


def days_problem(days: Collection[int]) -> str:
    """What is wrong with days before a closing day; empty when nothing is."""
    return "" if len(days) <= MOST and all(1 <= one <= EARLIEST for one in days) else WRONG


def reminder_days(days: Iterable[int], due_on: date, opened_on: date) -> tuple[date, ...]:
    """The days of the reminders, in their order: those that come after the campaign was opened."""
    found = {due_on - one * DAY for one in days}
    return tuple(sorted(one for one in found if one > opened_on))


def reminder_due(planned: Iterable[date], left: Collection[date], due_on: date, on: date) -> date | None:
    """The reminder to send on a day: the latest that has come and did not leave, if none after it did; none past the closing day.

    After days without a worker, one leaves, not all those that were missed.
    """
    if on > due_on:
        return None
    latest = max((one for one in planned if one <= on), default=None)
    return None if latest is None or any(one >= latest for one in left) else latest


def next_reminder(planned: Iterable[date], left: Collection[date], due_on: date, on: date) -> date | None:
    """The next one to leave, on a day or after it; none that left, or that a later one made useless."""
    last = max(left, default=date.min)
    return min((one for one in planned if max(on, last) <= one <= due_on and one not in left), default=None)
