"""Horizontal bars: a label, a value in words, and a second part set apart by its pattern (done and not done)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from maillage.web.presentation.svg.fills import Fill, painted, patterns
from maillage.web.presentation.svg.markup import (
    LINE_HEIGHT,
    element,
    frame,
    label,
    labels,
    text_width,
    wrapped,
)

WIDTH = 640.0
MARGIN = 8.0
BAR = 18.0
GAP = 14.0
LEAST = 160.0
"""The room that the longest bar has at least, however long the words beside it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line: its label, its value and the words that say it; `second` follows it in another pattern."""

    label: str
    value: float
    words: str
    second: float = 0


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars drawn in the order given, on one scale from zero; `parts` names the two parts, when there are two.

    `name` is unique on its page.
    """

    name: str
    title: str
    bars: Sequence[Bar]
    parts: tuple[str, str] | None = None


def bar_chart(chart: Bars) -> str:
    """Return the SVG of the bars. A value that is negative or no number raises ValueError."""
    if any(not isfinite(value) or value < 0 for bar in chart.bars for value in (bar.value, bar.second)):
        raise ValueError("a bar has a length")
    longest = max((bar.value + bar.second for bar in chart.bars), default=0) or 1
    # The words stand after the bar: the longest of them set what is left to the bars.
    words = [wrapped(bar.words, WIDTH - 2 * MARGIN - LEAST, most_lines=2) for bar in chart.bars]
    widest = max((text_width(line) for lines in words for line in lines), default=0)
    room = WIDTH - 2 * MARGIN - widest - 8
    y = MARGIN
    parts = [patterns(chart.name, [Fill.HATCHED])] if chart.parts else []
    if chart.parts:
        parts.append(_legend(chart, chart.parts, y))
        y += BAR + GAP
    for bar, lines in zip(chart.bars, words, strict=True):
        drawn, height = _bar(chart.name, bar, lines, room / longest, y)
        parts.append(drawn)
        y += height
    return frame(
        "".join(parts),
        name=chart.name,
        title=chart.title,
        description=_description(chart),
        width=WIDTH,
        height=y + MARGIN,
    )


def _bar(name: str, bar: Bar, words: Sequence[str], scale: float, y: float) -> tuple[str, float]:
    """Return a bar under its label, and the height that they take."""
    names = wrapped(bar.label, WIDTH - 2 * MARGIN, most_lines=2)
    top = y + LINE_HEIGHT * len(names)
    first, second = bar.value * scale, bar.second * scale
    markup = labels(names, x=MARGIN, y=y + 12)
    if bar.value:
        markup += _part(name, Fill.FULL, MARGIN, top, first)
    if bar.second:
        markup += _part(name, Fill.HATCHED, MARGIN + first, top, second)
    end = MARGIN + max(first + second, 1)
    markup += element(
        "line", x1=MARGIN, x2=MARGIN, y1=top - 2, y2=top + BAR + 2, class_="d-axis", stroke="currentColor"
    )
    markup += labels(words, x=end + 6, y=top + 14, class_="d-strong")
    return markup, LINE_HEIGHT * (len(names) + len(words) - 1) + BAR + GAP


def _part(name: str, fill: Fill, x: float, y: float, width: float) -> str:
    attributes = painted(name, fill, "d-part")
    return element("rect", x=x, y=y, width=max(width, 1), height=BAR, stroke="currentColor", **attributes)


def _legend(chart: Bars, parts: tuple[str, str], y: float) -> str:
    first, second = (wrapped(part, WIDTH / 2 - 40, most_lines=1)[0] for part in parts)
    x = MARGIN + BAR + 6 + text_width(first) + 24
    return (
        _part(chart.name, Fill.FULL, MARGIN, y, BAR)
        + label(first, x=MARGIN + BAR + 6, y=y + 14, class_="d-soft")
        + _part(chart.name, Fill.HATCHED, x, y, BAR)
        + label(second, x=x + BAR + 6, y=y + 14, class_="d-soft")
    )


def _description(chart: Bars) -> str:
    return (" ; ".join(f"{bar.label} : {bar.words}" for bar in chart.bars) or "Rien à compter") + "."
