"""What an application holds sealed with the key of its case, each text at its own place; and how it is sealed again."""

from typing import Final
from uuid import UUID

from django.db import connection

from maillage.core import crypto
from maillage.referrals.sealed_words import Column

DETAILS: Final = Column("rights_application", "details")
DECISION: Final = Column("rights_application", "sealed_words")
REQUEST: Final = Column("rights_piecerequest", "sealed_words")
_COLUMNS: Final = {"details": DETAILS, "decision": DECISION, "request": REQUEST}
Sealed = tuple[str, UUID, bytes]


def to_renew(case: UUID) -> list[Sealed]:
    """What is sealed with a case's key here, locked until the transaction ends; for the worker's role or the owner's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM application_to_renew(%s)", [case])
        return [(what, which, bytes(sealed)) for what, which, sealed in cursor.fetchall()]


def encrypt_application_again(case: UUID, rows: list[Sealed], *, former: bytes, key: bytes) -> bool:
    """Encrypt them with the new key; False when one was written again meanwhile. Raises DecryptionError for what was altered."""
    for what, which, sealed in rows:
        place = _COLUMNS[what].place(which)
        again = crypto.encrypt(key, crypto.decrypt(former, sealed, at=place), at=place)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT encrypt_application_again(%s, %s, %s, %s, %s)", [case, what, which, sealed, again]
            )
            if not cursor.fetchone()[0]:
                return False
    return True
