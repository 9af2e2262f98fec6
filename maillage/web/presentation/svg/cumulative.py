"""What a year consumes, month after month, against its objective: this year, the one before it, where it would end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from maillage.web.presentation.svg.markup import LINE_HEIGHT, element, frame, label, text_width

WIDTH: Final = 776.0
TOP: Final = 24.0
HEIGHT: Final = 300.0
LEFT: Final = 96.0
RIGHT: Final = 190.0
_BOTTOM: Final = TOP + HEIGHT
_TICKS: Final = 5
_NAMES: Final = (
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Curve:
    """Sums from January to each month, the first one being January's."""

    label: str
    sums: Sequence[int]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Where the year would end: the point, and its bounds where there are some."""

    point: int
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Consumption:
    """A year to draw; `name` is unique on its page, `said` writes an amount shortly."""

    name: str
    title: str
    description: str
    current: Curve
    said: Callable[[int], str]
    before: Curve | None = None
    objective: int | None = None
    ahead: Ahead | None = None


def consumption(drawn: Consumption) -> str:
    """Return the SVG: sums as lines, the objective as a dashed one, the projection dotted with its bounds as a wedge."""
    step, most = _scale(drawn)
    parts = [_grid(drawn, step, most)]
    ends: list[tuple[float, str, str]] = []
    if drawn.before is not None:
        parts.append(_line(drawn.before.sums, most, "d-axis", 2))
        ends.append((_y(drawn.before.sums[-1], most), drawn.before.label, "d-soft"))
    if drawn.objective is not None:
        y = _y(drawn.objective, most)
        parts.append(_straight((_x(0), y), (_x(12), y), "d-today", "6 4"))
        ends.append((y, f"Objectif {drawn.said(drawn.objective)}", "d-today-text"))
    parts.append(_ahead(drawn, most))
    if drawn.current.sums:
        parts.append(_line(drawn.current.sums, most, "d-arrow", 3))
        parts.append(_dots(drawn.current.sums, most))
    if drawn.ahead is not None:
        ends.append((_y(drawn.ahead.point, most), f"Projection {drawn.said(drawn.ahead.point)}", "d-strong"))
    parts += [label(text, x=_x(12) + 10, y=y + 4, class_=look) for y, text, look in _apart(ends)]
    if drawn.current.sums and len(drawn.current.sums) < 12:
        parts.append(_now(drawn, most))
    return frame(
        "".join(parts),
        name=drawn.name,
        title=drawn.title,
        description=drawn.description,
        width=WIDTH,
        height=_BOTTOM + 34,
    )


def _scale(drawn: Consumption) -> tuple[int, int]:
    """The step between two marks of the height, and the highest mark."""
    amounts = [*drawn.current.sums, *(drawn.before.sums if drawn.before else ())]
    amounts += [drawn.objective or 0]
    if drawn.ahead is not None:
        amounts += [drawn.ahead.point, drawn.ahead.high or 0]
    most = max(*amounts, 1)
    size = 10 ** (len(str(most // _TICKS)) - 1) if most >= _TICKS else 1
    step = next(size * one for one in (1, 2, 5, 10) if size * one * _TICKS >= most)
    return step, -(-most // step) * step


def _x(month: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * month / 12


def _y(amount: int, most: int) -> float:
    return _BOTTOM - HEIGHT * max(amount, 0) / most


def _grid(drawn: Consumption, step: int, most: int) -> str:
    parts = []
    for amount in range(0, most + 1, step):
        y = _y(amount, most)
        parts.append(_straight((_x(0), y), (_x(12), y), "d-axis" if amount == 0 else "d-line"))
        parts.append(label(drawn.said(amount), x=LEFT - 8, y=y + 4, class_="d-soft d-small", anchor="end"))
    parts += [
        label(_NAMES[month - 1], x=_x(month), y=_BOTTOM + 20, class_="d-soft d-small", anchor="middle")
        for month in range(1, 13)
    ]
    return "".join(parts)


def _straight(start: tuple[float, float], end: tuple[float, float], look: str, dashes: str = "") -> str:
    return element(
        "line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], class_=look, stroke="currentColor",
        stroke_width=2 if dashes else 1, **({"stroke_dasharray": dashes} if dashes else {}),
    )  # fmt: skip


def _line(sums: Sequence[int], most: int, look: str, width: int) -> str:
    points = [(_x(0), _y(0, most)), *((_x(month), _y(one, most)) for month, one in enumerate(sums, 1))]
    return element(
        "polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), class_=look, stroke="currentColor",
        stroke_width=width,
    )  # fmt: skip


def _dots(sums: Sequence[int], most: int) -> str:
    return "".join(
        element("circle", cx=_x(month), cy=_y(one, most), r=4, class_="d-mark-full", stroke="currentColor")
        for month, one in enumerate(sums, 1)
    )


def _ahead(drawn: Consumption, most: int) -> str:
    """From the last month known to the end of the year; nothing once the year is over."""
    ahead, sums = drawn.ahead, drawn.current.sums
    if ahead is None or not sums or len(sums) == 12:
        return ""
    x, y = _x(len(sums)), _y(sums[-1], most)
    wedge = ""
    if ahead.low is not None and ahead.high is not None:
        corners = ((x, y), (_x(12), _y(ahead.low, most)), (_x(12), _y(ahead.high, most)))
        points = " ".join(f"{left:.1f},{top:.1f}" for left, top in corners)
        wedge = element("polygon", points=points, class_="d-span-window", stroke="currentColor")
    return wedge + _straight((x, y), (_x(12), _y(ahead.point, most)), "d-arrow", "2 4")


def _now(drawn: Consumption, most: int) -> str:
    """The sum of the last month known, written above its dot."""
    sums = drawn.current.sums
    text = drawn.said(sums[-1])
    x = max(LEFT + text_width(text), _x(len(sums)) - 8)
    return label(text, x=x, y=max(_y(sums[-1], most) - 10, 12), class_="d-strong", anchor="end")


def _apart(ends: Sequence[tuple[float, str, str]]) -> list[tuple[float, str, str]]:
    """The labels at the right, from the top, each a line below the one above it at least."""
    placed: list[tuple[float, str, str]] = []
    for y, text, look in sorted(ends):
        least = placed[-1][0] + LINE_HEIGHT if placed else TOP
        placed.append((max(y, least), text, look))
    return placed
