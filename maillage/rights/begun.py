"""Files in preparation and tables to import of a whole organisation, opened because somebody asks what is held about her.

For whoever answers her request, who was checked before: nothing else reads a colleague's. What matches alone is told, and each
such reading is journalled.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from maillage.audit.actions import record
from maillage.core.calendar import french
from maillage.core.crypto import DecryptionError
from maillage.core.spreadsheets.reading import read_table
from maillage.core.spreadsheets.tables import Table, Unreadable, Value
from maillage.core.spreadsheets.values import NotUnderstood, day_of, text_of
from maillage.organisations.member import Member
from maillage.rights.bulk.keeping import description_of, file_of, key_of, wrong_lines_of
from maillage.rights.content import Content, content_from_bytes
from maillage.rights.imported.states import State
from maillage.rights.models import ApplicationImport, Preparation, PreparedPiece
from maillage.rights.preparing import preparation_place
from maillage.vault.actions import vault
from maillage.vault.store import KeyDestroyed

MOST: Final = 5_000
"""Files in preparation opened for one search, the last saved first."""
MOST_TABLES: Final = 20
"""Tables read for one search, the last brought first: one that nobody imports is destroyed after some days."""
_READ: Final = (State.READ, State.NAMED, State.REHEARSED, State.CONFIRMED, State.IMPORTED)
"""Those whose file a job has read once already."""


@dataclass(frozen=True, slots=True)
class BegunFile:
    """A file in preparation, whose it is, what it holds, its pieces."""

    id: UUID
    author: UUID
    updated_at: datetime
    content: Content
    pieces: tuple[PreparedPiece, ...]


@dataclass(frozen=True, slots=True)
class BegunLine:
    """A line of a table that is not imported, or to be corrected: whose table, its name, the cells under their titles.

    `places`: which cell is which field.
    """

    table: UUID
    author: UUID
    updated_at: datetime
    name: str
    line: int
    titles: tuple[str, ...]
    cells: tuple[str, ...]
    places: dict[str, int]

    def cell(self, field: str) -> str:
        """What it says of a field; nothing where no column is that field."""
        place = self.places.get(field)
        return self.cells[place] if place is not None and place < len(self.cells) else ""


def files_about(
    *, by: Member, is_hers: Callable[[BegunFile], bool], why: str, ids: Collection[UUID] | None = None
) -> tuple[list[BegunFile], int]:
    """Those of the organisation, or of these ids, that are hers, each reading journalled; and how many were opened to find them."""
    rows = Preparation.objects.filter(organisation=by.organisation).order_by("-updated_at", "id")
    found = list((rows if ids is None else rows.filter(pk__in=ids))[:MOST])
    opened = vault().open_many_for_self([(bytes(row.sealed), preparation_place(row.pk)) for row in found])
    files = (
        BegunFile(row.pk, row.author, row.updated_at, content_from_bytes(held), ())
        for row, held in zip(found, opened, strict=True)
        if held is not None
    )
    hers = [one for one in files if is_hers(one)]
    pieces = PreparedPiece.objects.filter(preparation__in=[one.id for one in hers]).select_related("document")
    added = list(pieces.order_by("added_at", "id")) if hers else []
    for one in hers:
        _opened("read", "application_draft", one.id, by, why)
    return [
        replace(one, pieces=tuple(row for row in added if row.preparation_id == one.id)) for one in hers
    ], len(found)


def lines_about(
    *, by: Member, is_hers: Callable[[BegunLine], bool], why: str, tables: Collection[UUID] | None = None
) -> tuple[list[BegunLine], int]:
    """Those of the organisation's tables, or of these, that are hers, each table's reading journalled; and how many tables were read."""
    rows = ApplicationImport.objects.filter(
        organisation=by.organisation, emptied_at=None, state__in=_READ
    ).order_by("-uploaded_at", "id")
    found = list((rows if tables is None else rows.filter(pk__in=tables))[:MOST_TABLES])
    hers = [line for row in found for line in _lines(row) if is_hers(line)]
    for table in dict.fromkeys(line.table for line in hers):
        _opened("table.open", "application_import", table, by, why)
    return hers, len(found)


def _lines(row: ApplicationImport) -> Iterator[BegunLine]:
    """What it holds that began no file: all of it before it is imported, the lines to correct afterwards; nothing once it is closed."""
    try:
        key = key_of(row)
        told = description_of(row, key=key)
        cells: Iterable[tuple[int, tuple[str, ...]]]
        if row.state == State.IMPORTED:
            cells = ((one.line, one.cells) for one in wrong_lines_of(row, key=key))
        else:
            table = read_table(file_of(row, key=key))
            days = {row.places.get(field) for field in ("birth_date", "handed_on")}
            cells = ((one.line, _written(one.cells, days, table)) for one in table.rows())
        for line, found in cells:
            yield BegunLine(
                row.pk, row.author, row.uploaded_at, told.name, line, told.header, found, row.places
            )
    except (DecryptionError, KeyDestroyed, Unreadable):
        return


def _written(cells: Sequence[Value], days: Collection[int | None], table: Table) -> tuple[str, ...]:
    """Cells as they read; a day that a spreadsheet counts is written as one."""
    return tuple(
        _day(cell, table) if place in days and isinstance(cell, Decimal) else text_of(cell)
        for place, cell in enumerate(cells)
    )


def _day(cell: Decimal, table: Table) -> str:
    with suppress(NotUnderstood):
        return french(day_of(cell, since_1904=table.since_1904))
    return text_of(cell)


def _opened(verb: str, kind: str, ref: UUID, by: Member, why: str) -> None:
    record(
        verb=verb, object_type=kind, object_ref=ref, by=by.user, organisation=by.organisation,
        fields=("identity", "details"), reason=why,
    )  # fmt: skip
