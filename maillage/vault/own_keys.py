"""Rows that an organisation keeps for itself under a key of their own, wrapped by its key for a convention: wrapped again.

Such a row has `organisation_id`, `convention_id` and `wrapped_key`.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from maillage.core.crypto import DecryptionError
from maillage.core.row_security import acting
from maillage.vault.actions import vault
from maillage.vault.renewing import BATCH, Done, Tell, in_batches
from maillage.vault.store import KeyDestroyed


def wrap_again(
    model: type[Model],
    place_of: Callable[[Any], bytes],
    *,
    organisation: UUID,
    convention: UUID,
    batch: int = BATCH,
    tell: Tell = lambda _: None,
) -> Done:
    """Wrap the keys of an organisation's rows under its key of the store in use; `place_of` says where a row's key belongs.

    For the worker's role or the owner's. A key that no known one opens is left as it is, and counted.
    """
    with transaction.atomic(), acting(organisation=organisation):
        kept = model._default_manager.filter(organisation=organisation, convention_id=convention)
        rows = list(kept.order_by("id"))
    found = Done()
    for some in in_batches(rows, batch):
        with transaction.atomic(), acting(organisation=organisation):
            for row in some:
                found += _wrap_again(row, place_of(row))
        tell(found.changed)
    return found


def _wrap_again(row: Any, place: bytes) -> Done:
    former = bytes(row.wrapped_key)
    holder = {"organisation": row.organisation_id, "convention": row.convention_id}
    try:
        key = vault().open_own_key(former, at=place, **holder)
    except (DecryptionError, KeyDestroyed):
        return Done(unreadable=1)
    again = vault().wrap_own_key(key, at=place, **holder)
    same = type(row)._default_manager.filter(id=row.id, wrapped_key=former)
    return Done(same.update(wrapped_key=again))
