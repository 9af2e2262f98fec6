"""The lines of a table, some hundreds at a time: which are right, new or known, which are wrong; and what the right ones begin."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from maillage.conventions.data_roles.unsaid import unsaid_of
from maillage.conventions.lifecycle.queries import load_all
from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.core.calendar import french
from maillage.core.identifiers import compact_number, uuid7
from maillage.core.refusals import Refused
from maillage.core.spreadsheets.tables import Row, Table, Value
from maillage.core.spreadsheets.values import NotUnderstood, day_of, text_of
from maillage.organisations.member import Member
from maillage.rights.bulk.keeping import Wrong
from maillage.rights.clocks.promise import urgent_clock
from maillage.rights.content import Content, content_to_bytes
from maillage.rights.declared.rights import rights
from maillage.rights.declared.rules import must_be_handed_over
from maillage.rights.filing import authorisations
from maillage.rights.importing.columns import Mapping
from maillage.rights.importing.doubles import Doubles, line_key
from maillage.rights.importing.lines import Line, Under, read_line, told
from maillage.rights.models import ApplicationImport, ImportedLine, Preparation
from maillage.rights.preparing import preparation_place
from maillage.rights.rules import HANDED_TO, HandedOver
from maillage.vault.actions import vault

BATCH: Final = 500
"""Lines of one transaction: short enough to be lost at a stop, long enough that its entry in the journal is nothing."""
CLOSED: Final = "La convention ne permet pas, ou ne permet plus, de déposer ces demandes."
_DAYS: Final = ("birth_date", "handed_on")


def under_of(row: ApplicationImport, *, by: Member, at: datetime) -> Under:
    """What its lines are read under, while the convention lets them be filed. Raises Refused."""
    authorised = next((one for one in authorisations(by) if one.id == row.authorisation_id), None)
    found = authorised and load_all(conventions_visible_to(by).filter(id=authorised.convention_id))
    if not authorised or not found:
        unsaid = unsaid_of(row.authorisation, by, at=at)
        raise unsaid.refused() if unsaid else Refused(CLOSED)
    on = at.astimezone(ZoneInfo(authorised.recipient.time_zone)).date()
    terms = found[0].readable(on)
    clocks = {right: urgent_clock(terms, right) for right in authorised.rights}
    return Under(
        on=on,
        departement=authorised.recipient.departement,
        rights=tuple(authorised.rights),
        handed_to=HANDED_TO,
        proofs={
            right: {one.key: one.label for one in clock.proofs} for right, clock in clocks.items() if clock
        },
        right=row.right,
    )


@dataclass(slots=True)
class Batch:
    """What became of some hundreds of lines. `right_lines`: each with its digest; `first`: the number of lines before it."""

    first: int
    size: int = 0
    right_lines: list[tuple[Line, bytes]] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)

    def new(self, organisation: UUID) -> list[tuple[Line, bytes]]:
        """Those that were never imported."""
        digests = [digest for _, digest in self.right_lines]
        rows = ImportedLine.objects.filter(organisation=organisation, digest__in=digests)
        known = {bytes(one) for one in rows.values_list("digest", flat=True)}
        return [(line, digest) for line, digest in self.right_lines if digest not in known]


def batches(table: Table, row: ApplicationImport, under: Under, *, key: bytes) -> Iterator[Batch]:
    """Every line of the table, in its order. `key`: that of the organisation's digests."""
    mapping, doubles = Mapping(row.places), Doubles(key=key)
    under = replace(under, since_1904=table.since_1904)
    rows, first = table.rows(), 0
    while some := list(islice(rows, BATCH)):
        batch = Batch(first, len(some))
        for one in some:
            line, faults = read_line(one, mapping, under)
            if line is not None:
                faults = doubles.problems(line)
            if line is None or faults:
                batch.wrong.append(Wrong(one.line, _as_sent(one, mapping, under), tuple(told(faults))))
            else:
                batch.right_lines.append((line, line_key(line, key=key)))
        yield batch
        first += len(some)


def _as_sent(row: Row, mapping: Mapping, under: Under) -> tuple[str, ...]:
    """The cells of a line to give back; a day counted by her spreadsheet is written as one, for another may count from elsewhere."""
    days = {mapping.places.get(field) for field in _DAYS}
    return tuple(_written(cell, is_day=place in days, under=under) for place, cell in enumerate(row.cells))


def _written(cell: Value, *, is_day: bool, under: Under) -> str:
    if is_day and isinstance(cell, Decimal):
        with suppress(NotUnderstood):
            return french(day_of(cell, since_1904=under.since_1904))
    return text_of(cell)


def begin_files(
    row: ApplicationImport, new: Sequence[tuple[Line, bytes]], *, on: Under, at: datetime
) -> None:
    """One file for each line, to be completed and sent by a person; that the line was imported is remembered with it."""
    ids = [uuid7() for _ in new]
    contents = [content_to_bytes(content_of(line, row.authorisation_id)) for line, _ in new]
    papers = [(content, preparation_place(one)) for one, content in zip(ids, contents, strict=True)]
    sealed = vault().seal_many_for_self(papers, organisation=row.organisation_id)
    ImportedLine.objects.bulk_create(
        ImportedLine(id=uuid7(), organisation_id=row.organisation_id, digest=digest, imported_on=on.on)
        for _, digest in new
    )
    Preparation.objects.bulk_create(
        Preparation(
            id=one,
            organisation_id=row.organisation_id,
            author=row.author,
            sealed=kept,
            updated_at=at,
            imported=row,
            line=line.line,
        )
        for one, kept, (line, _) in zip(ids, sealed, new, strict=True)
    )


def content_of(line: Line, authorisation: UUID) -> Content:
    """The file that a line begins: what it says, and nothing that a person must say herself."""
    declared = rights()[line.right]
    handed = must_be_handed_over(declared, line.answers)
    return Content(
        authorisation=authorisation,
        right=line.right,
        urgent=line.urgent,
        proof=line.proof,
        answers=line.answers,
        resources=line.resources,
        person=replace(line.person, nir=compact_number(line.person.nir)),
        handed=HandedOver(line.handed_on, line.handed_to) if handed else None,
    )
