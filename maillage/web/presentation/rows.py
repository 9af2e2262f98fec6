"""The rows of a data table as markup, made in Python: two hundred lines are drawn in a few milliseconds."""

import re
from collections.abc import Sequence
from typing import Final

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from maillage.web.presentation.tables import Heading, Row, Table

_REFERENCE: Final = re.compile(r"[0-9A-Z]{1,4}-[0-9A-Z]{4,6}")
"""« V-CFB5D8 », « K7QM-3XTD »: one word to whoever reads it out, though a browser would break it at its hyphen."""


def rows_markup(table: Table) -> SafeString:
    """Return the `<tr>` of a table; every text that is not already safe markup is escaped."""
    openings = [_opening(heading, is_first=not position) for position, heading in enumerate(table.headings)]
    # Each part was escaped by conditional_escape, or is markup written here.
    return mark_safe("\n".join(_row(row, openings) for row in table.rows))  # noqa: S308


def _opening(heading: Heading, *, is_first: bool) -> str:
    if is_first:
        return '<th scope="row">'
    number = ' class="number"' if heading.is_number else ""
    return f'<td{number} data-label="{conditional_escape(heading.label)}">'


def _row(row: Row, openings: Sequence[str]) -> str:
    if len(row.cells) != len(openings):
        raise ValueError(f"a row of {len(row.cells)} cells in a table of {len(openings)} columns")
    parts = ["<tr>"]
    for position, (cell, opening) in enumerate(zip(row.cells, openings, strict=True)):
        text: str = conditional_escape(cell)
        if position == 0 and row.url:
            whole = ' class="text-nowrap"' if _REFERENCE.fullmatch(text) else ""
            text = f'<a href="{conditional_escape(row.url)}"{whole}>{text}</a>'
        parts.append(f"{opening}{text}</{opening[1:3]}>")
    parts.append("</tr>")
    return "".join(parts)
