"""A file of organisations as text: how it is written, its titles, its records one by one. Pure, and bounded in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from maillage.core.spreadsheets import csv_text
from maillage.core.spreadsheets.csv_text import Record, Source
from maillage.core.spreadsheets.tables import Unreadable
from maillage.organisations.directory.imports.columns import Headings, read_headings

_SIGNATURES: Final = {
    b"PK\x03\x04": "C’est un classeur (XLSX ou ODS) : enregistrez-le au format CSV.",
    b"\xd0\xcf\x11\xe0": "C’est un classeur Excel (XLS) : enregistrez-le au format CSV.",
    b"%PDF": "C’est un PDF : l’annuaire s’importe d’un fichier CSV.",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written, and what its titles mean."""

    written: csv_text.Layout
    headings: Headings

    @property
    def told(self) -> str:
        """How it is written, in words, for the report."""
        return self.written.told


def layout_of(source: Source) -> Layout:
    """Find how the file is written. Raises Unreadable."""
    with source() as raw:
        start = raw.read(4)
    for signature, why in _SIGNATURES.items():
        if start.startswith(signature):
            raise Unreadable(why)
    written = csv_text.layout_of(source, lambda titles: len(read_headings(titles).places))
    headings = read_headings(written.titles)
    if headings.faults:
        raise Unreadable("\n".join(headings.faults))
    return Layout(written, headings)


def records(source: Source, layout: Layout) -> Iterator[Record]:
    """Each line after the titles."""
    return csv_text.records(source, layout.written)
