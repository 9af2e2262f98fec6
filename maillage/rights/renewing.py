"""What this room keeps sealed, under keys that are renewed: its part of a case's new key, and its files being prepared."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from maillage.referrals.renewing import Also
from maillage.rights.models import Preparation
from maillage.rights.preparing import preparation_place
from maillage.rights.sealed import encrypt_application_again, to_renew
from maillage.vault.own_seals import seal_again
from maillage.vault.renewing import BATCH, Done, Tell

APPLICATIONS: Final = Also(to_renew, encrypt_application_again)
"""Given to `renew_cases`: the sealed words of applications."""


def reseal_preparations(
    organisation: UUID, *, pairs: Sequence[UUID], batch: int = BATCH, tell: Tell = lambda _: None
) -> Done:
    """Seal again the files being prepared that are under these retired pairs; one that its author saves meanwhile is hers."""
    return seal_again(
        Preparation, preparation_place, organisation=organisation, pairs=pairs, batch=batch, tell=tell
    )
