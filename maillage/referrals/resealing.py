"""Drafts sealed again under their organisation's key pair in use. For the worker's role or the owner's."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from maillage.core.crypto import DecryptionError
from maillage.core.row_security import acting
from maillage.referrals.drafts import draft_place
from maillage.referrals.models import Draft
from maillage.vault.actions import vault
from maillage.vault.renewing import BATCH, Done, Tell, in_batches
from maillage.vault.store import KeyDestroyed

_UNDER = """
    SELECT id, sealed FROM referrals_draft
     WHERE organisation_id = %s AND substring(sealed FROM 1 FOR 16) = ANY (SELECT uuid_send(pair) FROM unnest(%s::uuid[]) pair)
     ORDER BY id
"""


def reseal_drafts(
    organisation: UUID, *, pairs: Sequence[UUID], batch: int = BATCH, tell: Tell = lambda _: None
) -> Done:
    """Seal again the drafts that are under these retired pairs; one that its author saves meanwhile is hers."""
    with transaction.atomic(), acting(organisation=organisation):
        rows = list(Draft.objects.raw(_UNDER, [organisation, list(pairs)]))
    found = Done()
    for drafts in in_batches(rows, batch):
        with transaction.atomic(), acting(organisation=organisation):
            for draft in drafts:
                found += _reseal(draft, organisation)
        tell(found.changed)
    return found


def _reseal(draft: Draft, organisation: UUID) -> Done:
    former, place = bytes(draft.sealed), draft_place(draft.id)
    try:
        plaintext = vault().open_for_self(former, at=place)
    except (DecryptionError, KeyDestroyed):
        return Done(unreadable=1)
    again = vault().seal_for_self(plaintext, organisation=organisation, at=place)
    return Done(Draft.objects.filter(id=draft.id, sealed=former).update(sealed=again))
