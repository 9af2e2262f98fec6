"""Planted rows of the vault and of the index by which one finds people again."""

from collections.abc import Callable
from uuid import UUID

from maillage.beneficiaries.models import Waiting
from maillage.vault.models import IndexKey

Save = Callable[..., UUID]


def plant_keys(save: Save, found: object, *, holder: UUID, case: UUID, canary: str) -> None:
    """The key of an organisation's index, and a person who waits to be in it."""
    save(found, IndexKey(organisation_id=holder, wrapped=canary.encode()), frozenset({holder}))
    # Written by trigger, with the person.
    waiting = Waiting.objects.using("owner").get(organisation_id=holder, case_id=case)
    save(found, waiting, frozenset())
