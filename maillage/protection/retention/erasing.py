"""What is kept no longer goes, each night: class after class, in batches, each its own transaction. For the worker's role.

A stop loses nothing: what is left is what is still due, and running again goes on from there. The journal keeps how many went, by
class and organisation, and the reference of each row that did, never what it said.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load_all
from maillage.core.calendar import Period
from maillage.core.row_security import acting
from maillage.documents.actions import forget_files
from maillage.protection.retention.rules import DataClass, Rule, rule_for

logger = logging.getLogger(__name__)
BATCH: Final = 500
"""Rows of one transaction: what a kill undoes at most."""
CONVENTIONS: Final = 100
"""Texts read at once."""
_FUNCTIONS: Final[dict[DataClass, str]] = {
    DataClass.DRAFT: "protection_forget_drafts",
    DataClass.DIRECTORY: "protection_forget_files",
    DataClass.REQUEST: "protection_forget_requests",
    DataClass.REACH: "protection_forget_reaches",
    DataClass.INVITATION: "protection_forget_invitations",
    DataClass.ACCOUNT: "protection_forget_accounts",
    DataClass.ALERT: "protection_forget_alerts",
}


def own() -> dict[DataClass, Period]:
    """The durations that the operator sets."""
    return {
        DataClass.TABLE: Period(days=settings.IMPORT_KEPT_DAYS),
        DataClass.ALERT: Period(days=settings.JOURNAL_RETENTION_DAYS),
        DataClass.JOURNAL: Period(days=settings.JOURNAL_RETENTION_DAYS),
        DataClass.OUTBOX: Period(days=settings.OUTBOX_DAYS),
    }


def interval(period: Period | None) -> str:
    """A duration as PostgreSQL reads it."""
    return f"{period.months} months {period.days} days" if period else "0 days"


def forget(at: datetime) -> dict[DataClass, int]:
    """All that is kept no longer at an instant; how many of each class. One class that fails is logged, and the others go on."""
    on = at.astimezone(UTC).date()
    done: dict[DataClass, int] = {}
    steps: dict[DataClass, Callable[[date], int]] = {
        **{data: _step(data) for data in _FUNCTIONS},
        DataClass.PREPARATION: forget_preparations,
        DataClass.REFERENT: forget_referents,
        DataClass.ATTENDEE: forget_attendees,
    }
    for data, step in steps.items():
        try:
            done[data] = step(on)
        except Exception as error:  # noqa: BLE001 - one class must not keep the others beyond their days
            logger.error("Forgetting %s failed: %s", data.value, type(error).__name__)  # noqa: TRY400 - a traceback may quote values
    return done


def _step(data: DataClass) -> Callable[[date], int]:
    return lambda on: forget_class(data, on)


def forget_class(data: DataClass, on: date) -> int:
    """One class that the platform or the law rules, whatever the conventions say; how many went."""
    kept, total = interval(rule_for(data, own=own()).duration), 0
    while gone := _batch(data, f"SELECT body, gone FROM {_FUNCTIONS[data]}(%s, %s, %s)", [kept, on, BATCH]):  # noqa: S608 - a name of ours
        total += gone
    return total


def _batch(data: DataClass, statement: str, parameters: list[Any]) -> int:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            found: list[tuple[UUID | None, int]] = cursor.fetchall()
        for body, gone in found:
            with acting(organisation=body):
                note(data, gone, body)
    return sum(gone for _, gone in found)


def note(data: DataClass, gone: int, body: UUID | None) -> None:
    """How many of a class went, in the journal of the organisation whose they were: a count, and nobody."""
    record(
        verb="retention.erase", object_type="retention", object_ref=data.value, by=None, organisation=body, reason=str(gone)
    )  # fmt: skip


def forget_preparations(on: date) -> int:
    """Files in preparation that nobody touches, with their pieces and the files of these."""
    kept, total = interval(rule_for(DataClass.PREPARATION).duration), 0
    while found := _preparations(kept, on):
        gone = sum(_discard(preparation, body) for preparation, body in found)
        total += gone
        if not gone:
            break
    return total


def _preparations(kept: str, on: date) -> list[tuple[UUID, UUID]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT preparation, body FROM protection_old_preparations(%s, %s, %s)", [kept, on, BATCH]
        )
        return list(cursor.fetchall())


def _discard(preparation: UUID, body: UUID) -> bool:
    with transaction.atomic(), acting(organisation=body), connection.cursor() as cursor:
        cursor.execute("SELECT rights_discard(%s)", [preparation])
        (documents,) = cursor.fetchone()
        if documents is None:
            return False
        forget_files(documents)
        note(DataClass.PREPARATION, 1, body)
    return True


Key = tuple[UUID, UUID]
"""A convention as one of its bodies reads it."""
Ruled = tuple[Rule, str]
"""A rule, and the département whose holidays it counts."""


@dataclass(frozen=True, slots=True)
class Former:
    """A contact whose last fact is past, the conventions that say how long she is kept, and whose she is."""

    id: UUID
    conventions: tuple[UUID, ...]
    body: UUID
    last: date


def forget_referents(on: date) -> int:
    """Referents of whom the last contact is longer ago than their convention lets them be kept, or the platform where it is silent."""
    return _forget_contacts(DataClass.REFERENT, _tenures, on)


def forget_attendees(on: date) -> int:
    """People of trainings whose last session is longer ago than each convention under which they came lets them be kept."""
    return _forget_contacts(DataClass.ATTENDEE, _attendees, on)


def _forget_contacts(data: DataClass, page: Callable[[date, UUID | None], list[Former]], on: date) -> int:
    total, after = 0, None
    rules: dict[Key, Ruled] = {}
    while found := page(on, after):
        after = found[-1].id
        held = {(convention, one.body) for one in found for convention in one.conventions}
        rules.update(_rules(held - set(rules), on, data))
        due = [one.id for one in found if _is_due(one, rules, on, data)]
        if due:
            statement = f"SELECT body, gone FROM protection_forget_{data.value}s(%s, %s)"  # noqa: S608 - a name of ours
            total += _batch(data, statement, [due, on])
    return total


def _tenures(on: date, after: UUID | None) -> list[Former]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT referent, ARRAY[convention], body, last FROM protection_old_referents(%s, %s, %s)",
            [on, after, BATCH],
        )
        return [Former(*row) for row in cursor.fetchall()]


def _attendees(on: date, after: UUID | None) -> list[Former]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT attendee, conventions, body, last FROM protection_old_attendees(%s, %s, %s)",
            [on, after, BATCH],
        )
        return [Former(*row) for row in cursor.fetchall()]


def _is_due(one: Former, rules: Mapping[Key, Ruled], on: date, data: DataClass) -> bool:
    known = [rules[convention, one.body] for convention in one.conventions if (convention, one.body) in rules]
    if len(known) < len(one.conventions):  # a text that cannot be read is not guessed
        return False
    until = longest(known, one.last, data)[1]
    return until is not None and until < on


def longest(known: Iterable[Ruled], last: date, data: DataClass) -> tuple[Rule, date | None]:
    """Of what several conventions say of one contact, the rule that keeps her longest, and until when; the platform's without any."""
    ruled = list(known) or [(rule_for(data), "")]
    ends = [(rule, rule.until(last, departement)) for rule, departement in ruled]
    return next((one for one in ends if one[1] is None), None) or max(ends, key=lambda one: one[1] or last)


def _rules(held: Collection[Key], on: date, data: DataClass) -> Iterator[tuple[Key, Ruled]]:
    for body in {body for _, body in held}:
        mine = {convention for convention, whose in held if whose == body}
        with transaction.atomic(), acting(organisation=body):
            for convention, ruled in texts_rules(mine, on, data):
                yield (convention, body), ruled


def texts_rules(conventions: Collection[UUID], on: date, data: DataClass) -> Iterator[tuple[UUID, Ruled]]:
    """How long contacts are kept by each of these conventions, as their texts read that day: a hundred texts at once."""
    ordered = sorted(conventions)
    for first in range(0, len(ordered), CONVENTIONS):
        for known in load_all(Convention.objects.filter(pk__in=ordered[first : first + CONVENTIONS])):
            yield known.row.pk, (contacts_rule(known, on, data), known.departement)


def contacts_rule(known: LoadedConvention, on: date, data: DataClass) -> Rule:
    """How long the contacts of a convention are kept, as its text reads that day."""
    return rule_for(data, known.readable(on))
