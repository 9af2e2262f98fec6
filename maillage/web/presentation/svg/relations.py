"""How conventions hold together: frameworks above, what applies, follows or leans on them below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

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
COLUMN_GAP = 40.0
LAYER_GAP = 76.0
MARGIN = 8.0


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
    arrows = [_relation(relation, places) for relation in graph.relations]
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


def _places(
    texts: Sequence[RelatedText], depth: Mapping[str, int]
) -> tuple[dict[str, tuple[float, float]], float]:
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


def _relation(relation: Relation, places: Mapping[str, tuple[float, float]]) -> tuple[str, str]:
    """Return the line of a relation and its words, drawn last so that no line crosses them."""
    (from_x, from_y), (to_x, to_y) = places[relation.source], places[relation.target]
    if from_y > to_y:
        start_y, end_y, sense = from_y, to_y + BOX_HEIGHT, -1.0
    elif from_y < to_y:
        start_y, end_y, sense = from_y + BOX_HEIGHT, to_y, 1.0
    else:
        start_y, end_y, sense = from_y + BOX_HEIGHT, to_y + BOX_HEIGHT, -1.0
    tip = end_y - sense * 9
    bend = (start_y + tip) / 2 if from_y != to_y else start_y + LAYER_GAP / 2
    path = f"M{from_x:g} {start_y:g}C{from_x:g} {bend:g} {to_x:g} {bend:g} {to_x:g} {tip:g}"
    line = element("path", d=path, class_="d-arrow", stroke="currentColor", stroke_width=1.5)
    head = f"M{to_x:g} {end_y:g}l-5 {-sense * 10:g}h10z"
    line += element("path", d=head, class_="d-head", fill="currentColor")
    # Nearer the source, where lines to one framework have not yet met.
    share = 0.38
    x = from_x + (to_x - from_x) * share
    y = start_y + (tip - start_y) * share + 4 if from_y != to_y else bend
    width = text_width(relation.label) + 8
    halo = element("rect", x=x - width / 2, y=y - 13, width=width, height=18, class_="d-halo")
    return line, halo + label(relation.label, x=x, y=y, class_="d-soft", anchor="middle")
