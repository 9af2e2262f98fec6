"""What an update of the extent of a breach may say, what it changes, when the notice to the authority is to be completed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from maillage.protection.breaches.extent_rules import FIELDS, Extent, changed, extent_faults, to_complete
from maillage.protection.breaches.rules import MOST, DataKind, Nature

NOTICED = datetime(2026, 3, 28, 17, 30, tzinfo=UTC)
AT = NOTICED + timedelta(days=3)
FIRST = Extent(("confidentiality",), ("identity",), 3, None, None)
moments = st.none() | st.integers(-60 * 24 * 10, 60 * 24 * 3).map(
    lambda one: NOTICED + timedelta(minutes=one)
)
extents = st.builds(
    Extent,
    st.lists(st.sampled_from([one.value for one in Nature]), max_size=2, unique=True).map(tuple),
    st.lists(st.sampled_from([one.value for one in DataKind]), max_size=3, unique=True).map(tuple),
    st.none() | st.integers(-1, MOST + 1),
    st.none() | st.integers(-1, MOST + 1),
    st.sampled_from([True, False, None]),
    moments,
    moments,
)


def faults(new: Extent, last: Extent = FIRST) -> set[str | None]:
    return {one.field for one in extent_faults(new, last, noticed=NOTICED, at=AT) if one is not None}


@given(extents, extents)
def test_what_is_taken_holds_all_that_the_database_asks(new: Extent, last: Extent) -> None:
    if faults(new, last):
        return
    assert new.natures
    assert new.data
    for number in (new.people, new.records):
        assert number is None or 0 <= number <= MOST
    assert new.began_at is None or new.began_at <= NOTICED
    assert new.stopped_at is None or (new.goes_on is False and new.stopped_at <= AT)
    assert None in {new.began_at, new.stopped_at} or new.began_at <= new.stopped_at  # type: ignore[operator]
    assert changed(last, new)


@given(extents, extents)
def test_what_changed_is_what_is_put_back_to_undo_it(former: Extent, new: Extent) -> None:
    found = changed(former, new)
    assert set(found) <= set(FIELDS)
    assert changed(new, former) == found
    assert changed(former, replace(new, **{name: getattr(former, name) for name in found})) == ()
    assert changed(new, replace(new, data=tuple(reversed(new.data)))) == ()


@given(extents)
def test_each_fault_stands_at_its_field_and_does_not_depend_on_the_others(new: Extent) -> None:
    found = faults(new)
    assert ("natures" in found) == (not new.natures)
    assert ("kinds" in found) == (not new.data)
    assert ("people" in found) == (new.people is not None and not 0 <= new.people <= MOST)
    assert ("began_on" in found) == (new.began_at is not None and new.began_at > NOTICED)
    assert "stopped_on" not in found or new.stopped_at is not None
    assert "stopped_on" in found or new.stopped_at is None or new.goes_on is False


def test_an_update_says_something_new() -> None:
    assert faults(FIRST) == {None}
    assert faults(replace(FIRST, people=4)) == set()
    assert faults(replace(FIRST, goes_on=True, stopped_at=AT)) == {"stopped_on"}
    assert faults(replace(FIRST, goes_on=False, stopped_at=NOTICED - timedelta(days=1))) == set()
    assert faults(replace(FIRST, people=4, began_at=NOTICED - timedelta(days=400 * 20))) == {"began_on"}


@given(st.lists(moments.filter(lambda one: one is not None), max_size=3), moments)
def test_what_was_filed_is_to_be_completed_by_a_later_filing_only(
    filed: list[datetime], updated: datetime | None
) -> None:
    asked = to_complete(filed, updated)
    if not filed or updated is None:
        assert not asked
        return
    assert asked == all(one < updated for one in filed)
    assert not to_complete([*filed, updated], updated + timedelta(seconds=59))
    assert to_complete(filed, max(filed) + timedelta(minutes=1))
