"""The flows of a convention: a column for each party, an arrow for each service, dashed without names."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from maillage.web.presentation.svg.markup import LINE_HEIGHT, element, frame, labels, text_width, wrapped

COLUMN = 192.0
BOX = 168.0
MARGIN = 8.0
HEAD = 7.0


class FlowData(StrEnum):
    """What travels along a flow."""

    NOMINATIVE = "nominative"
    AGGREGATE = "aggregate"
    NONE = "none"


DATA_WORDS = {
    FlowData.NOMINATIVE: "données nominatives",
    FlowData.AGGREGATE: "chiffres sans nom",
    FlowData.NONE: "aucune donnée transmise",
}


@dataclass(frozen=True, slots=True)
class FlowParty:
    """A column: a party of the convention, or the person herself; `detail` is its role."""

    key: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FlowArrow:
    """An arrow from a party to another and its service; `words` replaces the usual ones below it."""

    source: str
    target: str
    label: str
    data: FlowData
    words: str = ""


@dataclass(frozen=True, slots=True)
class FlowDiagram:
    """The flows of a convention, drawn in the order given; `name` is unique on its page."""

    name: str
    title: str
    parties: Sequence[FlowParty]
    arrows: Sequence[FlowArrow]


def flow_diagram(diagram: FlowDiagram) -> str:
    """Return the SVG of the flows; an arrow whose party is not a column raises KeyError."""
    centres = {party.key: MARGIN + COLUMN * rank + COLUMN / 2 for rank, party in enumerate(diagram.parties)}
    heads = [_party(party, centres[party.key]) for party in diagram.parties]
    top = max((height for _, height in heads), default=0.0) + MARGIN
    y = top + 20
    arrows = []
    for arrow in diagram.arrows:
        drawn, height = _arrow(arrow, centres[arrow.source], centres[arrow.target], y)
        arrows.append(drawn)
        y += height
    stems = [
        element("line", x1=x, x2=x, y1=top, y2=y, class_="d-line", stroke="currentColor", stroke_width=1.5)
        for x in centres.values()
    ]
    return frame(
        "".join([*stems, *(markup for markup, _ in heads), *arrows]),
        name=diagram.name,
        title=diagram.title,
        description=_description(diagram),
        width=2 * MARGIN + COLUMN * max(1, len(diagram.parties)),
        height=y + MARGIN,
    )


def _party(party: FlowParty, centre: float) -> tuple[str, float]:
    names = wrapped(party.label, BOX - 20)
    details = wrapped(party.detail, BOX - 20, most_lines=2) if party.detail else []
    height = 20.0 + LINE_HEIGHT * (len(names) + len(details))
    box = element(
        "rect",
        x=centre - BOX / 2,
        y=MARGIN,
        width=BOX,
        height=height,
        rx=6,
        class_="d-box",
        stroke="currentColor",
        stroke_width=1.5,
    )
    y = MARGIN + 10 + LINE_HEIGHT * 0.76
    markup = box + labels(names, x=centre, y=y, class_="d-strong", anchor="middle")
    markup += labels(
        details, x=centre, y=y + LINE_HEIGHT * len(names), class_="d-soft d-small", anchor="middle"
    )
    return markup, height


def _arrow(arrow: FlowArrow, start: float, end: float, y: float) -> tuple[str, float]:
    """Return an arrow whose label begins at y, and the height that it takes."""
    middle = (start + end) / 2 if start != end else start + COLUMN / 4
    room = max(abs(end - start), COLUMN / 2) - 24
    names = wrapped(arrow.label, room)
    words = wrapped(_words(arrow), room, most_lines=2)
    line_y = y + LINE_HEIGHT * len(names) + 4
    widest = max(text_width(line) for line in (*names, *words))
    halo = element(
        "rect",
        x=middle - widest / 2,
        y=y - 2,
        width=widest,
        height=LINE_HEIGHT * (len(names) + len(words)) + 12,
        class_="d-halo",
    )
    markup = halo
    markup += labels(names, x=middle, y=y + 12, class_="d-strong", anchor="middle")
    markup += labels(words, x=middle, y=line_y + 17, class_="d-soft d-small", anchor="middle")
    markup += _line(arrow, start, end, line_y)
    return markup, LINE_HEIGHT * (len(names) + len(words)) + 34


def _line(arrow: FlowArrow, start: float, end: float, y: float) -> str:
    dashes: dict[str, str | float] = {} if arrow.data is FlowData.NOMINATIVE else {"stroke_dasharray": "6 4"}
    if start == end:
        path = f"M{start:g} {y:g}h{COLUMN / 2 - 24:g}v12H{start + HEAD:g}"
        tip_y, direction = y + 12, -1
    else:
        direction = 1 if end > start else -1
        path = f"M{start:g} {y:g}H{end - direction * HEAD:g}"
        tip_y = y
    line = element("path", d=path, class_="d-arrow", stroke="currentColor", stroke_width=2, **dashes)
    back = end - direction * HEAD * 1.4
    head = f"M{end:g} {tip_y:g}L{back:g} {tip_y - HEAD * 0.8:g}V{tip_y + HEAD * 0.8:g}z"
    return line + element("path", d=head, class_="d-head", fill="currentColor")


def _words(arrow: FlowArrow) -> str:
    return arrow.words or DATA_WORDS[arrow.data]


def _description(diagram: FlowDiagram) -> str:
    names = {party.key: party.label for party in diagram.parties}
    said = [
        f"{names[arrow.source]} vers {names[arrow.target]}, {arrow.label} : {_words(arrow)}"
        for arrow in diagram.arrows
    ]
    return (" ; ".join(said) or "Aucun flux") + "."
