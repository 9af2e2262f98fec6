"""The record of processing: today's, its versions, what differs from one to another, its two files."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.audit.actions import record
from maillage.core.french import date_in_words
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.protection.records.drawing import Named, record_pdf, record_workbook, version_reference
from maillage.protection.records.evidence import provable
from maillage.protection.records.keeping import keep
from maillage.protection.records.models import RecordVersion
from maillage.protection.records.queries import record_of, visible_to
from maillage.protection.records.rules import PARTS, Difference, Record, canonical, difference, parsed
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import Fact
from maillage.web.presentation.dates import long_instant, short_instant
from maillage.web.presentation.numbers import counted
from maillage.web.presentation.tables import Column, Row, Table, headings
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page

_MOST = 200
_COLUMNS = [Column("Version"), Column("Gardée le"), Column("Ce qui change")]


@dataclass(frozen=True, slots=True)
class EntryShown:
    """A processing, and what is known of it; `asked`: how many values its text does not give."""

    title: str
    facts: list[Fact]
    asked: str


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part of the record."""

    title: str
    source: str
    entries: list[EntryShown]


@page(permission=Permission.PROTECT_DATA)
def record_today(request: MemberRequest) -> HttpResponse:
    """Today's record, what it says that the last version did not, the versions."""
    member = acting_member(request)
    now = record_of(member.organisation, request.instant)
    versions = list(visible_to(member).defer("content")[:_MOST])
    last = visible_to(member).first()
    _journal("record.read", member)
    context = {
        "head": [Fact(one.label, one.words) for one in now.head],
        "parts": shown(now),
        "measures": now.measures,
        "is_kept": last is not None and last.content == canonical(now),
        "last": versions[0] if versions else None,
        "difference": difference(parsed(last.content), now) if last is not None else Difference(),
        "versions": _table(versions, member),
        "provable": [(one.title, reverse("protection:evidence", args=[one.pk])) for one in provable(member)],
    }
    return render(request, "protection/record.html", context)


@page(permission=Permission.PROTECT_DATA, methods=("POST",))
def record_keep(request: MemberRequest) -> HttpResponse:
    """Keep today's record as a version, where it says something new."""
    row = keep(by=acting_member(request), at=request.instant)
    if row is None:
        messages.info(request, "Rien n’a changé depuis la dernière version : elle reste celle du jour.")
        return redirect("protection:record")
    messages.success(request, f"Version {row.number} gardée.")
    return redirect("protection:record_version", row.pk)


@page(permission=Permission.PROTECT_DATA)
def record_version(request: MemberRequest, record_version: UUID) -> HttpResponse:
    """A version as it was kept, and what changed since the one before, or since another (`depuis`)."""
    member = acting_member(request)
    row = _reached(member, record_version)
    others = list(visible_to(member).defer("content").filter(number__lt=row.number)[:_MOST])
    asked = request.GET.get("depuis", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else row.number - 1
    before = visible_to(member).filter(number=number, number__lt=row.number).first()
    kept = parsed(row.content)
    _journal("record.read", member, row)
    context = {
        "row": row,
        "title": f"Registre des traitements, version {row.number}",
        "lead": f"Gardée le {long_instant(row.recorded_at, zone_of(member))}.",
        "breadcrumb": [("Registre des traitements", reverse("protection:record"))],
        "head": [Fact(one.label, one.words) for one in kept.head],
        "parts": shown(kept),
        "measures": kept.measures,
        "before": before,
        "others": others,
        "difference": difference(parsed(before.content), kept) if before is not None else Difference(),
    }
    return render(request, "protection/record_version.html", context)


@page(permission=Permission.PROTECT_DATA)
def record_pdf_file(request: MemberRequest, record_version: UUID) -> HttpResponse:
    """A version, to be read and given."""
    member = acting_member(request)
    row = _reached(member, record_version)
    _journal("record.export", member, row, "pdf")
    day = date_in_words(row.recorded_at.astimezone(zone_of(member)).date())
    named = Named(member.organisation_name, version_reference(row.number, day, row.digest))
    return _file(record_pdf(parsed(row.content), named), "application/pdf", f"registre-v{row.number}.pdf")


@page(permission=Permission.PROTECT_DATA)
def record_workbook_file(request: MemberRequest, record_version: UUID) -> HttpResponse:
    """The same as a workbook, every cell a text."""
    member = acting_member(request)
    row = _reached(member, record_version)
    _journal("record.export", member, row, "xlsx")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(record_workbook(parsed(row.content)), kind, f"registre-v{row.number}.xlsx")


def shown(found: Record) -> list[PartShown]:
    """The parts that hold something, as they are drawn."""
    return [
        PartShown(
            title,
            source,
            [
                EntryShown(
                    one.title,
                    [Fact(field.label, field.words) for field in one.fields],
                    _asked(line.asked for field in one.fields for line in field.lines),
                )
                for one in found.of(part)
            ],
        )
        for part, (title, source) in PARTS.items()
        if found.of(part)
    ]


def _asked(found: Iterable[bool]) -> str:
    count = sum(found)
    return f"{counted(count, 'réponse')} à compléter" if count else ""


def _table(versions: list[RecordVersion], member: Member) -> Table:
    zone = zone_of(member)
    rows = [
        Row(
            (f"Version {one.number}", short_instant(one.recorded_at, zone), _changes(one)),
            url=reverse("protection:record_version", args=[one.pk]),
        )
        for one in versions
    ]
    return Table(
        name="versions",
        caption="Versions gardées",
        headings=headings(_COLUMNS, query={}),
        rows=rows,
        empty="Aucune version n’est encore gardée.",
    )


def _changes(one: RecordVersion) -> str:
    if one.number == 1:
        return f"première version, {counted(one.added, 'traitement')}"
    said = ((one.added, "ajouté"), (one.removed, "retiré"), (one.changed, "changé"))
    return ", ".join(counted(count, word) for count, word in said if count)


def _reached(member: Member, version: UUID) -> RecordVersion:
    row = visible_to(member).filter(pk=version).first()
    if row is None:
        raise Http404
    return row


def _journal(verb: str, member: Member, row: RecordVersion | None = None, kind: str = "") -> None:
    record(
        verb=verb,
        object_type="record_version" if row else "record",
        object_ref=row.pk if row else "",
        by=member.user,
        organisation=member.organisation,
        reason=kind,
    )


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
