"""The one place that reads the clock.

A request, a job or a command reads it once and passes the instant, or the day, to the rules below it.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(tz=UTC)  # noqa: TID251 - this module is where the clock is read


def today(zone: ZoneInfo) -> date:
    """The present day in `zone`: that of the caisse, which overseas is not that of Paris."""
    return now().astimezone(zone).date()
