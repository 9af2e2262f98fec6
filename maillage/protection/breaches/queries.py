"""The breaches that an organisation reported or was told, and what is in the file of one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from maillage.organisations.member import Member
from maillage.protection.breaches.models import (
    Breach,
    BreachDecision,
    BreachEntry,
    BreachNotice,
    BreachParty,
    BreachReach,
)
from maillage.protection.breaches.policies import can_follow
from maillage.protection.breaches.rules import EntryKind
from maillage.protection.breaches.states import RUNNING


@dataclass(frozen=True, slots=True)
class FileParty:
    """An organisation in the file of a breach; `here`: somebody watches over its data on the platform."""

    organisation: UUID
    name: str
    reports: bool
    controls: bool
    decides: bool
    aware_at: datetime | None
    here: bool


def visible_to(member: Member) -> QuerySet[Breach]:
    """Those of her organisation's files, for whoever follows breaches; her own reports for anybody else."""
    rows = Breach.objects.filter(parties__organisation=member.organisation).order_by("-recorded_at", "-id")
    return rows if can_follow(member) else rows.filter(recorded_by=member.user)


def parties_of(breach: UUID) -> list[FileParty]:
    """Everyone in its file, the reporter first; nobody for whoever is not in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM protection_breach_parties(%s)", [breach])
        return [FileParty(*row) for row in cursor.fetchall()]


def files_of(breach: Breach) -> list[UUID]:
    """The breach and those that were joined to it."""
    return [
        breach.pk,
        *Breach.objects.filter(joined_to=breach).order_by("recorded_at").values_list("pk", flat=True),
    ]


def notices_of(files: Sequence[UUID]) -> list[BreachNotice]:
    """What one's organisation told or was told of these, the first due first."""
    rows = BreachNotice.objects.filter(breach__in=files).select_related("convention", "debtor", "addressee")
    return list(rows.order_by("due_at", "written_at", "id"))


def entries_of(files: Sequence[UUID]) -> list[BreachEntry]:
    """What was added to these, in the order in which it happened."""
    rows = BreachEntry.objects.filter(breach__in=files).select_related("recorded_for", "document", "decision")
    return list(rows.order_by("happened_at", "recorded_at", "id"))


def decisions_of(breach: Breach) -> list[BreachDecision]:
    """Those that were proposed, the newest first."""
    return list(breach.decisions.select_related("recorded_for").order_by("-number"))


def agreed_to(decision: BreachDecision) -> frozenset[UUID]:
    """The organisations that agreed to a decision."""
    rows = BreachEntry.objects.filter(decision=decision, kind=EntryKind.AGREED).order_by()
    return frozenset(rows.values_list("recorded_for_id", flat=True))


def newest_decisions(breaches: Collection[UUID]) -> dict[UUID, BreachDecision]:
    """The last that was proposed in each of these files where one was, by file. One query."""
    rows = BreachDecision.objects.filter(breach__in=breaches).order_by("breach_id", "-number")
    return {one.breach_id: one for one in rows.distinct("breach_id")}


def own_entries(breaches: Collection[UUID], member: Member) -> list[BreachEntry]:
    """What one's organisation filed and agreed to in these files. One query."""
    kinds = (EntryKind.FILED, EntryKind.AGREED)
    rows = BreachEntry.objects.filter(breach__in=breaches, recorded_for=member.organisation, kind__in=kinds)
    return list(rows.order_by("happened_at", "id"))


def reaches_of(breach: Breach, member: Member) -> list[BreachReach]:
    """What one's own journal told of it, the latest first."""
    return list(
        BreachReach.objects.filter(breach=breach, organisation=member.organisation).order_by(
            "-recorded_at", "-id"
        )
    )


def own_part(breach: Breach, member: Member) -> BreachParty | None:
    """One's organisation's own part in its file."""
    return BreachParty.objects.filter(breach=breach, organisation=member.organisation).first()


def running(member: Member) -> list[BreachParty]:
    """One's organisation's parts in the breaches whose clocks run, the latest first."""
    rows = BreachParty.objects.filter(organisation=member.organisation, breach__state__in=sorted(RUNNING))
    return list(rows.filter(breach__joined_to=None).select_related("breach").order_by("-since", "-id")[:200])


def joinable(breach: Breach, member: Member) -> list[Breach]:
    """The other reports that may be of the same facts: not decided, not joined, nothing joined to them."""
    rows = visible_to(member).filter(state__in=sorted(RUNNING), joined_to=None).exclude(pk=breach.pk)
    return list(rows[:50])
