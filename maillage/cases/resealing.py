"""The sealed keys of an organisation's cases, sealed again under its keys in use. For the worker's role or the owner's."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from maillage.core.row_security import acting
from maillage.vault.actions import SealedKey, public_keys, vault
from maillage.vault.renewing import BATCH, PAGE, Done, Tell, in_batches, retried
from maillage.vault.store import KeyDestroyed

Part = tuple[UUID, SealedKey]


def reseal_cases(
    organisation: UUID,
    *,
    pairs: Sequence[UUID] | None = None,
    convention: UUID | None = None,
    batch: int = BATCH,
    tell: Tell = lambda _: None,
) -> Done:
    """Seal again what is under these retired pairs, or what is under the former key of a convention.

    `tell` hears how many were done after each batch, once that batch is committed. Goes over them until none changed
    meanwhile.
    """
    found, missed = Done(), True
    while missed:
        missed, last, unreadable = False, None, 0
        while page := _page(organisation, last, pairs, convention):
            last = page[-1][0]
            for rows in in_batches(page, batch):
                done, left = retried(lambda rows=rows: _reseal(organisation, rows))  # type: ignore[misc]  # bound now
                found, unreadable = found + Done(done.changed), unreadable + done.unreadable
                missed = missed or left > 0
                tell(found.changed)
    return found + Done(unreadable=unreadable)


def _page(
    organisation: UUID, last: UUID | None, pairs: Sequence[UUID] | None, convention: UUID | None
) -> list[Part]:
    with transaction.atomic(), acting(organisation=organisation), connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM sealed_parts(%s, %s, %s, %s)",
            [last, PAGE, None if pairs is None else list(pairs), convention],
        )
        return [
            (part, SealedKey(case, organisation, under, bytes(sealed)))
            for part, case, under, sealed in cursor.fetchall()
        ]


def _reseal(organisation: UUID, parts: Sequence[Part]) -> tuple[Done, int]:
    """What one transaction did, and how many changed under it: they are looked at again."""
    with transaction.atomic(), acting(organisation=organisation):
        (public,) = public_keys(organisation)
        former, again = [], []
        for part, row in parts:
            if vault().store.is_destroyed(row.organisation, row.convention):
                again.append((part, row.sealed, b""))
            elif not _is_current(row, public.id):
                former.append((part, row))
        keys = vault().open_case_keys(row for _, row in former)
        for part, row in former:
            if row.case in keys:
                sealed = vault().seal_case_key(
                    keys[row.case], case=row.case, organisation=organisation, convention=row.convention, public=public
                )  # fmt: skip
                again.append((part, row.sealed, sealed))
        done = _replace(again)
    return Done(done, len(former) - len(keys)), len(again) - done


def _is_current(row: SealedKey, pair: UUID) -> bool:
    try:
        return vault().is_current(row, pair=pair)
    except KeyDestroyed:
        return False


def _replace(rows: Sequence[tuple[UUID, bytes, bytes]]) -> int:
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reseal_parts(%s, %s, %s)", [list(column) for column in zip(*rows, strict=True)]
        )
        return int(cursor.fetchone()[0])
