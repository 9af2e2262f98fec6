"""The ledger of erasures, replayed: what was destroyed stays destroyed, whichever of the store and the database was restored.

It stands in two places: rows of the database, and the marks that the store leaves where a key was destroyed. Each is
completed by the other, and both by a backup. For the worker's role or the owner's.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, connections, transaction

from maillage.vault.actions import vault
from maillage.vault.belonging import remembered, see_store

CONVENTION: Final = "convention"
CASE: Final = "case"
DOCUMENT: Final = "document"
PART: Final = "part"
"""One organisation's part in one case: that organisation's alone, where `CASE` is everybody's."""
_BY_THE_MARK: Final = "noté dans le magasin de clés"


@dataclass(frozen=True, slots=True, order=True)
class Erased:
    """One line: what was destroyed and for whom. `reference` is the id of a convention, a case (also of a part) or a document."""

    scope: str
    reference: UUID
    organisation: UUID | None
    reason: str = ""


Replay = Callable[[list[Erased]], object]
"""What a room does again, of what the whole ledger says, after a restore: in its own tables and files. Done twice, it does nothing."""

REPLAYS: Final[list[Replay]] = []
"""Each room appends its own where its application is ready (`apps.py`); run by `replay_all` in that order, the ledger's own first."""


def ledger(using: str = "default") -> list[Erased]:
    """Every line of the database, in order."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT what, of_reference, body, why FROM erasure_ledger()")
        found = [Erased(what, UUID(of), body, why) for what, of, body, why in cursor.fetchall() if _is_id(of)]
    return sorted(found, key=lambda line: (line.scope, line.reference, str(line.organisation)))


def replay(known: Iterable[Erased] = ()) -> list[Erased]:
    """Complete the ledger with these lines and with the store's marks, then do again all that it says; the whole ledger.

    Done twice, it does nothing the second time. Raises nothing for what is gone already; WrongStore.
    """
    store = vault().store
    marks = [
        Erased(CONVENTION, convention, organisation, _BY_THE_MARK)
        for organisation, convention in store.destroyed()
    ]
    marks += [Erased(PART, case, organisation, _BY_THE_MARK) for organisation, _, case in store.ended()]
    with transaction.atomic(), connection.cursor() as cursor:
        for line in (*known, *marks):
            cursor.execute(
                "SELECT keep_erasure(%s, %s, %s, %s)",
                [line.organisation, line.scope, str(line.reference), line.reason],
            )
        whole = ledger()
        cursor.execute("SELECT replay_erasures()")
    destroyed = [
        (line.organisation, line.reference)
        for line in whole
        if line.scope == CONVENTION and line.organisation is not None
    ]
    if destroyed:
        see_store(store, remembered=remembered())
    for holder in destroyed:
        store.destroy(*holder)
    return whole


def replay_all(known: Iterable[Erased] = ()) -> list[Erased]:
    """The same after a restore, and what each room does of it (`REPLAYS`): nobody enters before it has ended."""
    whole = replay(known)
    for again in REPLAYS:
        again(whole)
    return whole


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
