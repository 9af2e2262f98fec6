"""What this room keeps sealed, under keys that are renewed: its part of a case's new key, and what its organisation keeps for itself."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Model

from maillage.referrals.renewing import Also
from maillage.rights.bulk.keeping import key_place, memory_place
from maillage.rights.models import ApplicationImport, ImportMemory, Preparation
from maillage.rights.preparing import preparation_place
from maillage.rights.sealed import encrypt_application_again, to_renew
from maillage.vault.own_seals import seal_again
from maillage.vault.renewing import BATCH, Done, Tell

APPLICATIONS: Final = Also(to_renew, encrypt_application_again)
"""Given to `renew_cases`: the sealed words of applications."""
_OWN: Final[tuple[tuple[type[Model], Callable[[UUID], bytes]], ...]] = (
    (Preparation, preparation_place),
    (ApplicationImport, key_place),
    (ImportMemory, memory_place),
)


def reseal_preparations(
    organisation: UUID, *, pairs: Sequence[UUID], batch: int = BATCH, tell: Tell = lambda _: None
) -> Done:
    """Seal again what is under these retired pairs: files being prepared, keys of tables, what imports remember.

    One that its author saves meanwhile is hers.
    """
    found = Done()
    for model, place in _OWN:
        before = found.changed
        found += seal_again(
            model,
            place,
            organisation=organisation,
            pairs=pairs,
            batch=batch,
            tell=lambda done, before=before: tell(before + done),  # type: ignore[misc]  # bound now
        )
    return found
