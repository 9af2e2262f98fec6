"""What is about to go of an organisation's, by class, rule and month: counts, and nobody."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load_all
from maillage.core.calendar import DAY, Period, add
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.protection.retention.erasing import CONVENTIONS, contacts_rule, interval, own
from maillage.protection.retention.rules import DataClass, Rule, rule_for

AHEAD = Period(months=12)


@dataclass(frozen=True, slots=True)
class Going:
    """How many of a class go in a month, under which rule."""

    month: date
    data: DataClass
    rule: Rule
    many: int


def going(member: Member, on: date) -> list[Going]:
    """What goes from this month on, for twelve months, the first first; what should have gone already counts in this month.

    One question, and seven more where referents' tenures are over: their convention says how long they are kept.
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
    order = list(DataClass)
    lines = [Going(month, data, rule, many) for (month, data, rule), many in found.items()]
    return sorted(
        lines, key=lambda one: (one.month, order.index(one.data), one.rule.source, one.rule.reference)
    )


def _last_days(
    rules: dict[DataClass, Rule], end: date, on: date
) -> Iterator[tuple[DataClass, Rule, date, int]]:
    kept = {
        data.value: interval(rule.duration)
        for data, rule in rules.items()
        if rule.duration is not None and data is not DataClass.REFERENT
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT data, convention, day, many FROM protection_calendar(%s, %s)", [json.dumps(kept), end]
        )
        rows = cursor.fetchall()
    texts = dict(_texts({convention for _, convention, _, _ in rows if convention is not None}, on))
    for data, convention, day, many in rows:
        if convention is None:
            known = DataClass[data.upper()]
            yield known, rules[known], day, many
        elif convention in texts:
            rule, departement = texts[convention]
            until = rule.until(day, departement)
            if until is not None:
                yield DataClass.REFERENT, rule, until, many


def _texts(conventions: set[UUID], on: date) -> Iterator[tuple[UUID, tuple[Rule, str]]]:
    some = sorted(conventions)[:CONVENTIONS]
    if some:
        for known in load_all(Convention.objects.filter(pk__in=some)):
            yield known.row.pk, (contacts_rule(known, on), known.departement)
