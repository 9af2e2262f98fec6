"""How conventions hold together: frameworks above, what applies, follows or leans on them below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import hypot

from maillage.web.presentation.svg.markup import (
    LINE_HEIGHT,
    element,
    frame,
    label,
    labels,
    text_width,
    wrapped,
)

BOX_WIDTH = 224.0
BOX_HEIGHT = 72.0
COLUMN_GAP = 32.0
LAYER_GAP = 84.0
MARGIN = 8.0
HEAD = 10.0

Port = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RelatedText:
    """A box: a convention, a framework, an instrument outside; `detail` says its state or dates."""

    key: str
    label: str
    detail: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """An arrow read from source to target, « S3 applique S4 »; the target stands above."""

    source: str
    target: str
    label: str


@dataclass(frozen=True, slots=True)
class Relations:
    """A small graph of conventions; `name` is unique on its page."""

    name: str
    title: str
    texts: Sequence[RelatedText]
    relations: Sequence[Relation]


def layers(keys: Sequence[str], relations: Sequence[Relation]) -> dict[str, int]:
    """Return the layer of each text, 0 at the top: a source stands below all its targets.

    A circle of relations is cut where it closes, so that a mistaken graph is still drawn.
    """
    targets: dict[str, list[str]] = {key: [] for key in keys}
    for relation in relations:
        targets[relation.source].append(relation.target)
    known: dict[str, int] = {}

    def layer(key: str, path: frozenset[str]) -> int:
        if key not in known:
            above = [target for target in targets[key] if target not in path and target != key]
            depth = 1 + max((layer(target, path | {key}) for target in above), default=-1)
            known[key] = depth
        return known[key]

    for key in keys:
        layer(key, frozenset({key}))
    return known


def relations_graph(graph: Relations) -> str:
    """Return the SVG of the graph; a relation to a text that is not there raises KeyError."""
    depth = layers([text.key for text in graph.texts], graph.relations)
    places, width = _places(graph.texts, depth)
    height = (max(depth.values(), default=0) + 1) * (BOX_HEIGHT + LAYER_GAP) - LAYER_GAP + 2 * MARGIN
    ports = _ports(graph.relations, places)
    arrows = [_relation(relation, *port) for relation, port in zip(graph.relations, ports, strict=True)]
    boxes = [_box(text, *places[text.key]) for text in graph.texts]
    names = {text.key: text.label for text in graph.texts}
    said = [f"{names[item.source]} {item.label} {names[item.target]}" for item in graph.relations]
    return frame(
        "".join(line for line, _ in arrows) + "".join(boxes) + "".join(word for _, word in arrows),
        name=graph.name,
        title=graph.title,
        description=(" ; ".join(said) or "Aucun lien avec un autre texte") + ".",
        width=width,
        height=height,
    )


def _places(texts: Sequence[RelatedText], depth: Mapping[str, int]) -> tuple[dict[str, Port], float]:
    """Return the centre of the top of each box, layers centred, and the width of the drawing."""
    rows: dict[int, list[str]] = {}
    for text in texts:
        rows.setdefault(depth[text.key], []).append(text.key)
    widest = max((len(row) for row in rows.values()), default=1)
    width = 2 * MARGIN + widest * BOX_WIDTH + (widest - 1) * COLUMN_GAP
    places = {}
    for rank, row in rows.items():
        left = (width - len(row) * BOX_WIDTH - (len(row) - 1) * COLUMN_GAP) / 2
        for position, key in enumerate(row):
            x = left + position * (BOX_WIDTH + COLUMN_GAP) + BOX_WIDTH / 2
            places[key] = (x, MARGIN + rank * (BOX_HEIGHT + LAYER_GAP))
    return places, width


def _box(text: RelatedText, x: float, y: float) -> str:
    look = "d-box-current" if text.is_current else "d-box"
    box = element(
        "rect",
        x=x - BOX_WIDTH / 2,
        y=y,
        width=BOX_WIDTH,
        height=BOX_HEIGHT,
        rx=6,
        class_=look,
        stroke="currentColor",
    )
    names = wrapped(text.label, BOX_WIDTH - 20, most_lines=2)
    details = wrapped(text.detail, BOX_WIDTH - 20, most_lines=1) if text.detail else []
    top = y + (BOX_HEIGHT - LINE_HEIGHT * (len(names) + len(details))) / 2 + LINE_HEIGHT * 0.76
    markup = box + labels(names, x=x, y=top, class_="d-strong", anchor="middle")
    markup += labels(details, x=x, y=top + LINE_HEIGHT * len(names), class_="d-soft d-small", anchor="middle")
    return element("g", element("title", escape(text.label)) + markup)


def _relation(relation: Relation, start: Port, end: Port) -> tuple[str, str]:
    """Return the line of a relation and its words, drawn last so that no line crosses them."""
    (from_x, from_y), (to_x, to_y) = start, end
    length = hypot(to_x - from_x, to_y - from_y) or 1.0
    along, across = (to_x - from_x) / length, (to_y - from_y) / length
    back_x, back_y = to_x - along * HEAD, to_y - across * HEAD
    wing_x, wing_y = across * HEAD / 2, -along * HEAD / 2
    line = element(
        "line",
        x1=from_x,
        y1=from_y,
        x2=back_x,
        y2=back_y,
        class_="d-arrow",
        stroke="currentColor",
        stroke_width=1.5,
    )
    head = (
        f"M{to_x:.1f} {to_y:.1f}L{back_x + wing_x:.1f} {back_y + wing_y:.1f}"
        f"L{back_x - wing_x:.1f} {back_y - wing_y:.1f}z"
    )
    line += element("path", d=head, class_="d-head", fill="currentColor")
    x, y = (from_x + to_x) / 2, (from_y + to_y) / 2 + 4
    width = text_width(relation.label) + 8
    halo = element("rect", x=x - width / 2, y=y - 13, width=width, height=18, class_="d-halo")
    return line, halo + label(relation.label, x=x, y=y, class_="d-soft", anchor="middle")


def _ports(relations: Sequence[Relation], places: Mapping[str, Port]) -> list[tuple[Port, Port]]:
    """Return where each line leaves and arrives: spread along the edges of its boxes, in the order of the far ends."""
    ends: dict[tuple[str, bool], list[tuple[float, int, int]]] = {}
    for rank, relation in enumerate(relations):
        for end, (key, other) in enumerate(
            [(relation.source, relation.target), (relation.target, relation.source)]
        ):
            is_top = places[other][1] < places[key][1]
            ends.setdefault((key, is_top), []).append((places[other][0], rank, end))
    found: dict[tuple[int, int], Port] = {}
    for (key, is_top), lines in ends.items():
        x, y = places[key]
        for position, (_, rank, end) in enumerate(sorted(lines), 1):
            port_x = x - BOX_WIDTH / 2 + BOX_WIDTH * position / (len(lines) + 1)
            found[rank, end] = (port_x, y if is_top else y + BOX_HEIGHT)
    return [(found[rank, 0], found[rank, 1]) for rank in range(len(relations))]
