"""What is about to go of an organisation's, by class, rule and month: counts, and nobody."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection

from maillage.core.calendar import DAY, Period, add
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.protection.retention.erasing import interval, longest, own, texts_rules
from maillage.protection.retention.keeping import Closed, closed_cases, durations_of, going_on, ruled
from maillage.protection.retention.rules import DataClass, Rule, rule_for

AHEAD = Period(months=12)
_CONTACTS = (DataClass.REFERENT, DataClass.ATTENDEE)
"""The classes that conventions rule."""


@dataclass(frozen=True, slots=True)
class Going:
    """How many of a class go in a month, under which rule."""

    month: date
    data: DataClass
    rule: Rule
    many: int


def going(member: Member, on: date, closed: Sequence[Closed] | None = None) -> list[Going]:
    """What goes from this month on, for twelve months, the first first; what should have gone already counts in this month.

    Two questions, and seven more for each hundred conventions that say how long their referents are kept, or people of trainings; where
    cases were closed, two for these and seven more for each hundred of their conventions. `closed`: these cases, if they were read already.
    """
    if not member.may(Permission.PROTECT_DATA):
        return []
    first = on.replace(day=1)
    end = add(first, AHEAD)
    rules = {data: rule_for(data, own=own()) for data in DataClass}
    found: Counter[tuple[date, DataClass, Rule]] = Counter()
    for data, rule, last, many in _last_days(rules, end, on):
        gone_on = last + DAY
        if gone_on < end:
            found[max(gone_on.replace(day=1), first), data, rule] += many
    for data, rule, gone_on, many in _cases(member, closed_cases() if closed is None else closed, end, on):
        found[max(gone_on.replace(day=1), first), data, rule] += many
    order = list(DataClass)
    lines = [Going(month, data, rule, many) for (month, data, rule), many in found.items()]
    return sorted(
        lines, key=lambda one: (one.month, order.index(one.data), one.rule.source, one.rule.reference)
    )


def _cases(
    member: Member, closed: Sequence[Closed], end: date, on: date
) -> Iterator[tuple[DataClass, Rule, date, int]]:
    if not closed:
        return
    for one, until, many in going_on(ruled(closed, durations_of(member.organisation), on), end - DAY):
        yield DataClass.CASE, replace(one.rule, blank="", not_before=None), until + DAY, many


def _last_days(
    rules: dict[DataClass, Rule], end: date, on: date
) -> Iterator[tuple[DataClass, Rule, date, int]]:
    kept = {
        data.value: interval(rule.duration)
        for data, rule in rules.items()
        if rule.duration is not None and data not in _CONTACTS
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data, conventions, day, many FROM protection_calendar(%s, %s)", [json.dumps(kept), end]
        )
        rows = [
            (DataClass[data.upper()], conventions, day, many)
            for data, conventions, day, many in cursor.fetchall()
        ]
    texts = {
        data: dict(texts_rules({one for found, conventions, *_ in rows if found is data for one in conventions}, on, data))
        for data in _CONTACTS
    }  # fmt: skip
    for data, conventions, day, many in rows:
        if data not in _CONTACTS:
            yield data, rules[data], day, many
            continue
        known = texts[data]
        if all(one in known for one in conventions):  # a text that cannot be read is not guessed
            rule, until = longest([known[one] for one in conventions], day, data)
            if until is not None:
                yield data, rule, until, many
