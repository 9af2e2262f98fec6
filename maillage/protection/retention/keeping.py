"""How long the acting organisation keeps each closed case that it still opens, and how many go on which day."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load_all
from maillage.conventions.lifecycle.recording import day_of
from maillage.core.calendar import DAY, add
from maillage.organisations.member import Member
from maillage.protection.retention.durations import (
    NOTICE,
    Duration,
    Durations,
    case_rule,
    counted_from,
    duration_for,
    passed,
    rule_of,
    running,
)
from maillage.protection.retention.erasing import CONVENTIONS
from maillage.protection.retention.models import CaseDuration
from maillage.protection.retention.policies import can_state
from maillage.protection.retention.rules import Rule, Source
from maillage.vault.ledger import PART
from maillage.vault.models import Erasure

_NIGHTS = 100
_ENOUGH = 10
"""Texts read at once where one that leaves the duration to the organisation is enough."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Cases of one kind that an organisation closed under one flow of a convention and still opens: since which day, how many."""

    convention: UUID
    flow: str
    kind: str
    first: date
    many: int


@dataclass(frozen=True, slots=True)
class Ruled:
    """Such cases with the rule that ends them; `under`: the organisation's own duration, if it is one. `ended`: the last day of the
    convention, once it is over."""

    closed: Closed
    rule: Rule
    departement: str
    ended: date | None
    under: UUID | None

    def until(self, closed: date) -> date | None:
        """The last day of a case that was closed on a day."""
        return self.rule.until(counted_from(self.rule, closed, self.ended), self.departement)

    def closed_by(self, on: date) -> date | None:
        """The newest day of closing of those that are kept no longer on a day; None where nothing goes yet."""
        last = passed(self.rule, on, self.departement)
        if last is None or self.closed.first > last:
            return None
        counted = counted_from(self.rule, self.closed.first, self.ended)
        return last if counted is not None and counted <= last else None


def stated(organisation: UUID) -> list[Duration]:
    """All that the acting organisation ever stated, oldest first."""
    rows = CaseDuration.objects.filter(organisation=organisation).order_by("recorded_at", "id")
    return [
        Duration(row.pk, row.months, row.reason, row.recorded_at.astimezone(UTC).date(), row.convention_id, row.kind)
        for row in rows
    ]  # fmt: skip


def durations_of(organisation: UUID) -> Durations:
    """What counts today, by scope."""
    return running(stated(organisation))


BESIDE: Final = """(SELECT coalesce(json_agg(json_build_object(
    'id', stated.id, 'months', stated.months, 'reason', stated.reason, 'day', (stated.recorded_at AT TIME ZONE 'UTC')::date,
    'convention', stated.convention_id, 'kind', stated.kind) ORDER BY stated.recorded_at, stated.id), '[]')::text
  FROM protection_caseduration stated WHERE stated.organisation_id = part.organisation_id)"""
"""All that an organisation stated, asked with the text of a convention (`text_of`): a case's page asks no question more."""


def durations_beside(told: str) -> Durations:
    """What counts today, of what was asked with a text."""
    return running(
        Duration(
            UUID(one["id"]),
            one["months"],
            one["reason"],
            date.fromisoformat(one["day"]),
            UUID(one["convention"]) if one["convention"] else None,
            one["kind"],
        )
        for one in json.loads(told)
    )


def signed_by(member: Member) -> QuerySet[Convention]:
    """The conventions that one's organisation signed, drafts left out: those of which it may say something of its own."""
    return Convention.objects.filter(
        parties__organisation=member.organisation,
        parties__role__in=["drafter", "signatory"],
        state__in=["signed", "in_force", "ended"],
    ).order_by("sort_title", "id")


def closed_cases() -> list[Closed]:
    """What the acting organisation closed and still opens."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT convention, flow, kind, first, many FROM protection_closed_cases()")
        return [Closed(*row) for row in cursor.fetchall()]


def ruled(
    found: Collection[Closed], own: Durations, on: date, *, at_once: int = CONVENTIONS
) -> Iterator[Ruled]:
    """Each with its rule, as the texts read that day: many texts at once. A text that cannot be read is not guessed."""
    conventions = sorted({one.convention for one in found})
    for first in range(0, len(conventions), at_once):
        some = conventions[first : first + at_once]
        texts = {known.id: known for known in load_all(Convention.objects.filter(pk__in=some))}
        for one in found:
            if one.convention in texts:
                yield _ruled(one, texts[one.convention], own, on)


def _ruled(one: Closed, known: LoadedConvention, own: Durations, on: date) -> Ruled:
    rule = case_rule(
        known.readable(on),
        party=known.mine.key if known.mine else "",
        flow=one.flow,
        convention=one.convention,
        kind=one.kind,
        found=own,
    )
    own_one = duration_for(own, one.convention, one.kind) if rule.source is Source.OWN else None
    return Ruled(one, rule, known.departement, last_day(known.row), own_one.id if own_one else None)


def last_day(row: Convention) -> date | None:
    """The last day on which a convention was in force, once it is over."""
    if row.state != "ended":
        return None
    upper = row.in_force.upper if row.in_force is not None else None
    return day_of(row, upper) - DAY if upper is not None else row.ends_on


def going_on(found: Iterable[Ruled], end: date) -> Iterator[tuple[Ruled, date, int]]:
    """Of these cases, how many are kept for the last time on each day before `end`; those that are held back are left out. One query."""
    due = [(one, last) for one in found if (last := one.closed_by(end)) is not None]
    if not due:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, day, many FROM protection_cases_going(%s, %s, %s, %s)",
            [
                [one.closed.convention for one, _ in due],
                [one.closed.flow for one, _ in due],
                [one.closed.kind for one, _ in due],
                [last for _, last in due],
            ],
        )
        rows = cursor.fetchall()
    for place, day, many in rows:
        one = due[place - 1][0]
        until = one.until(day)
        if until is not None:
            yield one, until, many


def is_to_fix(found: Collection[Closed], own: Durations, on: date) -> bool:
    """Whether neither a text nor the organisation itself says how long some of these closed cases are kept."""
    if (None, "") in own:
        return False
    return any(
        one.rule.duration is None and one.rule.source is Source.DEFAULT
        for one in ruled(found, own, on, at_once=_ENOUGH)
    )


def soon(found: Collection[Closed], own: Durations, on: date) -> list[tuple[date, int]]:
    """How many of these cases end by the organisation's own durations within the notice, by their last day, the first first."""
    end = add(on, NOTICE)
    near = [
        one
        for one in found
        if (mine := duration_for(own, one.convention, one.kind))
        and (first := rule_of(mine).until(one.first)) is not None
        and first <= end
    ]
    days: Counter[date] = Counter()
    for _, until, many in going_on(ruled(near, own, on), end + DAY):
        days[max(until, on)] += many
    return sorted(days.items())


def ended_parts(member: Member) -> list[tuple[date, str, int]]:
    """What ended of her organisation's by its days, the latest first: the day, by whose word as the ledger names it, how many."""
    if not can_state(member):
        return []
    rows = (
        Erasure.objects.filter(organisation_id=member.organisation, scope=PART)
        .annotate(day=TruncDate("at", tzinfo=UTC))
        .values_list("day", "reason")
        .annotate(many=Count("id"))
        .order_by("-day", "reason")
    )
    return list(rows[:_NIGHTS])
