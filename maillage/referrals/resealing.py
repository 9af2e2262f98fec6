"""Drafts sealed again under their organisation's key pair in use. For the worker's role or the owner's."""

from collections.abc import Sequence
from uuid import UUID

from maillage.referrals.drafts import draft_place
from maillage.referrals.models import Draft
from maillage.vault.own_seals import seal_again
from maillage.vault.renewing import BATCH, Done, Tell


def reseal_drafts(
    organisation: UUID, *, pairs: Sequence[UUID], batch: int = BATCH, tell: Tell = lambda _: None
) -> Done:
    """Seal again the drafts that are under these retired pairs; one that its author saves meanwhile is hers."""
    return seal_again(Draft, draft_place, organisation=organisation, pairs=pairs, batch=batch, tell=tell)
