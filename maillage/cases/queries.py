"""Cases as a member reaches them: each question starts from her organisation's participations."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from maillage.cases.models import Participation
from maillage.organisations.member import Member
from maillage.vault.actions import SealedKey, vault


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
