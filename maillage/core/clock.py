"""The one place that reads the clock.

A request, a job or a command reads it once and passes the instant, or the day, to the rules below it.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(tz=UTC)  # noqa: TID251 - this module is where the clock is read


def today(zone: ZoneInfo) -> date:
    """The present day in `zone`: that of the caisse, which overseas is not that of Paris."""
    return now().astimezone(zone).date()


def microseconds(instant: datetime) -> int:
    """The microseconds from 1970 to an aware instant. Exact, whatever the year: through a float some are one less."""
    return (instant - _EPOCH) // _MICROSECOND


def after_microseconds(number: int, zone: tzinfo | None) -> datetime:
    """The instant so many microseconds after 1970, in `zone`. Raises OverflowError before year 1 and after 9999."""
    return (_EPOCH + number * _MICROSECOND).astimezone(zone)
