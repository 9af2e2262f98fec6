"""Which store belongs to this database. One that was emptied, is not mounted or is another's must not make new keys unseen:
what was sealed would look lost, and what is new would be sealed under other keys.

The store has a file that says which one it is, made when it begins; the database remembers the first store that it was used
with. When they differ nothing is sealed nor opened, and production does not start (`checks.py`).
"""

from uuid import UUID

from django.db import connection

from maillage.vault.models import UsedStore
from maillage.vault.store import KeyStore, WrongStore


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


def accept_loss(store: KeyStore) -> None:
    """The former store is lost without a backup: this one takes its place, for the owner's role. What was sealed never opens again."""
    identity = store.begin()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE vault_usedstore SET identity = %s, since = now()", [identity])
