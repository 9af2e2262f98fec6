"""Lists of applications, and what waits for somebody: each starts from her organisation's participations, by one of their indexes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from maillage.beneficiaries.queries import identities_in
from maillage.beneficiaries.rules import Identity
from maillage.cases.following import with_reason
from maillage.cases.freezing import restrained
from maillage.cases.models import Participation
from maillage.cases.queries import reading
from maillage.organisations.member import Member
from maillage.referrals.heeding.late import delay_under
from maillage.referrals.lists.queries import found, note_reading, slice_of
from maillage.referrals.lists.wanted import Cursor, Wanted
from maillage.rights.models import Application, PieceRequest
from maillage.rights.queries import visible_to
from maillage.rights.states import State

TO_EXAMINE = (State.SENT, State.RECEIVED, State.COMPLETE)
"""What waits for the caisse; an incomplete file waits for its partner."""


@dataclass(frozen=True, slots=True)
class Line:
    """One application of a list; the person's identity when the member may open it (`is_open`) and its key still exists."""

    participation: Participation
    application: Application
    identity: Identity | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list and where its neighbours begin."""

    lines: Sequence[Line]
    before: Cursor | None
    after: Cursor | None


def page_of(member: Member, wanted: Wanted, *, on: date, cursor: Cursor | None = None) -> Page:
    """Fifty applications, with the names of those whom the member follows; the urgent first among what is under way.

    The reading is one entry of the journal, with the references whose names were shown.
    """
    wide = found(member, wanted, on=on, among=visible_to(member))
    rows, before, after = slice_of(
        wide, cursor, in_turn=wanted.in_turn, tell=lambda rows: _told(member, rows)
    )
    opened = [row for row in rows if row.opened_as]
    note_reading(
        "read_list",
        member,
        opened,
        ("identity",) if opened else (),
        f"liste des dossiers de droits ; sans identité : {len(rows) - len(opened)}",
        what="application",
    )
    sealed = {row.case_id: bytes(row.sealed_identity) for row in opened if row.sealed_identity is not None}
    known = reading(opened, lambda keys: identities_in(keys, sealed)) if opened else {}
    lines = [Line(row, row.case.application, known.get(row.case_id), bool(row.opened_as)) for row in rows]
    return Page(lines, before, after)


def _told(member: Member, rows: QuerySet[Participation]) -> QuerySet[Participation]:
    """The participations with what a line says of them, and nothing that is sealed but the name."""
    beside = rows.select_related("case__sender", "case__caisse", "case__application").defer(
        "case__application__details", "case__application__sealed_words"
    )
    return with_reason(member, beside).annotate(  # type: ignore[no-redef]  # declared there for whoever reads it
        sealed_identity=F("case__beneficiary__identity")
    )


def to_examine(member: Member, *, limit: int) -> list[Participation]:
    """What her caisse has to register, to examine or to decide: the urgent first, then by due day."""
    rows = (
        visible_to(member)
        .filter(role="recipient", closed_at__isnull=True, state__in=TO_EXAMINE)
        .exclude(restrained())
    )
    beside = rows.select_related("case__sender", "case__application").defer(
        "case__application__details", "case__application__sealed_words"
    )
    shown = beside.order_by("turn", "id")[:limit]
    return list(shown.annotate(delay=delay_under("convention_id")))  # type: ignore[no-redef]  # declared there for whoever reads it


def to_send(member: Member, *, limit: int) -> list[PieceRequest]:
    """The pieces asked of her organisation that have not come, the oldest request first."""
    mine = visible_to(member).filter(role="sender", closed_at__isnull=True)
    rows = PieceRequest.objects.filter(answered_on=None, case_id__in=mine.values("case_id"))
    return list(
        rows.exclude(restrained())
        .select_related("case__caisse", "case__application")
        .defer("sealed_words", "case__application__details", "case__application__sealed_words")
        .order_by("asked_on", "id")[:limit]
    )


def to_tell(member: Member, *, limit: int) -> list[Application]:
    """What her caisse decided, or silence for it, without having told the person: the first decided first."""
    mine = visible_to(member).filter(role="recipient", closed_at__isnull=False)
    rows = Application.objects.filter(
        decided_on__isnull=False, notified_on=None, case_id__in=mine.values("case_id")
    )
    return list(
        rows.exclude(restrained())
        .select_related("case__sender")
        .defer("details", "sealed_words")
        .order_by("decided_on", "case_id")[:limit]
    )
