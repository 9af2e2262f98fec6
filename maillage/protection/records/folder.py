"""What every section of an evidence folder is made of: whose folder it is, and files that are written one after the other."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.core.spreadsheets.writing import workbook
from maillage.documents.actions import content_of
from maillage.documents.models import Document
from maillage.organisations.member import Member

Sheet = tuple[str, Sequence[str], list[Sequence[str]]]
_WIDTH: Final = 32
_NOTHING: Final = "Rien à ce jour"


@dataclass(frozen=True, slots=True)
class File:
    """One file of the folder: its plain name, what it shows, its content piece by piece."""

    name: str
    shows: str
    pieces: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose folder, of which convention, when; `say` puts an act of the journal, then its object, in words."""

    known: LoadedConvention
    member: Member
    at: datetime
    say: Callable[[str, str], tuple[str, str]]

    @property
    def zone(self) -> ZoneInfo:
        """The clock of the organisation."""
        return ZoneInfo(self.member.time_zone)

    def day(self, instant: datetime | None) -> str:
        """A day and an hour at that clock; nothing for what has not come."""
        return instant.astimezone(self.zone).strftime("%d/%m/%Y %H:%M") if instant else ""


def book(name: str, shows: str, *sheets: Sheet) -> File:
    """A workbook, every cell a text; a sheet where there is nothing says so."""
    said = [(title, head, rows or [(_NOTHING, *[""] * (len(head) - 1))]) for title, head, rows in sheets]
    return File(name, shows, [workbook(said, width=_WIDTH)])


def document(stem: str, shows: str, kept: Document) -> File:
    """A document that was deposited here, as it was."""
    end = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}.get(kept.media_type, "bin")
    return File(f"{stem}.{end}", shows, content_of(kept))
