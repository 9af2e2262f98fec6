"""The action sheets of a convention: what the text says of each, what the parties wrote, what is awaited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.terms.steering import ActionSheet, Axis
from maillage.steering.sheets.models import SheetEntry
from maillage.steering.sheets.rules import Entry, Kind, Said, Standing, Step, due, standing


@dataclass(frozen=True, slots=True)
class Item:
    """Something said of a sheet: the entries that say it, the newest first; for an exchange its deliveries, the newest first."""

    entries: tuple[Entry, ...]
    deliveries: tuple[Entry, ...] = ()

    @property
    def newest(self) -> Entry:
        """What counts."""
        return self.entries[0]

    @property
    def first(self) -> Entry:
        """What was said first."""
        return self.entries[-1]

    @property
    def awaited(self) -> date | None:
        """The day for which something is awaited of it."""
        return due(self.newest, self.deliveries[0].said.day if self.deliveries else None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the text with what was written on it. `history` holds every entry, the newest first."""

    axis: Axis
    clause: ActionSheet
    items: tuple[Item, ...] = ()
    history: tuple[Entry, ...] = ()

    @property
    def presentation(self) -> Entry | None:
        """Its title, leads, partners and indicators, as last written."""
        found = self.of(Kind.SHEET)
        return found[0].newest if found else None

    @property
    def title(self) -> str:
        """The title that the parties gave it, or empty."""
        return self.presentation.said.text if self.presentation else ""

    def of(self, kind: Kind) -> tuple[Item, ...]:
        """Its items of a kind, in the order in which they were first written."""
        return tuple(item for item in self.items if item.newest.kind is kind)

    def awaited(self, on: date) -> tuple["Awaited", ...]:
        """What is awaited of it, the earliest first."""
        found = [Awaited(self, item, item.awaited, standing(item.awaited, on)) for item in self.items]
        return tuple(sorted((one for one in found if one.day), key=lambda one: one.day or on))


@dataclass(frozen=True, slots=True)
class Awaited:
    """A milestone or a delivery that is awaited, and how near it is."""

    sheet: Sheet
    item: Item
    day: date | None
    standing: Standing | None


def sheets(known: LoadedConvention, on: date) -> tuple[Sheet, ...]:
    """Every sheet of the day's text, in its order, by one question."""
    found: dict[str, list[Entry]] = {}
    for key, entry in _entries(known, SheetEntry.objects.filter(convention=known.row)):
        found.setdefault(key, []).append(entry)
    return tuple(
        _sheet(axis, clause, found.get(clause.key, ()))
        for axis in known.readable(on).axes
        for clause in axis.sheets
    )


def sheet_of(known: LoadedConvention, key: str, on: date) -> tuple[Axis, ActionSheet] | None:
    """What the day's text says of a sheet; None where it knows none of this key."""
    found = ((axis, one) for axis in known.readable(on).axes for one in axis.sheets if one.key == key)
    return next(found, None)


def one_sheet(known: LoadedConvention, key: str, on: date) -> Sheet | None:
    """One sheet with what was written on it."""
    clause = sheet_of(known, key, on)
    if clause is None:
        return None
    rows = SheetEntry.objects.filter(convention=known.row, sheet_key=key)
    return _sheet(*clause, [entry for _, entry in _entries(known, rows)])


def _entries(known: LoadedConvention, rows: QuerySet[SheetEntry]) -> list[tuple[str, Entry]]:
    keys = {party.organisation: party.key for party in known.parties}
    return [
        (row.sheet_key, _entry(row, keys.get(row.recorded_for_id, "")))
        for row in rows.order_by("recorded_at", "id")
    ]


def _entry(row: SheetEntry, party: str) -> Entry:
    step = Step.of(row.state) if row.state else None
    said = Said(row.text, step, row.day, row.done_on, row.detail)
    return Entry(row.pk, row.item, Kind.of(row.kind), said, party, row.recorded_at, row.of_id)


def _sheet(axis: Axis, clause: ActionSheet, entries: Sequence[Entry]) -> Sheet:
    """`entries`, the oldest first."""
    chains: dict[UUID, list[Entry]] = {}
    deliveries: dict[UUID, list[Entry]] = {}
    for entry in entries:
        if entry.of is not None:
            deliveries.setdefault(entry.of, []).append(entry)
        else:
            chains.setdefault(entry.item, []).append(entry)
    items = tuple(
        Item(tuple(reversed(chain)), _newest_first(deliveries.get(item, ())))
        for item, chain in chains.items()
    )
    return Sheet(axis, clause, items, tuple(reversed(entries)))


def _newest_first(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda one: (one.said.day or date.min, one.at), reverse=True))
