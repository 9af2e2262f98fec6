"""Which backups go: the old ones, never the newest."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from maillage.backups.rules import passed

AT = datetime(2026, 11, 27, 2, tzinfo=UTC)
ages = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), st.integers(0, 10_000), max_size=12)


@given(ages, st.integers(1, 400))
def test_what_goes_is_older_than_the_days_and_is_not_the_newest(hours: dict[str, int], days: int) -> None:
    made = {name: AT - timedelta(hours=age) for name, age in hours.items()}
    gone = passed(made, days=days, at=AT)
    assert len(set(gone)) == len(gone)
    assert len(gone) < max(len(made), 1)
    for name, instant in made.items():
        is_newest = instant == max(made.values())
        is_old = hours[name] > days * 24
        if name in gone:
            assert is_old
        elif is_old:
            assert is_newest


def test_the_newest_stays_whatever_its_age() -> None:
    assert passed({"a": AT - timedelta(days=900)}, days=1, at=AT) == []
    assert passed({"a": AT - timedelta(days=900), "b": AT - timedelta(days=800)}, days=1, at=AT) == ["a"]
    assert passed({}, days=1, at=AT) == []
