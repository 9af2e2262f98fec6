"""Lists of referrals: every filter starts from the organisation's participations and has an index of its own there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from maillage.audit.actions import record
from maillage.beneficiaries.queries import identities_in
from maillage.beneficiaries.rules import Identity
from maillage.cases.following import with_reason
from maillage.cases.models import Following, Participation
from maillage.cases.queries import reading
from maillage.exchange.queries import unread_by
from maillage.organisations.member import Member
from maillage.referrals.lists.wanted import PAGE, Cursor, View, Wanted
from maillage.referrals.models import CaseQuestion
from maillage.referrals.queries import forwarded_from, visible_to

_URGENT_BEFORE = 1_000_000  # the turns of what is urgent, as the trigger `listed` gives them


@dataclass(frozen=True, slots=True)
class Line:
    """One referral of a list; the person's identity when the member may open it (`is_open`) and its key still exists.

    `is_asked`: a question of the caisse's waits for its answer. `is_unread`: the other side wrote since the member read.
    `is_forwarded`: her organisation sent it on to another service, which still has it.
    """

    participation: Participation
    identity: Identity | None
    is_open: bool
    is_asked: bool = False
    is_unread: bool = False
    is_forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list and where its neighbours begin."""

    lines: Sequence[Line]
    before: Cursor | None
    after: Cursor | None


def page_of(member: Member, wanted: Wanted, *, on: date, cursor: Cursor | None = None) -> Page:
    """Fifty referrals, with the names of those whom the member follows; the urgent first among what is under way.

    The reading is one entry of the journal, with the references whose names were shown.
    """
    rows, before, after = slice_of(
        found(member, wanted, on=on), cursor, in_turn=wanted.in_turn, tell=lambda rows: told(member, rows)
    )
    opened = [row for row in rows if row.opened_as]
    note_reading(
        "read_list",
        member,
        opened,
        ("identity",) if opened else (),
        f"liste de travail ; sans identité : {len(rows) - len(opened)}",
    )
    return Page(lines_of(rows), before, after)


def found(
    member: Member, wanted: Wanted, *, on: date, among: QuerySet[Participation] | None = None
) -> QuerySet[Participation]:
    """The participations that a list shows or counts, in no order; `on` is the day that tells what is late or old.

    `among`: the organisation's participations of another kind than referrals.
    """
    rows = visible_to(member) if among is None else among
    if wanted.view is not View.ALL:
        rows = rows.filter(closed_at__isnull=wanted.view is not View.CLOSED)
    if wanted.service:
        rows = rows.filter(service=wanted.service)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.urgent:
        rows = rows.filter(urgent=True)
        if wanted.in_turn:
            rows = rows.filter(turn__lt=_URGENT_BEFORE)
    if wanted.late:
        rows = rows.filter(late_on__lte=on)
    if wanted.convention:
        rows = rows.filter(convention_id=wanted.convention)
    if wanted.age:
        rows = rows.filter(since__lt=Now() - timedelta(days=wanted.age))
    followers = {member.user} if wanted.view is View.MINE else set()
    for person in followers | ({wanted.follower} if wanted.follower else set()):
        follows = Following.objects.filter(
            organisation=member.organisation, user_id=person, until__isnull=True, case_id=OuterRef("case_id")
        )
        rows = rows.filter(Exists(follows))
    return rows


def told(member: Member, rows: QuerySet[Participation]) -> QuerySet[Participation]:
    """The participations with what a line says of them: its two sides, why it may be opened, what waits in it."""
    asked = CaseQuestion.objects.filter(case_id=OuterRef("case_id"), answered_at=None, withdrawn_at=None)
    with_sides = with_reason(
        member, rows.select_related("case__sender", "case__caisse", "case__authorisation")
    )
    return with_sides.annotate(  # type: ignore[no-redef]  # declared there for whoever reads them
        is_asked=Exists(asked),
        is_unread=unread_by(member),
        is_forwarded=Exists(forwarded_from(OuterRef("case_id"), member)),
        sealed_identity=F("case__beneficiary__identity"),
    )


def lines_of(rows: Sequence[Participation]) -> list[Line]:
    """The lines of participations that `told` read, with the identities that may be opened."""
    opened = [row for row in rows if row.opened_as]
    sealed = {row.case_id: bytes(row.sealed_identity) for row in opened if row.sealed_identity is not None}
    known = reading(opened, lambda keys: identities_in(keys, sealed)) if opened else {}
    return [
        Line(
            row,
            known.get(row.case_id),
            is_open=bool(row.opened_as),
            is_asked=row.is_asked and row.closed_at is None,
            is_unread=row.is_unread and bool(row.opened_as),
            is_forwarded=row.is_forwarded and row.role == "recipient" and row.closed_at is None,
        )
        for row in rows
    ]


def slice_of(
    rows: QuerySet[Participation],
    cursor: Cursor | None,
    *,
    in_turn: bool,
    tell: Callable[[QuerySet[Participation]], QuerySet[Participation]],
) -> tuple[list[Participation], Cursor | None, Cursor | None]:
    """A page from an index, however deep: no row before it is counted or skipped.

    Fifty are chosen first, and what a line says is read of these, as `tell` adds it: else a filter that
    sorts would read it of all that it finds.
    """
    key = "turn" if in_turn else "since"
    backwards = cursor is not None and cursor.backwards
    ascending = in_turn != backwards
    if cursor is not None:
        side = "gt" if ascending else "lt"
        rows = rows.filter(
            Q(**{f"{key}__{side}": cursor.place}) | Q(**{key: cursor.place, f"id__{side}": cursor.id}),
            **{f"{key}__{side}e": cursor.place},
        )
    order = (key, "id") if ascending else (f"-{key}", "-id")
    chosen = rows.order_by(*order).values("id")[: PAGE + 1]
    shown = list(tell(Participation.objects.filter(id__in=chosen)).order_by(*order))
    more = len(shown) > PAGE
    shown = shown[:PAGE]
    if backwards:
        shown.reverse()
    has_before = more if backwards else cursor is not None
    has_after = True if backwards else more
    before = Cursor(getattr(shown[0], key), shown[0].id, backwards=True) if shown and has_before else None
    after = Cursor(getattr(shown[-1], key), shown[-1].id) if shown and has_after else None
    return shown, before, after


def note_reading(
    verb: str,
    member: Member,
    rows: Sequence[Participation],
    fields: tuple[str, ...],
    reason: str,
    *,
    what: str = "referral",
) -> None:
    """One entry for a list that was read or a search, with the references that it told."""
    record(
        verb=verb,
        object_type=what,
        object_ref=",".join(str(row.case_id) for row in rows),
        by=member.user,
        organisation=member.organisation,
        fields=fields,
        reason=reason,
    )
