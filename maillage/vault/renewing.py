"""Renewing keys while others read and write. For the worker's role or the owner's, one organisation at a time.

Each renewal goes the same way: the new key is put in use; whoever was sealing with the former one is waited for
(`await_sealers`); what is under the former one is sealed again, batch by batch, each replaced only if it is still what was
read; then the former one goes. Killed anywhere, it goes on where it was: what is left to do is what is still under it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar
from uuid import UUID

from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from maillage.audit.actions import record
from maillage.core.crypto import DecryptionError
from maillage.core.row_security import acting
from maillage.vault.actions import index_place, private_place, vault
from maillage.vault.models import IndexKey, PrivateKey, PublicKey

BATCH: Final = 200
"""Rows of one transaction: short enough for writers to wait unseen."""
PAGE: Final = 10_000
"""Rows read at once, to be cut into batches."""
_TRIES: Final = 60
_RETRIES: Final = 4
_PATIENCE: Final = "1s"
Tell = Callable[[int], None]
T = TypeVar("T")


class StillSealing(Exception):
    """A transaction that seals has not ended for minutes: the renewal was left where it is."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was closed again under the key in use, and what no known key opens."""

    changed: int = 0
    unreadable: int = 0

    def __add__(self, other: "Done") -> "Done":
        return Done(self.changed + other.changed, self.unreadable + other.unreadable)


def bodies_with_keys() -> list[UUID]:
    """The organisations that have a key pair, in order."""
    rows = PublicKey.objects.filter(retired_at=None).order_by("organisation_id")
    return list(rows.values_list("organisation_id", flat=True))


def renew_pair(organisation: UUID) -> bool:
    """Put a new key pair in use, and wait for those who seal to the former one; False while one is being retired already."""
    pair = vault().new_key_pair()
    with transaction.atomic(), acting(organisation=organisation):
        renewed = _call("SELECT renew_key_pair(%s, %s, %s)", pair.id, pair.public, pair.wrapped)
        if renewed:
            _journal("renew_pair", pair.id, organisation)
    await_sealers(organisation)
    return renewed


def retired_pairs(organisation: UUID) -> list[UUID]:
    """The pairs no longer in use whose private half is still there, since something may need it."""
    with transaction.atomic(), acting(organisation=organisation):
        rows = PrivateKey.objects.filter(organisation=organisation, key__retired_at__isnull=False)
        return list(rows.order_by("key_id").values_list("key_id", flat=True))


def forget_pairs(organisation: UUID) -> int:
    """Remove the retired private halves that nothing needs any more (the database looks); how many stay."""
    left = 0
    for pair in retired_pairs(organisation):
        with transaction.atomic(), acting(organisation=organisation):
            gone = _call("SELECT forget_private_key(%s)", pair)
            if gone:
                _journal("forget_pair", pair, organisation)
        left += not gone
    return left


def renew_stored(organisation: UUID, convention: UUID) -> bool:
    """Put a new key of the store in use, and wait for those who seal with the former one; False while two stand already.

    Raises KeyDestroyed.
    """
    renewed = vault().store.renew(organisation, convention)
    if renewed:
        with transaction.atomic(), acting(organisation=organisation):
            _journal("renew_stored", convention, organisation)
    await_sealers(organisation)
    return renewed


def forget_stored(organisation: UUID, convention: UUID) -> None:
    """Remove the former key of the store, once nothing is under it: the convention's own stays, nothing is erased."""
    with transaction.atomic(), acting(organisation=organisation):
        if vault().store.forget_former(organisation, convention):
            _journal("forget_stored", convention, organisation)


def await_sealers(organisation: UUID) -> None:
    """Return once every transaction that was sealing for the organisation has ended; raises StillSealing after a minute.

    New ones wait behind this for a second at most, then it lets them pass and tries again.
    """
    for _ in range(_TRIES):
        try:
            with transaction.atomic(), acting(organisation=organisation), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
                cursor.execute("SELECT await_sealers()")
        except OperationalError:
            time.sleep(0.2)
        else:
            return
    raise StillSealing(str(organisation))


def rewrap_own(organisation: UUID) -> Done:
    """Put under the current master key the private halves and the index key of an organisation."""
    found = Done()
    with transaction.atomic(), acting(organisation=organisation):
        for half in PrivateKey.objects.filter(organisation=organisation).order_by("key_id"):
            place, former = private_place(half.key_id), bytes(half.wrapped)
            found += _rewrapped(former, place, "SELECT rewrap_private_key(%s, %s, %s)", half.key_id, former)
        for row in IndexKey.objects.filter(organisation=organisation):
            place, former = index_place(organisation), bytes(row.wrapped)
            found += _rewrapped(former, place, "SELECT keep_index_key(%s, %s)", former)
    return found


def _rewrapped(wrapped: bytes, place: bytes, statement: str, *arguments: object) -> Done:
    try:
        again = vault().master.rewrap(wrapped, at=place)
    except DecryptionError:
        return Done(unreadable=1)
    return Done(changed=int(again is not None and _call(statement, *arguments, again)))


def rewrap_store() -> Done:
    """Put every file of the store under the current master key."""
    store, found = vault().store, Done()
    for holder in store.holders():
        try:
            found += Done(changed=store.rewrap(*holder))
        except DecryptionError:
            found += Done(unreadable=1)
    return found


def own_under_former(organisation: UUID) -> int:
    """How many wrapped keys of an organisation are not under the current master key."""
    master = vault().master
    with transaction.atomic(), acting(organisation=organisation):
        halves = PrivateKey.objects.filter(organisation=organisation)
        places = [(bytes(half.wrapped), private_place(half.key_id)) for half in halves]
        rows = IndexKey.objects.filter(organisation=organisation)
        places += [(bytes(row.wrapped), index_place(organisation)) for row in rows]
    return sum(not master.is_current(wrapped, at=place) for wrapped, place in places)


def store_under_former() -> int:
    """How many holders of the store have a file that is not under the current master key."""
    store = vault().store
    return sum(store.needs_former_master(*holder) for holder in store.holders())


def retried(step: Callable[[], T]) -> T:
    """Run a transaction again when PostgreSQL ended it so that another could go on (a deadlock, between two rotations)."""
    for _ in range(_RETRIES):
        try:
            return step()
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
    return step()


def in_batches(rows: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    """The rows, `size` by `size`."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def _call(statement: str, *arguments: object) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(arguments))  # type: ignore[arg-type]  # ids and bytes
        return bool(cursor.fetchone()[0])


def _journal(verb: str, reference: UUID, organisation: UUID) -> None:
    record(verb=f"keys.{verb}", object_type="key", object_ref=reference, by=None, organisation=organisation)
