"""Reading the persons of cases whose keys one holds."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q

from maillage.beneficiaries.actions import identity_place
from maillage.beneficiaries.models import Beneficiary, BlindIndex, Information
from maillage.beneficiaries.rules import Identity, identity_from_bytes, searched_as
from maillage.core import crypto
from maillage.organisations.member import Member
from maillage.vault.actions import vault


def identities(keys: Mapping[UUID, bytes]) -> dict[UUID, Identity]:
    """The identity of each case whose key is given, in one query; raises DecryptionError for a row that was tampered with."""
    rows = Beneficiary.objects.filter(case_id__in=list(keys))
    return {
        row.case_id: identity_from_bytes(
            crypto.decrypt(keys[row.case_id], bytes(row.identity), at=identity_place(row.case_id))
        )
        for row in rows
    }


def cases_of_person(
    *, by: Member, nir: str = "", surname: str = "", birth_date: date | None = None
) -> list[UUID]:
    """The cases of a person in the member's own organisation, found by her NIR, or by her surname and birth date together.

    By keyed digests: nothing is decrypted, and what a job has not indexed yet is not found (a minute or two).
    """
    key = vault().index_key(by.organisation)
    if key is None:
        return []
    wanted = Q()
    for kind, values in searched_as(nir=nir, surname=surname, birth_date=birth_date).items():
        wanted |= Q(kind=kind, digest=crypto.blind_index(key, kind, *values))
    if not wanted:
        return []
    rows = BlindIndex.objects.filter(wanted, organisation=by.organisation)
    return list(rows.order_by("case_id").values_list("case_id", flat=True).distinct())


def information_of(case: UUID) -> Information | None:
    """What the person of this case was told first, with its recipient."""
    return Information.objects.filter(case_id=case).select_related("recipient").order_by("id").first()
