"""What the two sides write to each other about a referral: sealed with the case's key, each text at its own place."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from maillage.cases.queries import keys_of, visible_to
from maillage.core import crypto
from maillage.core.refusals import Refused
from maillage.organisations.member import Member


@dataclass(frozen=True, slots=True)
class Column:
    """A column of sealed words."""

    table: str
    name: str

    def place(self, row: UUID) -> bytes:
        """Where what is sealed in this column of a row belongs."""
        return crypto.place(self.table, self.name, row)


REFUSAL: Final = Column("referrals_referral", "refusal_words")
QUESTION: Final = Column("referrals_casequestion", "sealed_question")
ANSWER: Final = Column("referrals_casequestion", "sealed_answer")
_COLUMNS: Final = {column.name: column for column in (REFUSAL, QUESTION, ANSWER)}


def seal_words(text: str, column: Column, row: UUID, *, case: UUID, by: Member) -> bytes | None:
    """The words for one column of a row, None when there are none. The referral is locked: its key does not change meanwhile.

    Raises Refused when the key was destroyed.
    """
    written = text.strip()
    if not written:
        return None
    key = keys_of(visible_to(by).filter(case_id=case)).get(case)
    if key is None:
        raise Refused("Les données de ce dossier ont été détruites.")
    return crypto.encrypt(key, written.encode(), at=column.place(row))


def open_words(sealed: bytes | memoryview | None, column: Column, row: UUID, *, key: bytes | None) -> str:
    """The words of one column of a row; empty when there are none, or no key. Raises DecryptionError for what was altered."""
    if sealed is None or key is None:
        return ""
    return crypto.decrypt(key, bytes(sealed), at=column.place(row)).decode()


Sealed = tuple[str, UUID, bytes]


def words_to_renew(case: UUID) -> list[Sealed]:
    """What is sealed with a case's key here, locked until the transaction ends; for the worker's role or the owner's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM words_to_renew(%s)", [case])
        return [(what, which, bytes(sealed)) for what, which, sealed in cursor.fetchall()]


def encrypt_words_again(case: UUID, rows: list[Sealed], *, former: bytes, key: bytes) -> bool:
    """Encrypt them with the new key; False when one was written again meanwhile. Raises DecryptionError for what was altered."""
    for what, which, sealed in rows:
        place = _COLUMNS[what].place(which)
        again = crypto.encrypt(key, crypto.decrypt(former, sealed, at=place), at=place)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT encrypt_words_again(%s, %s, %s, %s, %s)", [case, what, which, sealed, again]
            )
            if not cursor.fetchone()[0]:
                return False
    return True
