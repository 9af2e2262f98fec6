"""Questions and answers about a case, encrypted again when the case gets a new key. For the worker's role or the owner's."""

from uuid import UUID

from django.db import connection

from maillage.conventions.solicitations.actions import sealed_place
from maillage.core import crypto

Sealed = tuple[UUID, bytes | None, bytes | None]


def solicitations_to_renew(case: UUID) -> list[Sealed]:
    """What is sealed with a case's key, locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM solicitations_to_renew(%s)", [case])
        return [(which, _bytes(question), _bytes(answer)) for which, question, answer in cursor.fetchall()]


def encrypt_solicitations_again(rows: list[Sealed], *, former: bytes, key: bytes) -> bool:
    """Encrypt them with the new key; False when one was written again meanwhile. Raises DecryptionError for what was altered."""
    for which, question, answer in rows:
        again = [
            None if sealed is None else _again(sealed, sealed_place(which, column), former, key)
            for sealed, column in ((question, "sealed_question"), (answer, "sealed_answer"))
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT encrypt_solicitation_again(%s, %s, %s, %s, %s)", [which, question, answer, *again]
            )
            if not cursor.fetchone()[0]:
                return False
    return True


def _again(sealed: bytes, place: bytes, former: bytes, key: bytes) -> bytes:
    return crypto.encrypt(key, crypto.decrypt(former, sealed, at=place), at=place)


def _bytes(column: memoryview | bytes | None) -> bytes | None:
    return None if column is None else bytes(column)
