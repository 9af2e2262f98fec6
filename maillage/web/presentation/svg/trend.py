"""A value over the years: points and a line between them, each year labelled, and a break where the definition changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from maillage.web.presentation.svg.markup import element, flag, frame, label, text_width

MARGIN = 12.0
HEIGHT = 160.0
LEAST = 88.0
"""The least room of a year; a longer label gives more to all."""
_BREAK_ROW = 20.0


@dataclass(frozen=True, slots=True)
class YearValue:
    """The value of a year and the words that say it; None where there is none, and the words say why."""

    year: int
    value: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Values by year, each year once, in their order. `breaks`: [(year, words)], the first years of another definition.

    `name` is unique on its page.
    """

    name: str
    title: str
    values: Sequence[YearValue]
    breaks: Sequence[tuple[int, str]] = ()


def trend_chart(trend: Trend) -> str:
    """Return the SVG of a trend, on a scale from zero.

    Years that do not rise, a negative value, one that is no number, or a break at no year of it raise ValueError.
    """
    values, breaks = trend.values, sorted(trend.breaks)
    known = [one.value for one in values if one.value is not None]
    if any(not isfinite(value) or value < 0 for value in known):
        raise ValueError("a point has a height")
    years = [one.year for one in values]
    if any(one >= other for one, other in pairwise(years)) or not {year for year, _ in breaks} <= set(years):
        raise ValueError("years follow each other, and a definition changes in one of them")
    step = max([LEAST, *(text_width(one.words) + 16 for one in values)])
    widest = max((text_width(words) for _, words in breaks), default=0.0)
    width = 2 * MARGIN + max(step * len(values), widest + 12, LEAST)
    top = MARGIN + _BREAK_ROW * len(breaks) + 20
    base = top + HEIGHT
    scale = HEIGHT / (max(known, default=0) or 1)
    places = {one.year: MARGIN + step * (rank + 0.5) for rank, one in enumerate(values)}
    heights = {one.year: base - one.value * scale for one in values if one.value is not None}
    cuts = {year for year, _ in breaks}
    parts = [
        element(
            "line", x1=MARGIN, x2=width - MARGIN, y1=base, y2=base, class_="d-axis", stroke="currentColor"
        ),
        *(
            flag(
                words,
                x=places[year] - step / 2,
                y=MARGIN + _BREAK_ROW * rank,
                base=base + 6,
                margin=MARGIN,
                width=width,
            )
            for rank, (year, words) in enumerate(breaks)
        ),
        _lines(values, places, heights, cuts),
        *(_point(one, places[one.year], heights.get(one.year), base) for one in values),
    ]
    return frame(
        "".join(parts),
        name=trend.name,
        title=trend.title,
        description=_description(trend),
        width=width,
        height=base + 34,
    )


def _lines(
    values: Sequence[YearValue], places: dict[int, float], heights: dict[int, float], cuts: set[int]
) -> str:
    """The line, which stops where a year is missing, has no value, or is counted otherwise."""
    return "".join(
        element(
            "line",
            x1=places[one.year],
            y1=heights[one.year],
            x2=places[other.year],
            y2=heights[other.year],
            class_="d-arrow",
            stroke="currentColor",
            stroke_width=2,
        )
        for one, other in pairwise(values)
        if one.year in heights and other.year in heights
        if other.year == one.year + 1 and other.year not in cuts
    )


def _point(one: YearValue, x: float, y: float | None, base: float) -> str:
    year = label(str(one.year), x=x, y=base + 20, class_="d-soft d-strong", anchor="middle")
    if y is None:
        return label(one.words, x=x, y=base - 6, class_="d-soft", anchor="middle") + year
    half = text_width(one.words) / 2
    halo = element("rect", x=x - half, y=y - 25, width=2 * half, height=16, class_="d-halo")
    dot = element("circle", cx=x, cy=y, r=4.5, class_="d-mark-full", stroke="currentColor", stroke_width=2)
    return halo + dot + label(one.words, x=x, y=y - 12, class_="d-strong", anchor="middle") + year


def _description(trend: Trend) -> str:
    changed = dict(trend.breaks)
    said = [
        f"{one.year} : {one.words}" + (f" ({changed[one.year]})" if one.year in changed else "")
        for one in trend.values
    ]
    return (" ; ".join(said) or "Aucune année") + "."
