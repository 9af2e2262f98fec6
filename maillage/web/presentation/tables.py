"""Data tables: columns, rows, sort links and pages, as values that one template draws.

The order and the labels of a table are those of its export: both are made from the same columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from maillage.web.presentation.numbers import number


def query_with(query: Mapping[str, str | Sequence[str]], **changes: str | None) -> str:
    """Return « ?a=1&b=2 » with the changes made; None takes a parameter away. Never pass personal data."""
    kept: dict[str, str | Sequence[str]] = {key: value for key, value in query.items() if key not in changes}
    kept.update({key: value for key, value in changes.items() if value is not None})
    return f"?{urlencode(kept, doseq=True)}" if kept else "?"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label; `key` names it in the address when it can be sorted."""

    label: str
    key: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as drawn: with the link that sorts by it, and how it is sorted now."""

    label: str
    key: str
    is_number: bool
    url: str
    sort: str  # ascending, descending or empty


@dataclass(frozen=True, slots=True)
class Row:
    """One row: texts (or markup already safe) in the order of the columns; `url` links the first one."""

    cells: Sequence[str]
    url: str = ""


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page to go to; without address it is the current one, without number a gap."""

    number: int | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a list: links, neighbours and what is shown (« 51 à 100 sur 1 234 »)."""

    links: Sequence[PageLink]
    previous_url: str
    next_url: str
    shown: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table ready to be drawn; `name` is its id on the page, unique there."""

    name: str
    caption: str
    headings: Sequence[Heading]
    rows: Sequence[Row]
    pages: Pages | None = None
    detail: str = ""
    empty: str = "Rien à afficher."
    stacks: bool = True


def headings(
    columns: Sequence[Column], *, query: Mapping[str, str | Sequence[str]], sort: str = ""
) -> list[Heading]:
    """Return the headings for the sort in force (« key » ascending, « -key » descending), back to page 1."""
    drawn = []
    for column in columns:
        state = {column.key: "ascending", f"-{column.key}": "descending"}.get(sort, "") if column.key else ""
        wanted = f"-{column.key}" if state == "ascending" else column.key
        url = query_with(query, tri=wanted, page=None) if column.key else ""
        drawn.append(Heading(column.label, column.key, column.is_number, url, state))
    return drawn


def plain_table(
    name: str,
    caption: str,
    columns: Sequence[str | Column],
    rows: Sequence[Sequence[str]],
    *,
    empty: str = "Rien à afficher.",
    stacks: bool = False,
) -> Table:
    """Return a small table without sort nor pages, for instance the one beside a picture.

    One that holds what is done as well as what is read `stacks`: on a telephone its last columns would lie out of sight.
    """
    known = [column if isinstance(column, Column) else Column(column) for column in columns]
    drawn = [Heading(column.label, "", column.is_number, "", "") for column in known]
    return Table(name, caption, drawn, [Row(cells) for cells in rows], empty=empty, stacks=stacks)


def page_asked(query: Mapping[str, str]) -> int:
    """The page that an address asks for, from 1; the first one for anything that is not a number."""
    asked = query.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1


def pages(*, page: int, size: int, total: int, query: Mapping[str, str | Sequence[str]]) -> Pages:
    """Return the links of `total` items cut by `size`; `page` counts from 1 and is brought within bounds."""
    last = max(1, -(-total // size))
    page = min(max(1, page), last)

    def url(target: int) -> str:
        return query_with(query, page=str(target) if target > 1 else None)

    near = sorted({1, last, *range(max(1, page - 1), min(last, page + 1) + 1)})
    links: list[PageLink] = []
    for position, target in enumerate(near):
        if position and target - near[position - 1] > 1:
            links.append(PageLink(None))
        links.append(PageLink(target, "" if target == page else url(target)))
    first_shown = min(total, (page - 1) * size + 1)
    shown = f"{number(first_shown)} à {number(min(total, page * size))} sur {number(total)}"
    return Pages(
        links=links if last > 1 else (),
        previous_url=url(page - 1) if page > 1 else "",
        next_url=url(page + 1) if page < last else "",
        shown=shown,
    )
