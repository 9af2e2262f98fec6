"""What shapes are filled with: told apart by their pattern, which the colour only repeats."""

from collections.abc import Iterable
from enum import StrEnum

from maillage.web.presentation.svg.markup import element

_STEP = 7.0


class Fill(StrEnum):
    """From the fullest to the emptiest, for states as for the parts of a scale; the value ends a class or the id of a pattern."""

    FULL = "full"
    CROSSED = "crossed"
    HATCHED = "hatched"
    DOTTED = "dotted"
    EMPTY = "empty"


def patterns(name: str, fills: Iterable[Fill]) -> str:
    """Return the patterns of a drawing, for those of these fills that have one; `name` is that of the drawing."""
    found = "".join(_pattern(name, fill) for fill in Fill if fill in set(fills) and fill in _MOTIFS)
    return element("defs", found) if found else ""


def painted(name: str, fill: Fill, *classes: str) -> dict[str, str]:
    """Return the attributes of a shape filled so in that drawing, with other classes."""
    if fill not in _MOTIFS:
        return {"class_": " ".join((*classes, f"d-fill-{fill}"))}
    kept: dict[str, str] = {"class_": " ".join(classes)} if classes else {}
    return {**kept, "fill": f"url(#{name}-{fill})"}


def _pattern(name: str, fill: Fill) -> str:
    turned: dict[str, str] = {} if fill is Fill.DOTTED else {"patternTransform": "rotate(45)"}
    return element(
        "pattern",
        element("rect", width=_STEP, height=_STEP, class_="d-fill-empty") + _MOTIFS[fill],
        id=f"{name}-{fill}",
        width=_STEP,
        height=_STEP,
        patternUnits="userSpaceOnUse",
        **turned,
    )


def _stripe(**ends: float) -> str:
    return element("line", **ends, class_="d-stripe", stroke="currentColor", stroke_width=2.5)


_DOWN = _stripe(x1=_STEP / 2, x2=_STEP / 2, y1=0, y2=_STEP)
_MOTIFS = {
    Fill.CROSSED: _DOWN + _stripe(x1=0, x2=_STEP, y1=_STEP / 2, y2=_STEP / 2),
    Fill.HATCHED: _DOWN,
    Fill.DOTTED: element("circle", cx=_STEP / 2, cy=_STEP / 2, r=1.2, class_="d-dot", fill="currentColor"),
}
