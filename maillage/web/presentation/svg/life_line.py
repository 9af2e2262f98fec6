"""The life of a convention as a time line: marks (signature, COPIL…), spans (terms, windows), today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from maillage.web.presentation.dates import between, long_date, short_date
from maillage.web.presentation.svg.markup import element, frame, label, text_width

WIDTH = 776.0
MARGIN = 12.0
MARK_ROW = 20.0
SPAN_ROW = 44.0
BAR = 12.0
_STEPS = (1, 2, 5, 10, 20, 50, 100, 500, 1000)
_YEAR_ROOM = 40.0


class SpanKind(StrEnum):
    """What a span is; the value is the suffix of its class."""

    TERM = "term"
    PLANNED = "planned"
    WINDOW = "window"
    NOTICE = "notice"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class Mark:
    """One day: a signature, a COPIL, an avenant… Full when it happened, hollow when it is to come."""

    on: date
    label: str
    happened: bool = True


@dataclass(frozen=True, slots=True)
class Span:
    """A period, both days included; without last day it runs to the edge, its end unknown."""

    first: date
    last: date | None
    label: str
    kind: SpanKind = SpanKind.TERM


@dataclass(frozen=True, slots=True)
class LifeLine:
    """A time line between two days; `name` is unique on its page."""

    name: str
    title: str
    first: date
    last: date
    marks: Sequence[Mark]
    spans: Sequence[Span]
    today: date | None = None


def life_line_bounds(days: Sequence[date]) -> tuple[date, date]:
    """Return the whole quarters that hold all the days, for the edges of a time line."""
    first, last = min(days), max(days)
    start = date(first.year, (first.month - 1) // 3 * 3 + 1, 1)
    if last.year == date.max.year:
        return start, date.max
    after = last.year * 12 + (last.month - 1) // 3 * 3 + 3
    return start, date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def life_line(line: LifeLine) -> str:
    """Return the SVG of a time line; marks stand above the axis, spans below, nothing overlaps."""
    if line.last <= line.first:
        raise ValueError("a time line ends after it starts")
    marks = sorted(line.marks, key=lambda mark: mark.on)
    rows, row_count = _rows([_mark_extent(line, mark) for mark in marks])
    lanes, lane_count = _rows([_span_extent(line, span) for span in line.spans])
    axis = 28 + row_count * MARK_ROW
    bottom = axis + 34 + lane_count * SPAN_ROW
    parts = [_years(line, axis, bottom)]
    if line.today is not None and line.first <= line.today <= line.last:
        parts.append(_today(line, line.today, axis, bottom))
    parts += [_mark(line, mark, 22 + row * MARK_ROW, axis) for mark, row in zip(marks, rows, strict=True)]
    parts += [
        _span(line, span, axis + 46 + lane * SPAN_ROW) for span, lane in zip(line.spans, lanes, strict=True)
    ]
    return frame(
        "".join(parts),
        name=line.name,
        title=line.title,
        description=_description(line, marks),
        width=WIDTH,
        height=bottom + 26,
    )


def _x(line: LifeLine, day: date) -> float:
    share = (day - line.first).days / (line.last - line.first).days
    return MARGIN + min(max(share, 0.0), 1.0) * (WIDTH - 2 * MARGIN)


def _text_start(x: float, text: str) -> float:
    return max(MARGIN, min(x, WIDTH - MARGIN - text_width(text)))


def _mark_text(mark: Mark) -> str:
    return f"{mark.label}, {short_date(mark.on)}"


def _mark_extent(line: LifeLine, mark: Mark) -> tuple[float, float]:
    x, text = _x(line, mark.on), _mark_text(mark)
    start = _beside(x, text)
    return min(start, x), max(x, start + text_width(text)) + 10


def _beside(x: float, text: str) -> float:
    """Where the text of a mark starts: right of its dot, else left of it, so that it always touches its line."""
    width = text_width(text)
    if x + 6 + width <= WIDTH - MARGIN or x - 6 - width < MARGIN:
        return _text_start(x + 6, text)
    return x - 6 - width


def _span_extent(line: LifeLine, span: Span) -> tuple[float, float]:
    first = _x(line, span.first)
    start = _text_start(first, span.label)
    return min(first, start), max(_x(line, span.last or line.last), start + text_width(span.label)) + 8


def _rows(extents: Sequence[tuple[float, float]]) -> tuple[list[int], int]:
    """Put each extent on the first row where it touches no other; return the rows and how many there are."""
    taken: list[list[tuple[float, float]]] = []
    chosen = []
    for left, right in extents:
        free = (
            rank
            for rank, row in enumerate(taken)
            if all(right <= other_left or left >= other_right for other_left, other_right in row)
        )
        rank = next(free, len(taken))
        if rank == len(taken):
            taken.append([])
        taken[rank].append((left, right))
        chosen.append(rank)
    return chosen, len(taken)


def _year_step(line: LifeLine) -> int:
    """Every how many years one is written, so that each has its room, however long the life."""
    room = (WIDTH - 2 * MARGIN) / max(line.last.year - line.first.year + 1, 1)
    return next((step for step in _STEPS if room * step >= _YEAR_ROOM), _STEPS[-1])


def _years(line: LifeLine, axis: float, bottom: float) -> str:
    parts = [
        element(
            "line", x1=MARGIN, x2=WIDTH - MARGIN, y1=axis, y2=axis, class_="d-axis", stroke="currentColor"
        )
    ]
    if _x(line, date(line.first.year + 1, 1, 1)) > MARGIN + 60 and line.first != date(line.first.year, 1, 1):
        parts.append(label(str(line.first.year), x=MARGIN + 5, y=axis + 18, class_="d-soft d-strong"))
    step = _year_step(line)
    for year in range(line.first.year + -line.first.year % step, line.last.year + 1, step):
        for month in (1, 4, 7, 10) if step == 1 else (1,):
            day = date(year, month, 1)
            if not line.first <= day <= line.last:
                continue
            x = _x(line, day)
            if month == 1:
                parts.append(
                    element("line", x1=x, x2=x, y1=axis, y2=bottom, class_="d-line", stroke="currentColor")
                )
                if x + 5 + text_width(str(year)) <= WIDTH:
                    parts.append(label(str(year), x=x + 5, y=axis + 18, class_="d-soft d-strong"))
            else:
                parts.append(
                    element("line", x1=x, x2=x, y1=axis, y2=axis + 5, class_="d-axis", stroke="currentColor")
                )
    return "".join(parts)


def _mark(line: LifeLine, mark: Mark, y: float, axis: float) -> str:
    x = _x(line, mark.on)
    text = _mark_text(mark)
    start = _beside(x, text)
    is_left = start == x - 6 - text_width(text)
    look = "d-mark-full" if mark.happened else "d-mark"
    return (
        element("line", x1=x, x2=x, y1=y - 9, y2=axis, class_="d-axis", stroke="currentColor")
        + element("rect", x=start - 2, y=y - 13, width=text_width(text) + 4, height=18, class_="d-halo")
        + (label(text, x=x - 6, y=y, anchor="end") if is_left else label(text, x=start, y=y))
        + element("circle", cx=x, cy=axis, r=5, class_=look, stroke="currentColor", stroke_width=2)
    )


def _span(line: LifeLine, span: Span, y: float) -> str:
    first, last = _x(line, span.first), _x(line, span.last or line.last)
    bar = element(
        "rect",
        x=first,
        y=y + 6,
        width=max(last - first, 3),
        height=BAR,
        rx=2,
        class_=f"d-span-{span.kind}",
        stroke="currentColor",
        **({} if span.last else {"stroke_dasharray": "4 3"}),
    )
    start = _text_start(first, span.label)
    halo = element(
        "rect", x=start - 2, y=y - 13, width=text_width(span.label) + 4, height=18, class_="d-halo"
    )
    return halo + label(span.label, x=start, y=y) + bar


def _today(line: LifeLine, today: date, axis: float, bottom: float) -> str:
    x = _x(line, today)
    text = "Aujourd’hui"
    half = text_width(text) / 2
    centre = min(max(x, MARGIN + half), WIDTH - MARGIN - half)
    return element(
        "line",
        x1=x,
        x2=x,
        y1=axis - 10,
        y2=bottom + 6,
        class_="d-today",
        stroke="currentColor",
        stroke_width=2,
    ) + label(text, x=centre, y=bottom + 20, class_="d-today-text", anchor="middle")


def _description(line: LifeLine, marks: Sequence[Mark]) -> str:
    said = [f"{mark.label} : {long_date(mark.on)}" for mark in marks]
    said += [f"{span.label} : {between(span.first, span.last)}" for span in line.spans]
    if line.today is not None:
        said.append(f"aujourd’hui : {long_date(line.today)}")
    return " ; ".join(said) + "."
