"""Planted rows of the vault and of the index by which one finds people again."""

from collections.abc import Callable
from uuid import UUID

from maillage.beneficiaries.models import Waiting
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.vault.models import AcceptedLoss, IndexKey, UsedStore

Save = Callable[..., UUID]


def plant_keys(save: Save, found: object, *, holder: UUID, case: UUID, canary: str) -> None:
    """The key of an organisation's index, a person who waits to be in it, a loss that was accepted; once, the store in use."""
    from tests.security.planting import EVERYBODY  # it plants with what is defined here

    if not UsedStore.objects.using("owner").exists():
        save(found, UsedStore(identity=uuid7()), EVERYBODY)
    save(found, IndexKey(organisation_id=holder, wrapped=canary.encode()), frozenset({holder}))
    # Of a convention that is nobody's: the world's own keys are not lost.
    lost = AcceptedLoss(organisation_id=holder, convention_id=uuid7(), at=now())
    save(found, lost, frozenset({holder}))
    # Written by trigger, with the person.
    waiting = Waiting.objects.using("owner").get(organisation_id=holder, case_id=case)
    save(found, waiting, frozenset())
