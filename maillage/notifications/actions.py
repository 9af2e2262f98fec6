"""Putting a message in the outbox, with the change that it tells of: both are committed, or neither."""

from uuid import UUID

from django.db import connections

from maillage.core.identifiers import uuid7


def enqueue(
    *, once: str, recipient: UUID, kind: str, reference: str, path: str, using: str = "default"
) -> None:
    """Add one content-free message to an organisation; a second one with the same `once` changes nothing.

    Plain SQL without a returned column or a named conflict: the sender may write to another organisation's mailbox but
    not read it, and row security would ask for the right to read.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_message (id, once, recipient_id, kind, reference, path, attempts)"
            " VALUES (%s, %s, %s, %s, %s, %s, 0) ON CONFLICT DO NOTHING",
            [uuid7(), once, recipient, kind, reference, path],
        )
