"""A version of the record as a tagged PDF and as a workbook: the same version gives the same bytes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from maillage.core.french import typeset
from maillage.core.spreadsheets.writing import workbook
from maillage.documents.composition import (
    Block,
    Line,
    Listing,
    Paragraph,
    Report,
    Run,
    Style,
    Table,
    blank,
    text,
)
from maillage.documents.composition import Part as PrintedPart
from maillage.documents.rendering import render_pdf
from maillage.protection.records.rules import PARTS, Entry, Field, Part, Record

_TABS: Final = {
    Part.CONTROLLER: "Responsable",
    Part.PROCESSOR: "Sous-traitant",
    Part.UNKNOWN: "Rôle à renseigner",
    Part.OWN: "Maillage",
}
_HEAD: Final = ("Rubrique", "Ce que disent les textes")


@dataclass(frozen=True, slots=True)
class Named:
    """What the head of the pages says: whose record, and which version of it."""

    organisation: str
    reference: str


def version_reference(number: int, kept_on: str, digest: str) -> str:
    """What names a version on each of its pages."""
    return f"Version {number}, gardée le {kept_on}, empreinte {digest[:16]}"


def record_pdf(record: Record, named: Named) -> bytes:
    """The whole record to be read and given. Raises RenderingFailed."""
    report = Report(
        title=typeset(f"Registre des traitements de {named.organisation}"),
        kind_label=typeset("RGPD, article 30"),
        reference=typeset(named.reference),
        parts=tuple(_parts(record)),
    )
    return render_pdf("report", report.as_data())


def _parts(record: Record) -> Iterator[PrintedPart]:
    yield PrintedPart("Organisme", (_table("Organisme", record.head),))
    for part, (title, source) in PARTS.items():
        found = record.of(part)
        if not found:
            continue
        yield PrintedPart(typeset(title), (Paragraph(text(typeset(f"{source}."), Style.SMALL)),))
        for entry in found:
            yield PrintedPart(typeset(entry.title), (_table(entry.title, entry.fields),), level=2)
    yield PrintedPart(typeset("Mesures de sécurité"), measures(record))


def measures(record: Record) -> tuple[Block, ...]:
    """What protects all of it (30.1 g, 30.2 d)."""
    return (Listing(tuple(text(typeset(one)) for one in record.measures)),)


def _table(title: str, fields: Iterable[Field]) -> Table:
    rows = tuple((text(typeset(one.label), Style.STRONG), _said(one)) for one in fields)
    return Table(typeset(title), _HEAD, rows, (1, 3))


def _said(field: Field) -> Line:
    """Its lines one after the other; a value that the text does not give is a place to fill."""
    runs: list[Run] = []
    for number, one in enumerate(field.lines):
        if number:
            runs.append(Run(" ; "))
        runs += blank(typeset(one.text)) if one.asked else text(typeset(one.text))
    return tuple(runs)


def record_workbook(record: Record) -> bytes:
    """One sheet for each part, one line for each processing, every cell a text."""
    sheets = [(_TABS[part], *_sheet(record.of(part))) for part in PARTS if record.of(part)]
    about = [(one.label, one.words) for one in record.head]
    safe = [("Mesure de sécurité", one) for one in record.measures]
    return workbook([*sheets, ("Organisme et sécurité", _HEAD, [*about, *safe])], width=32)


def _sheet(entries: Sequence[Entry]) -> tuple[Sequence[str], list[Sequence[str]]]:
    labels = dict.fromkeys(field.key for entry in entries for field in entry.fields)
    names = {field.key: field.label for entry in entries for field in entry.fields}
    rows: list[Sequence[str]] = []
    for entry in entries:
        said = {field.key: field.words for field in entry.fields}
        rows.append([entry.title, *(said.get(key, "") for key in labels)])
    return ["Traitement", *(names[key] for key in labels)], rows
