"""Rows that an organisation keeps for itself, sealed to its own key pair: sealed again under the pair in use.

Such a row has `organisation_id` and `sealed`.
"""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from maillage.core.crypto import DecryptionError
from maillage.core.row_security import acting
from maillage.vault.actions import vault
from maillage.vault.renewing import BATCH, Done, Tell, in_batches
from maillage.vault.store import KeyDestroyed

_UNDER = """
    SELECT id, sealed FROM {table}
     WHERE organisation_id = %s AND substring(sealed FROM 1 FOR 16) = ANY (SELECT uuid_send(pair) FROM unnest(%s::uuid[]) pair)
     ORDER BY id
"""


def seal_again(
    model: type[Model],
    place_of: Callable[[UUID], bytes],
    *,
    organisation: UUID,
    pairs: Sequence[UUID],
    batch: int = BATCH,
    tell: Tell = lambda _: None,
) -> Done:
    """Seal again the rows that are under these retired pairs; one that its author saves meanwhile is hers.

    For the worker's role or the owner's. What no known key opens is left as it is, and counted.
    """
    statement = _UNDER.format(table=model._meta.db_table)
    with transaction.atomic(), acting(organisation=organisation):
        rows = list(model._default_manager.raw(statement, [organisation, list(pairs)]))
    found = Done()
    for some in in_batches(rows, batch):
        with transaction.atomic(), acting(organisation=organisation):
            for row in some:
                found += _seal_again(row, place_of(row.pk), organisation)
        tell(found.changed)
    return found


def _seal_again(row: Any, place: bytes, organisation: UUID) -> Done:
    former = bytes(row.sealed)
    try:
        plaintext = vault().open_for_self(former, at=place)
    except (DecryptionError, KeyDestroyed):
        return Done(unreadable=1)
    again = vault().seal_for_self(plaintext, organisation=organisation, at=place)
    return Done(type(row)._default_manager.filter(pk=row.pk, sealed=former).update(sealed=again))
