"""S8 at full size: every day of 2020-2045 in every zone, drawn many times over; each minute of both clock changes."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from maillage.core.holidays import zone_of
from tests.proof.recording import Tally
from tests.rights.clocks.comparing import differences
from tests.rights.clocks.drawing import DEPARTEMENTS, FIRST, LAST, draw

YEARS = range(FIRST.year, LAST.year + 1)
DRAWN = 76  # for each day in each département: ten million in all
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("departement", DEPARTEMENTS)
@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_a_year(year: int, departement: str, tally: Tally) -> None:
    random = Random(f"{year} {departement}")  # noqa: S311 - the same applications each time
    day = date(year, 1, 1)
    while day.year == year:
        for _ in range(DRAWN):
            tally.tried += 1
            tally.violations += differences(draw(random, day, departement))
        day += timedelta(days=1)


def _sunday(year: int, month: int, number: int) -> date:
    """The first, second or last (-1) Sunday of a month."""
    first = date(year, month, 1)
    days = [first + timedelta(days=ahead) for ahead in range(31)]
    return [day for day in days if day.month == month and day.isoweekday() == 7][number]


def _changes(zone: str, year: int) -> tuple[datetime, datetime, int]:
    """When summer time begins and ends in UTC, and the winter's difference in hours: Europe's rule, and North America's."""
    if zone == "Europe/Paris":
        ends = [datetime.combine(_sunday(year, month, -1), datetime.min.time(), UTC) for month in (3, 10)]
        return ends[0] + timedelta(hours=1), ends[1] + timedelta(hours=1), 1
    march = datetime.combine(_sunday(year, 3, 1), datetime.min.time(), UTC)
    november = datetime.combine(_sunday(year, 11, 0), datetime.min.time(), UTC)
    return march + timedelta(hours=2 + 3), november + timedelta(hours=2 + 2), -3


@pytest.mark.parametrize("departement", ["42", "975"])
@pytest.mark.parametrize("year", YEARS)
def test_each_minute_of_both_clock_changes(year: int, departement: str, tally: Tally) -> None:
    """The day at the caisse, and its hour, for two days round each change."""
    zone: ZoneInfo = zone_of(departement)
    summer, winter, difference = _changes(zone.key, year)
    for change in (summer, winter):
        instant = change - timedelta(days=1)
        while instant < change + timedelta(days=1):
            hours = difference + (summer <= instant < winter)
            expected = (instant + timedelta(hours=hours)).replace(tzinfo=None)
            found = instant.astimezone(zone).replace(tzinfo=None)
            tally.tried += 1
            tally.violations += [f"{instant} is {found} in {zone}, not {expected}"] * (found != expected)
            instant += MINUTE
