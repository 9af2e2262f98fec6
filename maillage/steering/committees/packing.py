"""The file of a meeting, frozen: one PDF and one workbook of the same content, kept as documents with their digests. Older ones stay."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.notifications import reference
from maillage.conventions.lifecycle.recording import day_of, new_row
from maillage.core.french import typeset
from maillage.core.identifiers import uuid7
from maillage.core.spreadsheets.writing import workbook
from maillage.documents.actions import store_made
from maillage.documents.composition import Block, Paragraph, Part, Report, Table, text
from maillage.documents.formats.media import MediaType
from maillage.documents.rendering import render_pdf
from maillage.indicators.figures import Year
from maillage.indicators.queries import bilan
from maillage.indicators.report import lines
from maillage.organisations.member import Member
from maillage.steering.committees.agenda import agenda
from maillage.steering.committees.contents import Material, Section, sections, year_of
from maillage.steering.committees.models import Decision, Meeting, Pack
from maillage.steering.committees.opening import open_meeting
from maillage.steering.saying import tell_journal


@transaction.atomic
def make_pack(*, meeting: UUID, by: Member, at: datetime) -> Pack:
    """Freeze the file of a meeting as it is now. Raises Meeting.DoesNotExist, PermissionDenied."""
    known, row = open_meeting(meeting, by)
    return freeze(known=known, row=row, occasion="asked", by=by, at=at)


def freeze(*, known: LoadedConvention, row: Meeting, occasion: str, by: Member, at: datetime) -> Pack:
    """The same, of a meeting that the caller holds."""
    found = material(known, row, by, on=day_of(known.row, at))
    content = sections(found)
    number = row.packs.count() + 1
    stem = f"dossier-{row.planned_on.isoformat()}-v{number}"
    readers = [party.organisation for party in known.signatories]
    kept = {
        kind: store_made(data, kind, name=stem, organisation=by.organisation, readers=readers, by=by, at=at)
        for kind, data in (
            (MediaType.PDF, pack_pdf(found, content, number)),
            (MediaType.XLSX, pack_workbook(content)),
        )
    }
    with new_row():
        pack = Pack.objects.create(
            id=uuid7(),
            convention=known.row,
            meeting=row,
            number=number,
            occasion=occasion,
            pdf=kept[MediaType.PDF],
            workbook=kept[MediaType.XLSX],
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
    tell_journal("pack", "meeting", row.pk, by)
    return pack


def material(known: LoadedConvention, row: Meeting, member: Member, *, on: date) -> Material:
    """What the file is made of, as it stands on a day."""
    decisions = Decision.objects.filter(convention=known.row).select_related("meeting")
    year = year_of(row.planned_on)
    return Material(
        known=known,
        meeting=row,
        points=agenda(known, row, member, on=on),
        decisions=list(decisions.order_by("-meeting__planned_on", "number")),
        figures=figures_of(known, year, on),
        year=year,
        on=on,
    )


def figures_of(known: LoadedConvention, year: int, on: date) -> Sequence[tuple[str, ...]]:
    """The lines of the year's report, as each party that reads the file may read them (ADR 31)."""
    return tuple(lines(bilan(known, Year(year), on, for_all=True)))


def pack_pdf(found: Material, content: Sequence[Section], number: int) -> bytes:
    """The file as a tagged PDF that names nobody. Raises RenderingFailed."""
    report = Report(
        title=typeset(found.known.row.title),
        kind_label=typeset(f"Dossier du comité, {found.meeting.name}"),
        reference=typeset(
            f"{reference(found.known.id)}, réunion du {found.meeting.planned_on:%d/%m/%Y}, version {number}"
        ),
        parts=tuple(Part(typeset(one.title), (_block(one),)) for one in content),
    )
    return render_pdf("report", report.as_data())


def _block(section: Section) -> Block:
    if not section.rows:
        return Paragraph(text(typeset(section.empty)))
    shown = section.short or range(len(section.head))
    return Table(
        title=section.title,
        head=tuple(section.head[place] for place in shown),
        rows=tuple(tuple(text(typeset(row[place])) for place in shown) for row in section.rows),
        widths=section.widths,
    )


def pack_workbook(content: Sequence[Section]) -> bytes:
    """The same content, one sheet for each section, every cell a text."""
    sheets = [(_tab(number, one.title), one.head, one.rows) for number, one in enumerate(content, 1)]
    return workbook(sheets, width=32)


def _tab(number: int, title: str) -> str:
    """A tab's name: 31 characters, without the signs that the format refuses."""
    return f"{number} {title}".replace("/", " ").replace(":", " ")[:31].strip().strip("'")
