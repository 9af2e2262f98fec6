"""Committees as their parties read them: when each is owed, its meetings, one meeting with all that hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from maillage.conventions.commitments.queries import running
from maillage.conventions.commitments.rules import PRESSING, Followed, Shown, follow
from maillage.conventions.lifecycle.committees import next_meetings
from maillage.conventions.lifecycle.holding import committee_days
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.referents.models import Referent
from maillage.conventions.referents.queries import on_duty
from maillage.conventions.terms.steering import Committee
from maillage.organisations.member import Member
from maillage.steering.committees.models import Decision, Meeting, Minutes, Pack, Validation
from maillage.steering.committees.rules import absent, final_from
from maillage.steering.committees.states import STANDING, State

COMING: Final = (State.PLANNED.value, State.CONVENED.value)
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class CommitteeLine:
    """A committee of the text: where its yearly meeting stands, when it last met, which meeting comes."""

    clause: Committee
    followed: Followed
    last_on: date | None
    coming: Meeting | None

    @property
    def is_to_plan(self) -> bool:
        """Whether a meeting is owed, late or soon, and none is planned."""
        return self.followed.standing in PRESSING and self.coming is None


@dataclass(frozen=True, slots=True)
class MemberParty:
    """A member party: its body's name, its referents on duty that day."""

    key: str
    name: str
    referents: tuple[Referent, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the minutes, and which parties validated it; `is_changed`: an earlier one had been validated."""

    minutes: Minutes
    validated_by: tuple[str, ...]
    is_changed: bool


def visible_to(member: Member) -> QuerySet[Meeting]:
    """The meetings of the conventions of which the member's organisation is a party; row security says the same."""
    return Meeting.objects.filter(
        convention__parties__organisation=member.organisation,
        convention__parties__role__in=["drafter", "signatory"],
    )


def meetings_of(known: LoadedConvention) -> list[Meeting]:
    """All the meetings of a convention, the last one first."""
    return list(Meeting.objects.filter(convention=known.row).order_by("-planned_on", "-planned_at")[:MOST])


def committees(known: LoadedConvention, on: date, meetings: Sequence[Meeting]) -> list[CommitteeLine]:
    """Each committee of the day's text, from the facts of the convention and the meetings that are planned."""
    days, since = committee_days(known), running(known, on)
    return [
        CommitteeLine(
            clause,
            follow(clause, since, [Shown(day) for day in days.get(clause.key, ())], on),
            max(days.get(clause.key, ()), default=None),
            min(
                (one for one in meetings if one.committee_key == clause.key and one.state in COMING),
                key=lambda one: one.planned_on,
                default=None,
            ),
        )
        for clause in known.readable(on).committees
    ]


def expected_on(known: LoadedConvention, key: str, on: date) -> date | None:
    """The day by which the committee next meets, as far as the text says: its months, or the year of execution."""
    clauses = [one for one in known.readable(on).committees if one.key == key]
    named = next_meetings(clauses, known.facts(on), on, committee_days(known))
    if named:
        return named[0].last
    found = committees(known, on, ())
    return next((one.followed.due for one in found if one.clause.key == key), None)


def final_due(known: LoadedConvention, on: date, meetings: Sequence[Meeting]) -> date | None:
    """The last day by which a final bilan is to be held, once it is near; None where no end is fixed, or one was held."""
    facts = known.facts(on)
    ends = facts.out_from - timedelta(days=1) if facts.out_from else None
    if ends is None or on < final_from(ends) or known.row.state not in ("signed", "in_force"):
        return None
    done = [one for one in meetings if one.kind == "final" and one.state in (State.HELD, State.CLOSED)]
    return None if done else ends


def members_of(known: LoadedConvention, meeting: Meeting, on: date) -> list[MemberParty]:
    """The member parties with their referents on duty."""
    duty = on_duty(known, on)
    return [
        MemberParty(key, party.name, tuple(row for row in duty if row.party_key == key))
        for key in meeting.members
        if (party := known.party(key)) is not None
    ]


def missing_parties(meeting: Meeting) -> tuple[str, ...]:
    """The parties whose absence leaves the meeting without quorum; none before it was held."""
    return absent(meeting.needed, meeting.presence) if meeting.held_at else ()


def versions(meeting: Meeting) -> list[Version]:
    """The versions of the minutes, the newest first, with who validated each."""
    rows = list(meeting.minutes.select_related("recorded_for").order_by("number"))
    validated: dict[UUID, list[str]] = {}
    for one in Validation.objects.filter(minutes__in=rows).order_by("recorded_at"):
        validated.setdefault(one.minutes_id, []).append(one.party_key)
    found, before = [], False
    for row in rows:
        parties = tuple(validated.get(row.pk, ()))
        found.append(Version(row, parties, before))
        before = before or bool(parties)
    return found[::-1]


def decisions_of(meeting: Meeting) -> list[Decision]:
    """The decisions of a meeting, in their order."""
    return list(meeting.decisions.select_related("confirmed_in").order_by("number"))


def packs_of(meeting: Meeting) -> list[Pack]:
    """The frozen files of a meeting, the newest first."""
    return list(meeting.packs.select_related("pdf", "workbook", "recorded_for").order_by("-number"))


def may_confirm(decision: Decision) -> list[Meeting]:
    """The later meetings of the same committee, held with their quorum, that may confirm a decision."""
    meeting = decision.meeting
    rows = Meeting.objects.filter(
        convention=decision.convention_id,
        committee_key=meeting.committee_key,
        planned_on__gte=meeting.planned_on,
        held_at__isnull=False,
    ).exclude(pk=meeting.pk)
    return [one for one in rows.order_by("planned_on") if not missing_parties(one)]


def standing_of(conventions: Sequence[UUID], keys: dict[UUID, str]) -> list[Decision]:
    """The decisions of these conventions of which the party with this key has charge, neither done nor given up."""
    rows = Decision.objects.filter(convention__in=conventions, state__in=STANDING)
    rows = rows.select_related("meeting").order_by("due_on", "id")
    return [one for one in rows if one.owner_key == keys[one.convention_id]]


def to_work(conventions: Sequence[UUID]) -> dict[UUID, list[Meeting]]:
    """The meetings of each of these conventions that are not closed."""
    found: dict[UUID, list[Meeting]] = {}
    rows = Meeting.objects.filter(convention__in=conventions).exclude(state=State.CANCELLED)
    for one in rows.order_by("planned_on"):
        found.setdefault(one.convention_id, []).append(one)
    return found


def newest_of(meetings: Sequence[UUID]) -> dict[UUID, tuple[int, frozenset[str]]]:
    """The number of the newest minutes of each of these meetings, and which parties validated it."""
    rows = (
        Minutes.objects.filter(meeting__in=meetings).order_by("meeting_id", "-number").distinct("meeting_id")
    )
    found = {row.meeting_id: (row.number, row.pk) for row in rows}
    done: dict[UUID, set[str]] = {}
    for one in Validation.objects.filter(minutes__in=[pk for _, pk in found.values()]).order_by("id"):
        done.setdefault(one.minutes_id, set()).add(one.party_key)
    return {meeting: (number, frozenset(done.get(pk, ()))) for meeting, (number, pk) in found.items()}
