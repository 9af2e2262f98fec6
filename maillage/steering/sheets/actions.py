"""Writing on an action sheet: something new, or something said anew; nothing is erased (rows G9-G23, G27)."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from maillage.audit.actions import record
from maillage.conventions.commitments.opening import open_signed
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.recording import day_of, new_row, own_id
from maillage.core.refusals import Refused, check
from maillage.core.states import TOO_LATE
from maillage.organisations.member import Member
from maillage.steering.sheets.models import SheetEntry
from maillage.steering.sheets.queries import sheet_of
from maillage.steering.sheets.rules import ANSWERS, Kind, Said, Step, faults, follows


@transaction.atomic
def add(
    *,
    convention: Convention,
    sheet: str,
    kind: Kind,
    entry_id: UUID,
    said: Said,
    by: Member,
    at: datetime,
    of: UUID | None = None,
) -> SheetEntry:
    """Write something new on a sheet of the text; `of` is the exchange of a delivery. A form sent twice writes once.

    Raises PermissionDenied to whoever records nothing in this convention, Refused with what is wrong at its field.
    """
    known = open_signed(convention, by)
    if (kept := _kept(known, entry_id, by)) is not None:
        return kept
    on = day_of(known.row, at)
    if sheet_of(known, sheet, on) is None:
        raise Refused("Cette fiche n’est pas dans le texte.")
    if kind is Kind.STUDY:
        said = replace(said, step=Step.ASKED)
    exchange = _newest(known, sheet, of) if of else None
    if (kind is Kind.DELIVERY) != (exchange is not None and exchange.kind == Kind.EXCHANGE):
        raise Refused("Cette livraison n’est d’aucun échange de la fiche.")
    _check(known, kind, said, on)
    if kind is Kind.SHEET and _presented(known, sheet):
        raise Refused(TOO_LATE)
    return _write(known, sheet, kind, entry_id, said, of=of, by=by, at=at)


@transaction.atomic
def change(
    *, convention: Convention, entry: UUID, entry_id: UUID, said: Said, by: Member, at: datetime
) -> SheetEntry:
    """Say anew what an entry said; both stay readable. A study goes one step further, and what it said before is kept.

    Raises Refused as a whole when somebody else said it anew meanwhile, or when the step is not hers to take.
    """
    known = open_signed(convention, by)
    if (kept := _kept(known, entry_id, by)) is not None:
        return kept
    row = SheetEntry.objects.filter(pk=entry, convention=known.row).first()
    if row is None or Kind.of(row.kind) in {Kind.NOTE, Kind.DELIVERY}:
        raise Refused("Cet élément ne se change pas.")
    kind, before = Kind.of(row.kind), Step.of(row.state) if row.state else None
    if SheetEntry.objects.filter(replaces=row).exists() or not follows(before, said.step, kind):
        raise Refused(TOO_LATE)
    if kind is Kind.STUDY:
        said = replace(said, text=row.text, detail={**row.detail, **said.detail})
        _answered_by_another(known, row, said)
    _check(known, kind, said, day_of(known.row, at))
    return _write(known, row.sheet_key, kind, entry_id, said, replaces=row, by=by, at=at)


def _kept(known: LoadedConvention, token: UUID, by: Member) -> SheetEntry | None:
    return SheetEntry.objects.filter(pk=own_id(token, by), convention=known.row).first()


def _newest(known: LoadedConvention, sheet: str, item: UUID) -> SheetEntry | None:
    rows = SheetEntry.objects.filter(convention=known.row, sheet_key=sheet, item=item)
    return rows.order_by("-recorded_at", "-id").first()


def _presented(known: LoadedConvention, sheet: str) -> bool:
    return SheetEntry.objects.filter(convention=known.row, sheet_key=sheet, kind=Kind.SHEET).exists()


def _answered_by_another(known: LoadedConvention, row: SheetEntry, said: Said) -> None:
    """Whoever asked does not agree with herself (the database's trigger says so too)."""
    if said.step not in ANSWERS:
        return
    asked = SheetEntry.objects.get(pk=row.item)
    if known.mine is not None and asked.recorded_for_id == known.mine.organisation:
        raise Refused("La réponse revient à l’autre partie : votre organisme a demandé cette étude.")


def _check(known: LoadedConvention, kind: Kind, said: Said, on: date) -> None:
    check(faults(kind, said, [party.key for party in known.signatories], on))


def _write(
    known: LoadedConvention,
    sheet: str,
    kind: Kind,
    token: UUID,
    said: Said,
    *,
    replaces: SheetEntry | None = None,
    by: Member,
    at: datetime,
    of: UUID | None = None,
) -> SheetEntry:
    new = own_id(token, by)
    with new_row():
        row = SheetEntry.objects.create(
            id=new,
            convention=known.row,
            sheet_key=sheet,
            kind=kind,
            item=replaces.item if replaces else new,
            replaces=replaces,
            of_id=of,
            text=said.text.strip(),
            state=said.step or "",
            day=said.day,
            done_on=said.done_on,
            detail={name: text.strip() for name, text in said.detail.items() if text.strip()},
            recorded_at=at,
            recorded_by=by.user,
            recorded_for_id=by.organisation,
        )
    record(
        verb="sheet.changed" if replaces else "sheet.written",
        object_type="sheet_entry",
        object_ref=row.pk,
        by=by.user,
        organisation=by.organisation,
        reason=kind.label,
    )
    return row
