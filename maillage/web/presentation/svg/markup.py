"""The few pieces every drawing is made of: escaped elements, wrapped labels, the accessible frame."""

from collections.abc import Sequence
from html import escape

from maillage.web.presentation.typography import typeset

FONT_SIZE = 13
LINE_HEIGHT = 17
# Mean width of a letter of the system fonts at 13 px; wide on purpose, so that labels never run over a box.
LETTER_WIDTH = 7.4


def element(name: str, content: str = "", /, **attributes: str | float) -> str:
    """Return `<name attributes>content</name>`; values are escaped, content is already markup.

    A trailing underscore is dropped (`class_`), other underscores become dashes (`stroke_width`).
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"' for key, value in attributes.items()
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{round(value, 1):g}"


def text_width(text: str) -> float:
    """Return the room to keep for a line of text, in pixels."""
    return len(text) * LETTER_WIDTH


def wrapped(text: str, width: float, most_lines: int = 3) -> list[str]:
    """Cut a label into lines that hold in a width; what exceeds `most_lines` ends with an ellipsis."""
    letters = max(4, int(width / LETTER_WIDTH))
    lines: list[str] = []
    line = ""
    for word in typeset(text).split(" "):
        longer = f"{line} {word}".strip()
        if line and len(longer) > letters:
            lines.append(line)
            line = word
        else:
            line = longer
    lines.append(line)
    kept = lines[:most_lines]
    if len(lines) > most_lines:
        kept[-1] = f"{kept[-1]} …"
    return [line if len(line) <= letters + 2 else f"{line[:letters]}…" for line in kept]


def label(text: str, *, x: float, y: float, class_: str = "", anchor: str = "start") -> str:
    """Return one line of text, escaped."""
    attributes: dict[str, str | float] = {"x": x, "y": y, "text_anchor": anchor}
    if class_:
        attributes["class_"] = class_
    return element("text", escape(text), **attributes)


def labels(lines: Sequence[str], *, x: float, y: float, class_: str = "", anchor: str = "start") -> str:
    """Return several lines of text, the first with its baseline at y."""
    return "".join(
        label(line, x=x, y=y + rank * LINE_HEIGHT, class_=class_, anchor=anchor)
        for rank, line in enumerate(lines)
    )


def flag(words: str, *, x: float, y: float, base: float, margin: float, width: float) -> str:
    """Return a dashed line at x from y down to base, its words at its top: beside it where they hold, else over it."""
    room = text_width(words)
    is_left = x + 6 + room > width - margin and x - 6 - room >= 0
    start = x - 6 - room if is_left else min(x + 6, max(margin, width - margin - room))
    line = element(
        "line",
        x1=x,
        x2=x,
        y1=y,
        y2=base,
        class_="d-today",
        stroke="currentColor",
        stroke_width=2,
        stroke_dasharray="5 3",
    )
    halo = element("rect", x=start - 2, y=y - 1, width=room + 4, height=18, class_="d-halo")
    said = label(
        words,
        x=start + room if is_left else start,
        y=y + 12,
        class_="d-today-text",
        anchor="end" if is_left else "start",
    )
    return line + halo + said


def frame(content: str, *, name: str, title: str, description: str, width: float, height: float) -> str:
    """Return the whole drawing: an image with a title and a description; `name` is unique on its page."""
    return element(
        "svg",
        element("title", escape(title), id=f"{name}-title")
        + element("desc", escape(description), id=f"{name}-desc")
        + content,
        class_="drawing",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        viewBox=f"0 0 {_value(width)} {_value(height)}",
        width=width,
        height=height,
        fill="none",
        xmlns="http://www.w3.org/2000/svg",
    )
