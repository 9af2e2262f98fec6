"""Public holidays per département, rolled deadlines, working days, time zones, and the clock."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from maillage.core import clock
from maillage.core.holidays import (
    ABOLITION,
    add_working_days,
    is_working_day,
    public_holidays,
    roll_forward,
    zone_of,
)

FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
AFTER_EASTER = (1, 39, 50)
# From 2005 to 2007 Whit Monday was worked (law 2004-626): the rules hold from 2008 on.
YEARS = range(2008, 2051)


def easter(year: int) -> date:
    """Easter Sunday (Meeus' algorithm), so that the library is compared with another source."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + m - 7 * ((a + 11 * h + 22 * m) // 451) + 114, 31)
    return date(year, month, day + 1)


def national(year: int) -> set[date]:
    """The eleven national holidays."""
    moving = {easter(year) + timedelta(days=shift) for shift in AFTER_EASTER}
    return {date(year, month, day) for month, day in FIXED} | moving


@pytest.mark.parametrize("departement", ["42", "2A", "75", "975"])
def test_eleven_holidays_are_national(departement: str) -> None:
    for year in YEARS:
        assert public_holidays(departement, year) == national(year)


@pytest.mark.parametrize("departement", ["57", "67", "68"])
def test_alsace_moselle_adds_good_friday_and_the_26_of_december(departement: str) -> None:
    for year in YEARS:
        added = {easter(year) - timedelta(days=2), date(year, 12, 26)}
        assert public_holidays(departement, year) == national(year) | added


@pytest.mark.parametrize(
    ("departement", "month", "day"),
    [
        ("976", 4, 27),
        ("972", 5, 22),
        ("971", 5, 27),
        ("978", 5, 27),
        ("973", 6, 10),
        ("977", 10, 9),
        ("974", 12, 20),
    ],
)
def test_overseas_the_abolition_of_slavery_is_the_only_other_holiday(
    departement: str, month: int, day: int
) -> None:
    for year in YEARS:
        assert public_holidays(departement, year) == national(year) | {date(year, month, day)}
    assert len(ABOLITION) == 7


@pytest.mark.parametrize(
    ("strict", "departement", "rolled"),
    [
        (date(2024, 12, 15), "42", date(2024, 12, 16)),
        (date(2025, 5, 1), "42", date(2025, 5, 2)),
        (date(2025, 4, 18), "67", date(2025, 4, 22)),
        (date(2025, 4, 18), "42", date(2025, 4, 18)),
        (date(2026, 12, 25), "68", date(2026, 12, 28)),
        (date(2026, 12, 26), "57", date(2026, 12, 28)),
        (date(2025, 5, 27), "974", date(2025, 5, 27)),
        (date(2025, 5, 27), "971", date(2025, 5, 28)),
        (date(2026, 12, 20), "974", date(2026, 12, 21)),
        (date(2025, 8, 15), "42", date(2025, 8, 18)),
    ],
)
def test_a_deadline_rolls_to_the_next_working_day_of_its_departement(
    strict: date, departement: str, rolled: date
) -> None:
    assert roll_forward(strict, departement) == rolled


def test_working_days_leave_out_the_week_end_and_the_holidays() -> None:
    assert not is_working_day(date(2025, 5, 29), "42")
    assert add_working_days(date(2025, 5, 28), 1, "42") == date(2025, 5, 30)
    assert add_working_days(date(2025, 5, 7), 10, "42") == date(2025, 5, 22)


@pytest.mark.parametrize("departement", ["", "0", "00", "20", "96", "2C", "979", "750", "Loire"])
def test_an_unknown_departement_is_refused_in_french(departement: str) -> None:
    with pytest.raises(ValueError, match="inconnu"):
        public_holidays(departement, 2025)
    with pytest.raises(ValueError, match="inconnu"):
        zone_of(departement)


def test_the_day_is_the_caisse_s_own() -> None:
    hours = {"971": -4, "972": -4, "973": -3, "974": 4, "976": 3}
    noon = clock.now()
    for departement, offset in hours.items():
        assert noon.astimezone(zone_of(departement)).utcoffset() == timedelta(hours=offset)
    assert zone_of("42") == ZoneInfo("Europe/Paris")


def test_the_clock_gives_an_aware_instant_and_the_day_of_a_zone() -> None:
    assert clock.now().utcoffset() == timedelta(0)
    days = {clock.today(zone_of(departement)) for departement in ("42", "972", "974")}
    assert max(days) - min(days) <= timedelta(days=1)
