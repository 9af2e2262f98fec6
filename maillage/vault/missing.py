"""Key pairs of the organisations that have none: those that the directory has just opened."""

from typing import Final
from uuid import UUID

from django.db import connections, transaction

from maillage.vault.actions import vault

BATCH: Final = 100  # the journal chains a transaction's entries in a time that grows with their square
_WITHOUT: Final = """
    SELECT o.id FROM organisations_organisation o
     WHERE o.id > %s AND NOT EXISTS (SELECT 1 FROM vault_publickey k WHERE k.organisation_id = o.id) ORDER BY o.id LIMIT %s
"""
_ADMIT: Final = "SELECT vault_admit_key_pairs(%s::uuid[], %s::uuid[], %s::bytea[], %s::bytea[])"


def make_missing_key_pairs(*, using: str = "default", most: int | None = None) -> int:
    """Make a first key pair for every organisation without any, some hundreds a transaction; how many were made.

    Repeats nothing, whoever else does the same at once. Raises MasterKeyMissing.
    """
    keys, made, last = vault(), 0, UUID(int=0)
    while most is None or made < most:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(_WITHOUT, [last, BATCH])
            bodies = [row[0] for row in cursor.fetchall()]
            if not bodies:
                break
            last = bodies[-1]
            pairs = [keys.new_key_pair() for _ in bodies]
            cursor.execute(
                _ADMIT,
                [
                    [pair.id for pair in pairs],
                    bodies,
                    [pair.public for pair in pairs],
                    [pair.wrapped for pair in pairs],
                ],
            )
            made += cursor.fetchone()[0]
    return made
