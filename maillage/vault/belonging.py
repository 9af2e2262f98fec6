"""Which store belongs to this database. One that was emptied, is not mounted or is another's must not make new keys unseen:
what was sealed would look lost, and what is new would be sealed under other keys.

The store has a file that says which one it is, made when it begins; the database remembers the first store that it was used
with. When they differ nothing is sealed nor opened, and production does not start (`checks.py`).

One file may be missing among others: before a first key is made, the database says whether something is under one already.
"""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from maillage.vault.models import AcceptedLoss, UsedStore
from maillage.vault.store import KeyDestroyed, KeyMissing, KeyStore, WrongStore


def remembered() -> UUID | None:
    """The store of this database; None before its first key."""
    return UsedStore.objects.values_list("identity", flat=True).first()


def belongs(store: KeyStore, *, remembered: UUID | None) -> None:
    """See that this is the store that the database remembers; raises WrongStore otherwise, or when it remembers none."""
    if remembered is None or store.identity() != remembered:
        raise WrongStore(str(store.directory))


def see_store(store: KeyStore, *, remembered: UUID | None) -> None:
    """The same, before a key is made: at the very first one the store begins, and the database remembers it. Raises WrongStore."""
    if remembered is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT vault_remember_store(%s)", [store.begin()])
            remembered = cursor.fetchone()[0]
    belongs(store, remembered=remembered)


def see_key(store: KeyStore, organisation: UUID, convention: UUID) -> None:
    """See that a key about to be made is a first one; no query when one stands.

    Raises KeyMissing when something is sealed under one that is not there, KeyDestroyed when the ledger says that it was destroyed,
    InsufficientPrivilege for another's that nothing allows to seal to.
    """
    if store.stands(organisation, convention):
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT vault_key_known(%s, %s)", [organisation, convention])
        (known,) = cursor.fetchone()
    if known == "destroyed":
        raise KeyDestroyed(f"{organisation} {convention}")
    # Looked at again: what another process has just committed is under a file that it made before.
    if known == "sealed" and not store.stands(organisation, convention):
        raise KeyMissing(organisation, convention)


def missing(store: KeyStore) -> list[tuple[UUID, UUID]]:
    """Each (organisation, convention) whose key something is under and that the store has lost; for the worker's role or the owner's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM vault_keys_counted_on()")
        return sorted(holder for holder in cursor.fetchall() if not store.stands(*holder))


def accept_loss(store: KeyStore, *, at: datetime) -> int:
    """What is lost has no backup: another store, or other keys of this one, take its place. What was sealed never opens again.

    How many keys are lost. For the owner's role.
    """
    identity = store.begin()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE vault_usedstore SET identity = %s, since = now() WHERE identity <> %s", [identity] * 2
        )
    lost = missing(store)
    AcceptedLoss.objects.bulk_create(
        [AcceptedLoss(organisation_id=body, convention_id=convention, at=at) for body, convention in lost],
        update_conflicts=True,
        unique_fields=["organisation", "convention_id"],
        update_fields=["at"],
    )
    return len(lost)
