"""Tables of a convention's page: cards on a narrow screen, each cell one block there."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from maillage.web.presentation.tables import Row, Table, plain_table


def card_table(name: str, caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A table that turns into cards; markup of several parts is held together beside its label."""
    table = plain_table(name, caption, columns, ())
    drawn = [Row([whole(cell) for cell in row]) for row in rows]
    return Table(table.name, table.caption, table.headings, drawn, stacks=True)


def whole(cell: str) -> str:
    """Markup as one block; a plain text is one already."""
    return format_html("<div>{}</div>", cell) if isinstance(cell, SafeString) else cell
