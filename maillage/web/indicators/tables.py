"""The figures of a report in tables, one for each block of the text."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from maillage.indicators.figures import Figure
from maillage.indicators.report import DELAYS, Bilan, valued
from maillage.indicators.wording import source_words, terms_words
from maillage.web.conventions.reading.values import article_words
from maillage.web.presentation.tables import Table, plain_table
from maillage.web.presentation.typography import typeset


def block_tables(bilan: Bilan, before: Bilan | None = None) -> list[Table]:
    """A table for each block but the delays, in the order of the text; the rule of counting stands under its indicator.

    `before`: the report of the year before, whose values stand beside; one that an older definition counted says so.
    """
    year = str(bilan.year.number)
    columns: Sequence[str] = (
        "Indicateur",
        year,
        *((str(before.year.number),) if before else ()),
        "D’où vient le chiffre",
    )
    known = {one.place: one for one in (*before.figures, *before.others)} if before else {}
    return [
        plain_table(
            f"chiffres-{number}",
            typeset(block or "Indicateurs de la convention"),
            columns,
            [_row(one, known.get(one.place), beside=before is not None) for one in figures],
            stacks=True,
        )
        for number, (block, figures) in enumerate(bilan.blocks(), 1)
        if block != DELAYS
    ]


def _row(one: Figure, before: Figure | None, *, beside: bool) -> tuple[SafeString | str, ...]:
    article = capfirst(article_words(one.article)) if one.article else ""
    return (
        _with_detail(one.label, " ".join(part for part in (one.rule, article) if part)),
        _with_detail(valued(one), terms_words(one)),
        *((_before(one, before),) if beside else ()),
        _with_detail(source_words(one) or "–", one.comment),
    )


def _before(one: Figure, before: Figure | None) -> SafeString | str:
    if before is None or before.value is None:
        return "–"
    changed = before.measure != one.measure
    return _with_detail(
        valued(before), "Compté autrement cette année-là." if changed else terms_words(before)
    )


def _with_detail(said: str, detail: str) -> SafeString | str:
    if not detail:
        return typeset(said)
    return format_html('{}<span class="d-block small soft">{}</span>', typeset(said), typeset(detail))
