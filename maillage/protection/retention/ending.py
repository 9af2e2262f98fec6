"""Each night, an organisation's part in the cases whose time has run out ends, its own alone. For the worker's role.

The ledger of erasures says of each case that it ended, and the key store beside it, so that every restore does it again. A stop loses
nothing: each batch is its own transaction, and what is left is what is still due; files whose key is gone go with the sweep of documents.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from maillage.core.row_security import acting
from maillage.documents.actions import forget_files
from maillage.protection.retention.erasing import BATCH, note
from maillage.protection.retention.keeping import Ruled, closed_cases, durations_of, ruled
from maillage.protection.retention.rules import DataClass
from maillage.vault.actions import vault
from maillage.vault.ledger import Erased

logger = logging.getLogger(__name__)
DURATION: Final = "duration"
TERMS: Final = "terms"
"""What a line of the ledger begins with: the organisation's own duration and its id, or the text's and its article."""


def end_cases(at: datetime) -> int:
    """All that is kept no longer at an instant; how many cases. An organisation that fails is logged, and the others go on."""
    on, total = at.astimezone(UTC).date(), 0
    end_again()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM protection_keepers()")
        bodies: list[UUID] = [row[0] for row in cursor.fetchall()]
    for body in bodies:
        try:
            total += _end_of(body, on)
        except Exception as error:  # noqa: BLE001 - one organisation must not keep the others from their days
            logger.error("Ending cases of %s failed: %s", body, type(error).__name__)  # noqa: TRY400 - a traceback may quote values
    return total


def _end_of(body: UUID, on: date) -> int:
    with transaction.atomic(), acting(organisation=body):
        found = list(ruled(closed_cases(), durations_of(body), on))
    total = 0
    for one in found:
        last = one.closed_by(on)
        while last is not None and (gone := _batch(one, body, last, on)):
            total += gone
    return total


def _batch(one: Ruled, body: UUID, last: date, on: date) -> int:
    closed = one.closed
    why = f"{DURATION} {one.under}" if one.under else f"{TERMS} {one.rule.reference}"
    statement = "SELECT cases, erased FROM protection_end_cases(%s, %s, %s, %s, %s, %s, %s, %s)"
    with transaction.atomic(), acting(organisation=body):
        gone = _ended(
            statement, [closed.convention, closed.flow, closed.kind, last, one.under, why, on, BATCH]
        )
        if gone:
            note(DataClass.CASE, len(gone), body)
            transaction.on_commit(
                partial(vault().store.mark_ended, body, closed.convention, gone), robust=True
            )
    return len(gone)


def end_again(erased: Iterable[Erased] = ()) -> int:  # noqa: ARG001 - the rows of the ledger are in the database by now
    """Do again what the ledger says of parts that ended; how many. A restore calls it before anybody may sign in."""
    total = 0
    while gone := _again():
        total += gone
    return total


def _again() -> int:
    with transaction.atomic():
        return len(_ended("SELECT cases, erased FROM protection_end_again(%s)", [BATCH]))


def _ended(statement: str, parameters: Sequence[Any]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        found: list[tuple[list[UUID], list[UUID]]] = cursor.fetchall()
    forget_files(document for _, erased in found for document in erased)
    return [case for cases, _ in found for case in cases]
