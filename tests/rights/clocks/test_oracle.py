"""The clocks agree with an oracle written apart (S8); `make proof ONLY=S8` compares ten million applications."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest

from maillage.core.calendar import add
from maillage.rights.clocks import law
from tests.rights.clocks.comparing import counted, differences, expected
from tests.rights.clocks.drawing import DEPARTEMENTS, FIRST, LAST, Drawn, draw
from tests.rights.clocks.oracle import easter, holidays_of

SEED = "clocks"


def some() -> Iterator[Drawn]:
    """One application for each eleventh day of twenty-six years, in one département after the other."""
    random = Random(SEED)  # noqa: S311 - the same applications each time
    day, turn = FIRST, 0
    while day <= LAST:
        yield draw(random, day, DEPARTEMENTS[turn % len(DEPARTEMENTS)])
        day, turn = day + timedelta(days=11), turn + 1


def test_the_clocks_say_what_the_oracle_says() -> None:
    drawn = list(some())
    assert [one for each in drawn for one in differences(each)] == []
    dates = [counted(each) for each in drawn]
    assert len(dates) > 800
    for name in expected(drawn[0]):  # each date was there, and missing, in some of them
        assert any(each[name] for each in dates), name
    assert any(each["law of ame"] is None for each in dates)
    assert any(each["c2s"] is None for each in dates)


def test_a_clock_that_forgets_to_put_off_or_to_stop_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = list(some())
    with monkeypatch.context() as patch:
        patch.setattr(law, "roll_forward", lambda day, _departement: day)
        assert any("law of c2s" in one for each in drawn for one in differences(each))
    with monkeypatch.context() as patch:
        patch.setattr(law, "_suspended", lambda start, within, _course: (add(start, within), 0))
        assert any("law of ame" in one for each in drawn for one in differences(each))


def test_the_oracle_knows_its_holidays() -> None:
    assert [easter(year) for year in (2024, 2025, 2026, 2038, 2049)] == [
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2038, 4, 25),
        date(2049, 4, 18),
    ]
    assert len(holidays_of(2026, "42")) == 11
    assert date(2025, 4, 18) in holidays_of(2025, "67") - holidays_of(2025, "42")
    assert date(2025, 12, 20) in holidays_of(2025, "974")
