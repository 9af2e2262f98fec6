"""How long things took: a column for each band of days, its count above it, and a mark at each day that was promised."""

from collections.abc import Sequence
from dataclasses import dataclass

from maillage.web.presentation.numbers import number
from maillage.web.presentation.svg.markup import element, flag, frame, label, text_width

MARGIN = 12.0
HEIGHT = 180.0
LEAST = 96.0
"""The least width of a column; a longer label makes them all wider."""
_MARK_ROW = 20.0


@dataclass(frozen=True, slots=True)
class DayBand:
    """So many (`count`) took from `first` to `last` days, both included; None: any number more. `label` says it."""

    label: str
    first: int
    last: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """Bands that follow each other, drawn equally wide, and the last days that were promised: [(day, « 31 jours promis »)].

    `name` is unique on its page.
    """

    name: str
    title: str
    bands: Sequence[DayBand]
    marks: Sequence[tuple[int, str]] = ()


def distribution_chart(chart: Distribution) -> str:
    """Return the SVG of a distribution; a mark that no band holds, or a negative count, raises ValueError."""
    if any(band.count < 0 for band in chart.bands):
        raise ValueError("a band has a count")
    texts = [text for band in chart.bands for text in (band.label, number(band.count))]
    column = max([LEAST, *(text_width(text) + 16 for text in texts)])
    marks = [(_place(chart.bands, day, column), words) for day, words in sorted(chart.marks)]
    widest = max((text_width(words) for _, words in marks), default=0.0)
    width = 2 * MARGIN + max(column * len(chart.bands), widest + 12, LEAST)
    top = MARGIN + _MARK_ROW * len(marks) + 20
    most = max((band.count for band in chart.bands), default=0) or 1
    base = top + HEIGHT
    parts = [_band(band, MARGIN + column * rank, column, base, most) for rank, band in enumerate(chart.bands)]
    parts.append(
        element(
            "line", x1=MARGIN, x2=width - MARGIN, y1=base, y2=base, class_="d-axis", stroke="currentColor"
        )
    )
    parts += [
        flag(words, x=x, y=MARGIN + _MARK_ROW * rank, base=base, margin=MARGIN, width=width)
        for rank, (x, words) in enumerate(marks)
    ]
    return frame(
        "".join(parts),
        name=chart.name,
        title=chart.title,
        description=_description(chart),
        width=width,
        height=base + 34,
    )


def _place(bands: Sequence[DayBand], day: int, column: float) -> float:
    """Where a day ends: on the right edge of a band for its last day, in the middle of one that has no end."""
    for rank, band in enumerate(bands):
        if band.first <= day and (band.last is None or day <= band.last):
            share = 0.5 if band.last is None else (day - band.first + 1) / (band.last - band.first + 1)
            return MARGIN + column * (rank + share)
    raise ValueError("a mark stands in a band")


def _band(band: DayBand, x: float, column: float, base: float, most: int) -> str:
    height = HEIGHT * band.count / most
    centre = x + column / 2
    bar = (
        element(
            "rect",
            x=x + 8,
            y=base - max(height, 1),
            width=column - 16,
            height=max(height, 1),
            class_="d-part d-fill-full",
        )
        if band.count
        else ""
    )
    count = number(band.count)
    halo = element(
        "rect", x=centre - text_width(count) / 2, y=base - height - 18, width=text_width(count), height=16, class_="d-halo"
    )  # fmt: skip
    return (
        bar
        + halo
        + label(count, x=centre, y=base - height - 5, class_="d-strong", anchor="middle")
        + label(band.label, x=centre, y=base + 20, class_="d-soft", anchor="middle")
    )


def _description(chart: Distribution) -> str:
    said = [f"{band.label} : {number(band.count)}" for band in chart.bands]
    said += [words for _, words in sorted(chart.marks)]
    return (" ; ".join(said) or "Rien à compter") + "."
