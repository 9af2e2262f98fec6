"""An import, batch after batch: each is one transaction that reads, compares, writes and reports. Nothing is ever deleted."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, fields
from itertools import islice
from typing import Any, Final, TypeVar

from django.db import connections

from maillage.core.identifiers import uuid7
from maillage.core.spreadsheets.csv_text import Record, Source
from maillage.core.text import sort_key
from maillage.organisations.directory.imports.decoding import Layout, layout_of, records
from maillage.organisations.directory.imports.lines import Entry, read_line
from maillage.organisations.directory.imports.matching import (
    CONTRADICTION,
    CREATED,
    DUPLICATE,
    REFUSED,
    UNCHANGED,
    UPDATED,
    Clash,
    Index,
    Known,
    amended,
    as_new,
)
from maillage.organisations.directory.imports.survey import Survey, survey

BATCH: Final = 200  # the journal chains a transaction's entries in a time that grows with their square
_LOCK: Final = 4_702_111  # any number: one import writes at a time
_COLUMNS: Final = (
    "o.id, o.kind, o.name, o.short_name, o.sort_name, o.siret, o.code, o.finess, o.address, o.commune, o.departement,"
    " o.territory, o.time_zone, o.parent_id, o.mailbox, o.phone, o.closed_on"
)
# Three questions, each with an index of its own; the conditions on empty numbers are those of the partial indexes.
_KNOWN: Final = f"""
    SELECT {_COLUMNS} FROM organisations_organisation o WHERE o.siret <> '' AND o.siret = ANY (%(sirets)s)
    UNION SELECT {_COLUMNS} FROM organisations_organisation o
      WHERE o.code <> '' AND (o.kind, o.code) IN (SELECT * FROM unnest(%(kinds)s::text[], %(codes)s::text[]))
    UNION SELECT {_COLUMNS} FROM organisations_organisation o WHERE o.sort_name = ANY (%(names)s)
"""  # noqa: S608 - our own words only
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line: its number, the verb, the organisation's name, and why or which fields."""

    line: int
    verb: str
    name: str
    details: tuple[str, ...] = ()

    def as_list(self) -> list[object]:
        """As it is kept."""
        return [self.line, self.verb, self.name, list(self.details)]


@dataclass(slots=True)
class Prepared:
    """A file that was read once: how it is written, and which lines speak of the same organisation."""

    source: Source
    layout: Layout
    survey: Survey


@dataclass(slots=True)
class Progress:
    """Where an import stands after a batch."""

    number: int
    outcomes: list[Outcome]
    done: int
    counts: Counter[str] = field(default_factory=Counter)


def prepare(source: Source) -> Prepared:
    """Read the whole file once. Raises Unreadable."""
    layout = layout_of(source)
    return Prepared(source, layout, survey(records(source, layout), layout.headings.places))


def run(
    prepared: Prepared,
    *,
    write: bool,
    within: Callable[[], AbstractContextManager[object]],
    keep: Callable[[Progress], bool],
    using: str = "default",
    after: int = 0,
) -> None:
    """Treat the file, `after` so many batches that are done already.

    `within` opens the transaction of a batch and its context; `keep` is called in it, and ends the import by answering False.
    """
    lines = records(prepared.source, prepared.layout)
    done = 0
    for number, batch in enumerate(_batches(lines, BATCH), 1):
        done += len(batch)
        if number <= after:
            continue
        with within():
            outcomes = _Batch(prepared, batch, write=write, using=using).treat()
            if not keep(Progress(number, outcomes, done, Counter(one.verb for one in outcomes))):
                return


def _batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch


def _known(row: tuple[Any, ...]) -> Known:
    """A row of `_KNOWN`: its columns are in the order of the fields."""
    values = dict(zip((one.name for one in fields(Known)), row, strict=True))
    return Known(**{**values, "territory": tuple(values["territory"])})


class _Batch:
    """Some hundreds of lines against the directory."""

    def __init__(self, prepared: Prepared, batch: list[Record], *, write: bool, using: str) -> None:
        self.survey, self.places = prepared.survey, prepared.layout.headings.places
        self.batch, self.write, self.using = batch, write, using
        self.new: list[Known] = []
        self.changed: list[Known] = []

    def treat(self) -> list[Outcome]:
        """Read, compare, write; what became of each line, in their order."""
        outcomes: dict[int, Outcome] = {}
        entries: list[Entry] = []
        for record in self.batch:
            verdict, entry = self._read(record)
            if entry is None:
                outcomes[record.line] = verdict
            else:
                entries.append(entry)
        if self.write:
            self._execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        index = self._index(entries)
        for entry in entries:
            outcomes[entry.line] = self._compare(entry, index)
        self._save()
        return [outcomes[record.line] for record in self.batch]

    def _read(self, record: Record) -> tuple[Outcome, Entry | None]:
        at = self.places["name"]
        name = record.cells[at].strip()[:200] if at < len(record.cells) else ""
        if record.fault:
            return Outcome(record.line, REFUSED, name, (record.fault,)), None
        entry, faults = read_line(record.line, record.cells, self.places)
        if entry is None:
            return Outcome(record.line, REFUSED, name, tuple(faults)), None
        if (other := self.survey.contradictions.get(record.line)) is not None:
            return Outcome(record.line, CONTRADICTION, name, (f"contredit la ligne {other}",)), None
        if (other := self.survey.duplicates.get(record.line)) is not None:
            return Outcome(record.line, DUPLICATE, name, (f"répète la ligne {other}",)), None
        return Outcome(record.line, UNCHANGED, name), entry

    def _index(self, entries: list[Entry]) -> Index:
        parents = [entry.parent for entry in entries if entry.parent]
        coded = [(entry.kind, entry.code) for entry in entries if entry.code]
        with connections[self.using].cursor() as cursor:
            cursor.execute(
                _KNOWN,
                {
                    "sirets": [entry.siret for entry in entries if entry.siret]
                    + [p.replace(" ", "") for p in parents],
                    "kinds": [kind for kind, _ in coded],
                    "codes": [code for _, code in coded],
                    "names": list({entry.sort_name for entry in entries} | {sort_key(p) for p in parents}),
                },
            )
            rows = cursor.fetchall()
        return Index.of(_known(row) for row in rows)

    def _compare(self, entry: Entry, index: Index) -> Outcome:
        try:
            parent = self._parent(entry, index)
            known = index.match(entry)
            if known is None:
                body = as_new(entry, new_id=uuid7(), parent=parent.id if parent else None)
                self.new.append(body)
                index.add(body)
                return Outcome(entry.line, CREATED, entry.name)
            body, told = amended(entry, known, parent.id if parent else None)
        except Clash as clash:
            return Outcome(entry.line, REFUSED, entry.name, (str(clash),))
        if not told:
            return Outcome(entry.line, UNCHANGED, entry.name)
        self.changed.append(body)
        index.add(body)
        return Outcome(entry.line, UPDATED, entry.name, tuple(told))

    def _parent(self, entry: Entry, index: Index) -> Known | None:
        """The organisation that a line names above its own. Raises Clash for one that is nowhere."""
        found = index.parent(entry.parent) if entry.parent else None
        if entry.parent and found is None and not self._to_come(entry):
            raise Clash(
                f"rattachement : « {entry.parent} » n’est pas dans l’annuaire, ni plus haut dans ce fichier"
            )
        return found

    def _to_come(self, entry: Entry) -> bool:
        """In a rehearsal what earlier lines would open is not in the database."""
        return not self.write and self.survey.earlier(entry.parent, entry.line)

    def _save(self) -> None:
        if self.write and self.new:
            self._call("organisations_enter_bodies", self.new)
        if self.write and self.changed:
            self._call("organisations_amend_bodies", self.changed)

    def _call(self, function: str, bodies: list[Known]) -> None:
        rows = json.dumps([body.row() for body in bodies])
        self._execute(f"SELECT {function}(%s)", [rows])

    def _execute(self, statement: str, parameters: Sequence[str | int]) -> None:
        with connections[self.using].cursor() as cursor:
            cursor.execute(statement, parameters)
