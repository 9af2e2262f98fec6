"""What becomes of the data of conventions that ended, as the parties read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet

from maillage.cases.models import Freeze
from maillage.organisations.member import Member
from maillage.protection.destruction.models import Destruction
from maillage.protection.destruction.states import State
from maillage.protection.firsts import Firsts, firsts
from maillage.protection.policies import can_follow


@dataclass(frozen=True, slots=True)
class Left:
    """What an organisation still has under a convention: sealed keys, open parts, digests, documents; lines of the ledger; cases."""

    keys: int
    parts: int
    digests: int
    documents: int
    lines: int
    cases: int

    @property
    def is_nothing(self) -> bool:
        """Whether nothing opens any more, and the ledger says so."""
        return not (self.keys or self.parts or self.digests or self.documents) and self.lines > 0


@dataclass(frozen=True, slots=True)
class Unsent:
    """What an organisation has begun and not sent, of whichever convention: drafts, files being prepared, tables to import."""

    drafts: int
    preparations: int
    tables: int


def visible_to(member: Member) -> QuerySet[Destruction]:
    """Those of the conventions of which her organisation is a party, for whoever follows them."""
    rows = Destruction.objects.select_related("convention", "organisation").order_by(
        "due_on", "convention_id", "id"
    )
    return rows if can_follow(member) else rows.none()


def of_convention(convention: UUID, member: Member) -> list[Destruction]:
    """Each party's, of one convention, one's own first."""
    rows = list(visible_to(member).filter(convention=convention))
    return sorted(
        rows, key=lambda one: (one.organisation_id != member.organisation, one.organisation.sort_name)
    )


def held_back(convention: UUID, member: Member) -> Firsts[Freeze]:
    """The restricted cases by which one's organisation keeps its data at the term of a convention, the first one first."""
    rows = Freeze.objects.filter(
        case__convention_id=convention, organisation=member.organisation, lifted_at=None
    )
    return firsts(rows.order_by("since", "id"))


def to_come(member: Member) -> Firsts[Destruction]:
    """One's organisation's own that are neither kept nor done, the first due first."""
    rows = visible_to(member).filter(organisation=member.organisation)
    return firsts(rows.exclude(state__in=[State.KEPT, State.DONE]))


def left_open_by_the_absent(member: Member) -> Firsts[Destruction]:
    """Of the conventions of one's organisation, the data that a text leaves open and whose party has nobody here to say when."""
    watched = Func(F("organisation_id"), function="protection_watched_here", output_field=BooleanField())
    rows = visible_to(member).filter(~watched, state=State.UNKNOWN).exclude(organisation=member.organisation)
    return firsts(rows)


def to_countersign(member: Member) -> Firsts[Destruction]:
    """One's organisation's own certificates that nobody countersigned."""
    rows = visible_to(member).filter(
        organisation=member.organisation, state=State.DONE, countersigned_at=None
    )
    return firsts(rows)


def absent(rows: Iterable[Destruction]) -> frozenset[UUID]:
    """Which of the organisations whose data they are have nobody here who watches over them. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT body FROM unnest(%s::uuid[]) body WHERE NOT protection_watched_here(body)",
            [[one.organisation_id for one in rows]],
        )
        return frozenset(row[0] for row in cursor.fetchall())


def left(organisation: UUID, convention: UUID) -> Left:
    """What is left of an organisation's under a convention; the worker's role and the owner's only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM protection_left(%s, %s)", [organisation, convention])
        return Left(*cursor.fetchone())


def unsent(organisation: UUID) -> Unsent:
    """What still opens of what an organisation has not sent; the worker's role and the owner's only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM protection_unsent(%s)", [organisation])
        return Unsent(*cursor.fetchone())
