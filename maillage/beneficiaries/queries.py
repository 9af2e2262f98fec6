"""Reading the persons of cases whose keys one holds."""

from collections.abc import Mapping
from uuid import UUID

from maillage.beneficiaries.actions import identity_place
from maillage.beneficiaries.models import Beneficiary, Information
from maillage.beneficiaries.rules import Identity, identity_from_bytes
from maillage.core import crypto


def identities(keys: Mapping[UUID, bytes]) -> dict[UUID, Identity]:
    """The identity of each case whose key is given, in one query; raises DecryptionError for a row that was tampered with."""
    rows = Beneficiary.objects.filter(case_id__in=list(keys))
    return {
        row.case_id: identity_from_bytes(
            crypto.decrypt(keys[row.case_id], bytes(row.identity), at=identity_place(row.case_id))
        )
        for row in rows
    }


def information_of(case: UUID) -> Information | None:
    """What the person of this case was told first, with its recipient."""
    return Information.objects.filter(case_id=case).select_related("recipient").order_by("id").first()
