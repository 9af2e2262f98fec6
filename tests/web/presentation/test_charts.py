"""Charts: nothing counted, one value, values and words of any size; told by words and patterns, never by colour alone."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.web.presentation.svg.bars import Bar, Bars, bar_chart
from maillage.web.presentation.svg.distribution import DayBand, Distribution, distribution_chart
from maillage.web.presentation.svg.fills import Fill, painted, patterns
from maillage.web.presentation.svg.trend import Trend, YearValue, trend_chart

NS = "{http://www.w3.org/2000/svg}"
WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=0xD7FF), max_size=60)
COUNTS = st.integers(0, 10**15)
HOSTILE = "<script>alert(1)</script> & « 'fin' »"
BANDS = [
    DayBand("0 à 10 jours", 0, 10, 3),
    DayBand("11 à 31 jours", 11, 31, 7),
    DayBand("32 et plus", 32, None, 1),
]


def parsed(markup: str) -> ET.Element:
    return ET.fromstring(markup)  # noqa: S314 - our own markup


def texts(root: ET.Element) -> list[str]:
    return [item.text or "" for item in root.iter(f"{NS}text")]


def number(item: ET.Element, key: str) -> float:
    return float(item.get(key) or 0)


def parts_of(root: ET.Element) -> list[ET.Element]:
    """The filled shapes."""
    return [item for item in root.iter(f"{NS}rect") if "d-part" in (item.get("class") or "")]


def holds_its_shapes(root: ET.Element) -> bool:
    """Whether every shape stands inside the drawing, across and down."""
    _, _, width, height = (float(part) for part in (root.get("viewBox") or "").split())
    shapes = [
        item
        for item in root.iter(f"{NS}rect")
        if item.get("class") and "d-fill-empty" not in item.get("class", "")
    ]
    return all(
        number(item, "x") >= -0.1
        and number(item, "x") + number(item, "width") <= width + 0.2
        and number(item, "y") >= -0.1
        and number(item, "y") + number(item, "height") <= height + 0.2
        for item in shapes
        if "d-halo" not in item.get("class", "")
    )


@given(st.lists(st.tuples(WORDS, COUNTS, COUNTS, WORDS), max_size=8))
def test_bars_of_any_length_and_any_words_hold_in_their_drawing(
    rows: list[tuple[str, int, int, str]],
) -> None:
    bars = [Bar(label, value, words, second) for label, value, second, words in rows]
    root = parsed(bar_chart(Bars("x", "Barres", bars, parts=("faits", "non faits"))))
    assert holds_its_shapes(root)
    assert number(root, "width") == 640


def test_bars_are_on_one_scale_and_the_second_part_follows_in_another_pattern() -> None:
    bars = [Bar("Un", 30, "30 sur 40", 10), Bar("Deux", 20, "20"), Bar("Trois", 0, "aucune")]
    root = parsed(bar_chart(Bars("x", "Barres", bars, parts=("faits", "non faits"))))
    first, second, other = parts_of(root)[2:]  # after those of the legend
    assert number(first, "width") == pytest.approx(3 * number(second, "width"), abs=0.3)
    assert number(first, "width") == pytest.approx(1.5 * number(other, "width"), abs=0.3)
    assert number(second, "x") == pytest.approx(number(first, "x") + number(first, "width"), abs=0.2)
    assert second.get("fill") == "url(#x-hatched)"
    assert first.get("fill") is None
    assert {"faits", "non faits", "30 sur 40", "aucune"} <= set(texts(root))


def test_no_bar_at_all_and_bars_of_nothing_are_drawn() -> None:
    assert parsed(bar_chart(Bars("x", "Barres", []))).findtext(f"{NS}desc") == "Rien à compter."
    root = parsed(bar_chart(Bars("x", "Barres", [Bar("Un", 0, "0")])))
    assert parts_of(root) == []
    assert "0" in texts(root)


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_a_bar_or_a_point_without_length_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="a bar has a length"):
        bar_chart(Bars("x", "Barres", [Bar("Un", value, "?")]))
    with pytest.raises(ValueError, match="a point has a height"):
        trend_chart(Trend("x", "Années", [YearValue(2024, value, "?")]))


@given(st.lists(st.tuples(WORDS, COUNTS), min_size=1, max_size=8), WORDS)
def test_a_distribution_of_any_counts_and_words_holds_in_its_drawing(
    rows: list[tuple[str, int]], promised: str
) -> None:
    bands = [DayBand(label, 10 * rank, 10 * rank + 9, count) for rank, (label, count) in enumerate(rows)]
    root = parsed(distribution_chart(Distribution("x", "Délais", bands, [(5, promised), (9, "loi")])))
    assert holds_its_shapes(root)


def test_a_column_is_as_high_as_its_count_and_an_empty_band_keeps_its_place() -> None:
    bands = [*BANDS[:2], DayBand("32 et plus", 32, None, 0)]
    root = parsed(distribution_chart(Distribution("x", "Délais", bands)))
    low, high = parts_of(root)
    assert number(high, "height") == pytest.approx(number(low, "height") * 7 / 3, abs=0.3)
    assert [text for text in texts(root) if text.isdigit()] == ["3", "7", "0"]


def test_the_mark_of_a_promised_day_stands_where_that_day_ends() -> None:
    def mark(day: int) -> float:
        root = parsed(distribution_chart(Distribution("x", "Délais", BANDS, [(day, "promis")])))
        return next(number(item, "x1") for item in root.iter(f"{NS}line") if item.get("class") == "d-today")

    columns = parts_of(parsed(distribution_chart(Distribution("x", "Délais", BANDS))))
    right = number(columns[1], "x") + number(columns[1], "width") + 8
    assert mark(31) == pytest.approx(right, abs=0.2)
    assert mark(10) < mark(20) < mark(31) < mark(90)
    assert mark(400) == mark(90), "a band without end has no scale: the mark stands in its middle"
    with pytest.raises(ValueError, match="a mark stands in a band"):
        mark(-1)


def test_nothing_measured_and_a_negative_count() -> None:
    assert (
        parsed(distribution_chart(Distribution("x", "Délais", []))).findtext(f"{NS}desc") == "Rien à compter."
    )
    with pytest.raises(ValueError, match="a band has a count"):
        distribution_chart(Distribution("x", "Délais", [DayBand("0", 0, None, -1)]))


@given(
    st.dictionaries(st.integers(1990, 2090), st.tuples(st.none() | COUNTS, WORDS), min_size=1, max_size=12)
)
def test_a_trend_of_any_values_and_words_holds_in_its_drawing(
    rows: dict[int, tuple[int | None, str]],
) -> None:
    values = [YearValue(year, *rows[year]) for year in sorted(rows)]
    root = parsed(trend_chart(Trend("x", "Années", values, [(values[-1].year, "autre définition")])))
    assert holds_its_shapes(root)
    assert {str(year) for year in rows} <= set(texts(root))
    assert len(list(root.iter(f"{NS}circle"))) == sum(one.value is not None for one in values)


def segments(*values: tuple[int, float | None], breaks: tuple[tuple[int, str], ...] = ()) -> int:
    drawn = Trend("x", "Années", [YearValue(year, value, str(value)) for year, value in values], breaks)
    return sum(item.get("class") == "d-arrow" for item in parsed(trend_chart(drawn)).iter(f"{NS}line"))


def test_the_line_stops_where_a_year_is_missing_has_no_value_or_is_counted_otherwise() -> None:
    assert segments((2022, 1), (2023, 2), (2024, 3)) == 2
    assert segments((2022, 1), (2024, 3)) == 0
    assert segments((2022, 1), (2023, None), (2024, 3)) == 0
    assert segments((2022, 1), (2023, 2), (2024, 3), breaks=((2024, "autre définition"),)) == 1
    assert segments((2024, 5)) == 0


def test_a_change_of_definition_is_drawn_and_said() -> None:
    values = [YearValue(2023, 0, "0"), YearValue(2024, 0, "0")]
    root = parsed(trend_chart(Trend("x", "Années", values, [(2024, "participations, non personnes")])))
    assert "participations, non personnes" in texts(root)
    assert "2024 : 0 (participations, non personnes)" in (root.findtext(f"{NS}desc") or "")
    assert any(item.get("class") == "d-today" for item in root.iter(f"{NS}line"))


def test_no_year_is_drawn_and_years_that_do_not_rise_are_refused() -> None:
    assert parsed(trend_chart(Trend("x", "Années", []))).findtext(f"{NS}desc") == "Aucune année."
    for years, breaks in ([2024, 2024], ()), ([2024, 2023], ()), ([2024], [(2025, "autre")]):
        values = [YearValue(year, 1, "1") for year in years]
        with pytest.raises(ValueError, match="years follow each other"):
            trend_chart(Trend("x", "Années", values, breaks))


def test_words_of_a_chart_are_escaped() -> None:
    drawn = [
        bar_chart(Bars("x", HOSTILE, [Bar(HOSTILE, 1, HOSTILE, 1)], parts=(HOSTILE, HOSTILE))),
        distribution_chart(Distribution("x", HOSTILE, [DayBand(HOSTILE, 0, None, 1)], [(3, HOSTILE)])),
        trend_chart(Trend("x", HOSTILE, [YearValue(2024, 1, HOSTILE)], [(2024, HOSTILE)])),
    ]
    for markup in drawn:
        assert not re.search(r"<script", markup)
        assert parsed(markup).findtext(f"{NS}title") == HOSTILE


def test_each_fill_has_a_pattern_of_its_own_or_none_at_all() -> None:
    drawn = parsed(patterns("x", Fill))
    named = {item.get("id"): ET.tostring(item) for item in drawn.iter("pattern")}
    assert set(named) == {"x-crossed", "x-hatched", "x-dotted"}
    assert len({re.sub(rb"x-\w+", b"", motif) for motif in named.values()}) == 3
    assert painted("x", Fill.FULL, "d-area") == {"class_": "d-area d-fill-full"}
    assert painted("x", Fill.DOTTED, "d-area") == {"class_": "d-area", "fill": "url(#x-dotted)"}
    assert patterns("x", [Fill.FULL, Fill.EMPTY]) == ""
