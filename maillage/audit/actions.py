"""What happened, written by those who did it. Row changes are journalled by trigger; this records reads and business events."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connections

from maillage.core.identifiers import uuid7

_LONGEST = 4000  # characters of references in one row: a list of 100 ids


def record(
    *,
    verb: str,
    object_type: str = "",
    object_ref: object = "",
    by: UUID | None,
    organisation: UUID | None,
    fields: Iterable[str] = (),
    reason: str = "",
    using: str = "default",
) -> None:
    """Add one entry to the journal of an organisation; chained when the transaction commits.

    `fields` are names, never values. A read of a list is one entry whose reference holds the ids shown.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (id, organisation_id, user_id, verb, object_type, object_ref, fields, reason)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                uuid7(),
                organisation,
                str(by or ""),
                verb,
                object_type,
                str(object_ref)[:_LONGEST],
                ",".join(fields),
                reason,
            ],
        )
