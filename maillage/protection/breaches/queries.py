"""The breaches that an organisation reported or was told, and what is in the file of one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load_all
from maillage.conventions.lifecycle.recording import day_of
from maillage.organisations.member import Member
from maillage.protection.breaches.extent_models import BreachExtent
from maillage.protection.breaches.extent_rules import Extent
from maillage.protection.breaches.models import (
    Breach,
    BreachDecision,
    BreachEntry,
    BreachNotice,
    BreachParty,
    BreachReach,
)
from maillage.protection.breaches.rules import EntryKind, joint_controllers, unfiled
from maillage.protection.breaches.states import RUNNING
from maillage.protection.firsts import Firsts, firsts
from maillage.protection.policies import can_follow


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


def conventions_of(files: Sequence[UUID]) -> list[UUID]:
    """The conventions under which one's organisation told or was told of these."""
    rows = BreachNotice.objects.filter(breach__in=files).order_by("convention_id")
    return list(rows.values_list("convention_id", flat=True).distinct())


def controllers_left(
    breach: Breach, parties: Sequence[FileParty], entries: Sequence[BreachEntry]
) -> list[FileParty]:
    """The controllers whose notice to the authority is not noted. One filed by those who answer together is of all of them, as the
    texts that one reads say; whoever has nobody here notes nothing here."""
    filed = {one.recorded_for_id for one in entries if one.kind == EntryKind.FILED}
    controls = {one.organisation: one for one in parties if one.controls and one.here}
    left = unfiled(controls, filed, ())
    if not left or not filed:
        return [controls[one] for one in left]
    left = unfiled(controls, filed, together([breach]).get(breach.pk, ()))
    return [controls[one] for one in left]


def together(breaches: Sequence[Breach]) -> dict[UUID, list[frozenset[UUID]]]:
    """The organisations that answer together under the texts of each of these files, as one reads them; as many questions for many."""
    noticed = {one.pk: one.noticed_at for one in breaches}
    rows = BreachNotice.objects.filter(Q(breach__in=noticed) | Q(breach__joined_to__in=noticed)).order_by()
    under: dict[UUID, set[UUID]] = {}
    for convention, breach, joined_to in rows.values_list(
        "convention_id", "breach_id", "breach__joined_to_id"
    ):
        file = breach if breach in noticed else joined_to
        under.setdefault(convention, set()).update([file] if file else [])
    found: dict[UUID, list[frozenset[UUID]]] = {}
    for known in load_all(Convention.objects.filter(pk__in=under).order_by("id")) if under else ():
        for file in under[known.id]:
            for keys in joint_controllers(known.readable(day_of(known.row, noticed[file]))):
                bodies = [party.organisation for party in map(known.party, sorted(keys)) if party is not None]
                found.setdefault(file, []).append(frozenset(body for body in bodies if body is not None))
    return found


def entries_of(files: Sequence[UUID]) -> list[BreachEntry]:
    """What was added to these, in the order in which it happened."""
    return _in_order(Q(breach__in=files))


def entries_with_joined(files: Sequence[UUID]) -> list[BreachEntry]:
    """The same, with what was added to the reports that were joined to them."""
    return _in_order(Q(breach__in=files) | Q(breach__joined_to__in=files))


def _in_order(which: Q) -> list[BreachEntry]:
    rows = BreachEntry.objects.filter(which).select_related("breach", "recorded_for", "document", "decision")
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


def acts_of(breaches: Collection[UUID], member: Member) -> dict[UUID, list[BreachEntry]]:
    """By file, with what was joined to it: the notices to the authority, and what one's organisation agreed to. One query."""
    rows = BreachEntry.objects.filter(
        Q(breach__in=breaches) | Q(breach__joined_to__in=breaches),
        Q(kind=EntryKind.FILED) | Q(kind=EntryKind.AGREED, recorded_for=member.organisation),
    )
    found: dict[UUID, list[BreachEntry]] = {}
    for one in rows.select_related("breach").order_by("happened_at", "id"):
        found.setdefault(one.breach.joined_to_id or one.breach_id, []).append(one)
    return found


def waiting_for(decisions: Sequence[BreachDecision]) -> dict[UUID, list[str]]:
    """Those whose agreement each of these decisions lacks, by decision. Two queries, however many there are."""
    if not decisions:
        return {}
    agreed: dict[UUID | None, set[UUID]] = {}
    rows = BreachEntry.objects.filter(decision__in=decisions, kind=EntryKind.AGREED).order_by()
    for decision, body in rows.values_list("decision_id", "recorded_for_id"):
        agreed.setdefault(decision, set()).add(body)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asked.id, known.organisation, known.name FROM unnest(%s::uuid[], %s::uuid[]) AS asked (id, breach)"
            " CROSS JOIN LATERAL protection_breach_parties(asked.breach) known WHERE known.decides",
            [[one.pk for one in decisions], [one.breach_id for one in decisions]],
        )
        found: dict[UUID, list[str]] = {one.pk: [] for one in decisions}
        for decision, body, name in cursor.fetchall():
            if body not in agreed.get(decision, ()):
                found[decision].append(name)
    return found


def extents_of(breach: Breach) -> list[BreachExtent]:
    """The updates of how far it reaches, the last one at the end; of a report joined to another, those of the common file follow."""
    files = [breach.pk, *filter(None, [breach.joined_to_id])]
    rows = BreachExtent.objects.filter(breach__in=files).select_related("recorded_for")
    return list(rows.order_by("recorded_at", "number", "id"))


def newest_extents(breaches: Collection[Breach]) -> dict[UUID, BreachExtent]:
    """The last update of each of these where there is one, by breach; a report joined to another reads that one's too. One query."""
    files = {file for one in breaches for file in (one.pk, one.joined_to_id) if file}
    rows = BreachExtent.objects.filter(breach__in=files).order_by("breach_id", "-number")
    newest = {one.breach_id: one for one in rows.distinct("breach_id")}
    found = {}
    for one in breaches:
        known = [newest[file] for file in (one.pk, one.joined_to_id) if file in newest]
        if known:
            found[one.pk] = max(known, key=lambda update: update.recorded_at)
    return found


def first_said(breach: Breach) -> Extent:
    """How far it reached as it was reported."""
    return Extent(tuple(breach.natures), tuple(breach.data), breach.people, breach.records, breach.goes_on)


def last_known(breach: Breach, updates: Sequence[BreachExtent]) -> Extent:
    """How far it reaches by the last of its updates, in their order; as it was reported where there is none."""
    if not updates:
        return first_said(breach)
    one = updates[-1]
    return Extent(
        tuple(one.natures),
        tuple(one.data),
        one.people,
        one.records,
        one.goes_on,
        one.began_at,
        one.stopped_at,
    )


def joined_to(breach: Breach, files: Sequence[UUID]) -> list[tuple[Breach, Extent]]:
    """The reports that were joined to it, each with how far it said to reach before; two queries, none where there is none."""
    if len(files) < 2:
        return []
    rows = Breach.objects.filter(joined_to=breach).prefetch_related("extents").order_by("recorded_at", "id")
    return [
        (one, last_known(one, sorted(one.extents.all(), key=lambda update: update.number))) for one in rows
    ]


def known_now(breach: Breach, extents: Mapping[UUID, BreachExtent]) -> Extent:
    """The same, of the last updates of many."""
    return last_known(breach, [extents[breach.pk]] if breach.pk in extents else [])


def reaches_of(breach: Breach, member: Member) -> list[BreachReach]:
    """What one's own journal told of it, the latest first, without who read what: that is long."""
    rows = BreachReach.objects.filter(breach=breach, organisation=member.organisation).defer("readings")
    return list(rows.order_by("-recorded_at", "-id"))


def own_part(breach: Breach, member: Member) -> BreachParty | None:
    """One's organisation's own part in its file."""
    return BreachParty.objects.filter(breach=breach, organisation=member.organisation).first()


def running(member: Member) -> Firsts[BreachParty]:
    """One's organisation's parts in the breaches whose clocks run, the oldest first."""
    rows = BreachParty.objects.filter(organisation=member.organisation, breach__state__in=sorted(RUNNING))
    return firsts(rows.filter(breach__joined_to=None).select_related("breach").order_by("since", "id"))


def untouched(parts: Sequence[BreachParty], decided: Collection[UUID], member: Member) -> list[BreachParty]:
    """Those that one's organisation reported and of which nobody said which conventions they touch: nobody is told, nobody is known to
    answer for the data, nothing is proposed. One query, none where there is no such file."""
    own = [
        part
        for part in parts
        if part.breach.organisation_id == member.organisation
        and not part.controls
        and part.breach_id not in decided
    ]
    if not own:
        return []
    files = [part.breach_id for part in own]
    rows = BreachNotice.objects.filter(Q(breach__in=files) | Q(breach__joined_to__in=files)).order_by()
    told = {one for pair in rows.values_list("breach_id", "breach__joined_to_id") for one in pair}
    return [part for part in own if part.breach_id not in told]


def joinable(breach: Breach, member: Member, most: int) -> list[Breach]:
    """The other reports that may be of the same facts, the nearest in time first: not decided, not joined."""
    rows = visible_to(member).filter(state__in=sorted(RUNNING), joined_to=None).exclude(pk=breach.pk)
    rows, noticed = rows.select_related("organisation"), breach.noticed_at
    before = rows.filter(noticed_at__lte=noticed).order_by("-noticed_at", "-id")[:most]
    after = rows.filter(noticed_at__gt=noticed).order_by("noticed_at", "id")[:most]
    return sorted([*before, *after], key=lambda one: abs(one.noticed_at - noticed))[:most]
