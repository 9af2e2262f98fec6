"""Cases as a member reaches them: each question starts from her organisation's participations."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from maillage.cases.models import Participation
from maillage.core.crypto import DecryptionError
from maillage.organisations.member import Member
from maillage.vault.actions import SealedKey, vault

T = TypeVar("T")


def visible_to(member: Member) -> QuerySet[Participation]:
    """The participations of her organisation that still run: the same limit as row security's."""
    return Participation.objects.filter(
        Q(until__isnull=True) | Q(until__gt=Now()), organisation=member.organisation
    )


def keys_of(participations: Iterable[Participation]) -> dict[UUID, bytes]:
    """The key of each case, for one organisation's participations, in one query; destroyed keys are left out."""
    return vault().open_case_keys(
        SealedKey(part.case_id, part.organisation_id, part.convention_id, bytes(part.sealed_key))
        for part in participations
    )


def reading(parts: Sequence[Participation], read: Callable[[dict[UUID, bytes]], T]) -> T:
    """What `read` makes of the keys of these cases; destroyed ones are left out.

    Keys are renewed while pages are read: when one does not open, or opens nothing, all are read once more, by `read` too,
    which starts from rows of its own. Raises DecryptionError for what was altered.
    """
    keys = keys_of(parts)
    if len(keys) < len(parts) and _read_again(parts):
        keys = keys_of(parts)
    try:
        return read(keys)
    except DecryptionError:
        if not _read_again(parts):
            raise
        return read(keys_of(parts))


def _read_again(parts: Sequence[Participation]) -> bool:
    """The sealed keys as they are now; whether one differs from what was read."""
    rows = Participation.objects.filter(id__in=[part.id for part in parts])
    now = dict(rows.values_list("id", "sealed_key"))
    changed = False
    for part in parts:
        if part.id in now and bytes(now[part.id]) != bytes(part.sealed_key):
            part.sealed_key, changed = now[part.id], True
    return changed
