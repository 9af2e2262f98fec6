"""The life of a convention as a drawing, and the same facts as a table."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from maillage.conventions.lifecycle.timeline import Milestone, Stretch, timeline
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.values import article_words
from maillage.web.presentation.dates import between, long_date
from maillage.web.presentation.svg.life_line import (
    LifeLine,
    Mark,
    Span,
    SpanKind,
    life_line,
    life_line_bounds,
)
from maillage.web.presentation.tables import Table, plain_table
from maillage.web.presentation.typography import typeset

_MARGIN: Final = timedelta(days=45)
_DEFINITION: Final = (
    "Points pleins : ce qui a eu lieu ; points creux : ce qui viendra. Barres : les termes, les fenêtres de "
    "dénonciation et les préavis ; un bord en pointillés n’a pas de fin connue."
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, its definition, and its table; without drawing there is nothing to show yet."""

    svg: str
    definition: str
    table: Table | None


def life(known: Known) -> Picture | None:
    """Signature, terms, renewals, windows, notices, avenants, today; None while nothing is dated."""
    drawn = timeline(known.terms, known.convention.events, known.on, known.convention.departement)
    if not drawn.marks and not drawn.spans:
        return None
    days = [mark.on for mark in drawn.marks] + [span.first for span in drawn.spans]
    days += [span.last for span in drawn.spans if span.last is not None]
    first, last = life_line_bounds([*days, known.on + _MARGIN])
    marks = _signed_together(known, drawn.marks)
    svg = life_line(
        LifeLine(
            name="vie-dessin",
            title=f"Vie de la convention {known.convention.row.title}",
            first=first,
            last=last,
            marks=[Mark(mark.on, typeset(_mark_label(mark)), mark.happened) for mark in marks],
            spans=[
                Span(span.first, span.last, typeset(_span_label(span)), SpanKind(span.kind.value))
                for span in drawn.spans
            ],
            today=known.on,
        )
    )
    rows = [
        (long_date(mark.on), typeset(_mark_label(mark)), _article(mark.article), mark.reading)
        for mark in marks
    ]
    rows += [
        (between(span.first, span.last), _span_label(span), _article(span.article), span.reading)
        for span in drawn.spans
    ]
    columns = (
        ["Quand", "Quoi", "Article", "Lecture"]
        if any(row[3] for row in rows)
        else ["Quand", "Quoi", "Article"]
    )
    table = plain_table("vie-table", "Vie de la convention", columns, [row[: len(columns)] for row in rows])
    return Picture(svg, _DEFINITION, table)


def _signed_together(known: Known, marks: tuple[Milestone, ...]) -> list[Milestone]:
    """Signatures of one day are one mark: what is drawn says how many, the table of signatures says who."""
    kept: list[Milestone] = []
    seen: dict[object, int] = {}
    for mark in marks:
        is_signature = mark.label.startswith("signature")
        if is_signature and mark.on in seen:
            seen[mark.on] += 1
            continue
        if is_signature:
            seen[mark.on] = 1
        kept.append(mark)
    return [
        Milestone(
            mark.on,
            mark.kind,
            _signatures(seen[mark.on], mark, known),
            mark.article,
            mark.reading,
            mark.happened,
        )
        if mark.label.startswith("signature")
        else mark
        for mark in kept
    ]


def _signatures(count: int, mark: Milestone, known: Known) -> str:
    if count == len(known.terms.parties):
        return "signature de toutes les parties"
    if count > 1:
        return f"signature de {count} parties"
    key = mark.label.partition("(")[2].rstrip(")")
    return f"signature, {known.names.of(key)}" if key else "signature"


def _mark_label(mark: Milestone) -> str:
    return mark.label[:1].upper() + mark.label[1:]


def _span_label(span: Stretch) -> str:
    label = span.label[:1].upper() + span.label[1:]
    return label if span.last is not None else f"{label}, fin inconnue"


def _article(article: str) -> str:
    return article_words(article) if article else "–"
