"""Secrets of second factors under the current master key, person by person. For the worker's role or the owner's."""

from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from maillage.core.crypto import DecryptionError
from maillage.core.row_security import acting
from maillage.credentials.actions import factor_place
from maillage.credentials.models import Factor
from maillage.organisations.models import User
from maillage.vault.actions import vault
from maillage.vault.renewing import Done


def rewrap_factors() -> Done:
    """Put everybody's under the current master key; a code being used meanwhile waits for its row."""
    found = Done()
    for user in _everybody():
        with transaction.atomic(), acting(organisation=None, user=user):
            for factor in _sealed(user).select_for_update():
                found += _rewrapped(factor)
    return found


def factors_under_former() -> int:
    """How many are not under the current master key."""
    master, left = vault().master, 0
    for user in _everybody():
        with transaction.atomic(), acting(organisation=None, user=user):
            places = [(bytes(factor.sealed), factor_place(factor.id, user)) for factor in _sealed(user)]
        left += sum(not master.is_current(wrapped, at=place) for wrapped, place in places)
    return left


def _everybody() -> Iterator[UUID]:
    yield from list(User.objects.order_by("id").values_list("id", flat=True))


def _sealed(user: UUID) -> QuerySet[Factor]:
    return Factor.objects.filter(user_id=user).exclude(sealed=b"").order_by("id")


def _rewrapped(factor: Factor) -> Done:
    try:
        again = vault().master.rewrap(bytes(factor.sealed), at=factor_place(factor.id, factor.user_id))
    except DecryptionError:
        return Done(unreadable=1)
    if again is None:
        return Done()
    factor.sealed = again
    factor.save(update_fields=["sealed"])
    return Done(changed=1)
