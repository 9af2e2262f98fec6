"""What is counted: one definition for each year, codes that lead somewhere, a rule beside each figure."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.catalogue.measures import (
    COUNTED,
    DAYS,
    DELAYS,
    MEASURED,
    MEASURES,
    OF_DELAYS,
    PERCENT,
    Delay,
    measure,
)


def test_a_new_definition_leaves_the_years_before_to_the_old_one() -> None:
    old = MEASURED["referrals_sent"]
    new = replace(old, version=2, since=2027, rule="Reçues dans la période.")
    series = (old, new)
    assert measure("referrals_sent", 2026, series) == old
    assert measure("referrals_sent", 2027, series) == new
    assert [measure("referrals_sent", year, series[::-1]).name for year in (2016, 2040)] == [
        "referrals_sent.1",
        "referrals_sent.2",
    ]


def test_a_year_before_the_first_definition_is_counted_by_it() -> None:
    late = replace(MEASURED["files_sent"], since=2030)
    assert measure("files_sent", 2020, [late]) == late


def test_a_measure_that_nobody_defined_is_unknown() -> None:
    with pytest.raises(KeyError):
        measure("smiles", 2026)


def test_a_version_is_defined_once() -> None:
    names = [one.name for one in MEASURES]
    assert len(names) == len(set(names))
    assert all(one.since == 0 for one in MEASURES if one.version == 1)


def test_each_figure_has_its_words_its_unit_and_its_rule() -> None:
    for one in MEASURES:
        assert one.words, one.code
        assert one.unit, one.code
        assert one.rule.endswith("."), one.code


def test_what_is_divided_is_counted() -> None:
    ratios = [one for one in MEASURES if one.is_ratio]
    assert {one.unit for one in ratios} == {PERCENT, DAYS}
    for one in ratios:
        assert one.count in COUNTED, one.code
        assert one.over in COUNTED, one.code
        assert one.of_people == MEASURED[one.over].of_people, one.code


@given(st.sampled_from(DELAYS), st.integers(0, 4_000))
def test_so_many_days_stand_in_one_band_of_a_delay(delay: Delay, days: int) -> None:
    holding = [one for one in delay.bands if one.first <= days and (one.last is None or days <= one.last)]
    assert holding == [delay.band(days)]
    assert holding[0].code in OF_DELAYS <= set(COUNTED)


def test_no_delay_is_of_fewer_than_no_day() -> None:
    with pytest.raises(ValueError, match="no fewer"):
        DELAYS[0].band(-1)


def test_a_band_says_its_days() -> None:
    said = [band.words for band in DELAYS[0].bands]
    assert said == ["de 0 à 2 jours", "de 3 à 5 jours", "de 6 à 10 jours", "plus de 10 jours"]
