"""Messages encrypted again when their case gets a new key. For the worker's role or the owner's."""

from uuid import UUID

from django.db import connection

from maillage.core import crypto
from maillage.exchange.actions import message_place

Sealed = tuple[UUID, bytes]


def messages_to_renew(case: UUID) -> list[Sealed]:
    """What is sealed with a case's key here, locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM messages_to_renew(%s)", [case])
        return [(which, bytes(sealed)) for which, sealed in cursor.fetchall()]


def encrypt_messages_again(case: UUID, rows: list[Sealed], *, former: bytes, key: bytes) -> bool:
    """Encrypt them with the new key; False when one was not there any more. Raises DecryptionError for what was altered."""
    for which, sealed in rows:
        place = message_place(which)
        again = crypto.encrypt(key, crypto.decrypt(former, sealed, at=place), at=place)
        with connection.cursor() as cursor:
            cursor.execute("SELECT encrypt_message_again(%s, %s, %s, %s)", [case, which, sealed, again])
            if not cursor.fetchone()[0]:
                return False
    return True
