"""Planted rows of the vault and of the index by which one finds people again."""

from collections.abc import Callable
from uuid import UUID

from maillage.beneficiaries.models import Waiting
from maillage.core.identifiers import uuid7
from maillage.vault.models import IndexKey, UsedStore

Save = Callable[..., UUID]


def plant_keys(save: Save, found: object, *, holder: UUID, case: UUID, canary: str) -> None:
    """The key of an organisation's index, a person who waits to be in it; once, the store that the database remembers."""
    from tests.security.planting import EVERYBODY  # it plants with what is defined here

    if not UsedStore.objects.using("owner").exists():
        save(found, UsedStore(identity=uuid7()), EVERYBODY)
    save(found, IndexKey(organisation_id=holder, wrapped=canary.encode()), frozenset({holder}))
    # Written by trigger, with the person.
    waiting = Waiting.objects.using("owner").get(organisation_id=holder, case_id=case)
    save(found, waiting, frozenset())
