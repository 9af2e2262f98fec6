"""The day of the tests: that of the organisations of the demonstration, which is not that of UTC just after midnight."""

from datetime import date
from zoneinfo import ZoneInfo

from maillage.core import clock

PARIS = ZoneInfo("Europe/Paris")


def today() -> date:
    """The present day in Paris."""
    return clock.today(PARIS)
