"""Who asks, sealed again under the key pair in use of the organisation that wrote it down."""

from collections.abc import Sequence
from uuid import UUID

from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.queries import person_place
from maillage.vault.own_seals import seal_again
from maillage.vault.renewing import BATCH, Done, Tell


def reseal_requests(
    organisation: UUID, *, pairs: Sequence[UUID], batch: int = BATCH, tell: Tell = lambda _: None
) -> Done:
    """Seal again the names of those who ask that are under these retired pairs; for the worker's role or the owner's."""
    return seal_again(
        RequestFile, person_place, organisation=organisation, pairs=pairs, batch=batch, tell=tell
    )
