"""What a sender reads of a referral whose progress the person withholds from it (D12): that it was received, and when it is over.

Row security hides the rest from it; definer functions give its own part, and let it stop the case all the same.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from maillage.beneficiaries.agreement import RECEIVED_ONLY
from maillage.beneficiaries.models import Consent
from maillage.beneficiaries.queries import consent_of
from maillage.cases.models import Case
from maillage.core.statements import kept
from maillage.referrals.models import Referral, Renunciation

MESSAGES: Final = frozenset(
    {
        "referral_accepted",
        "referral_refused",
        "referral_redirected",
        "referral_forwarded",
        "referral_contacted",
        "referral_paused",
        "referral_closed",
    }
)
"""What such a sender is not told of; the trigger `told_as_agreed` of the outbox refuses them too."""


def is_withheld(case: Case) -> bool:
    """Whether the person lets its sender know only that her request was received; whoever takes part in the case may ask."""
    agreed = consent_of(case)
    return agreed is not None and agreed.progress == RECEIVED_ONLY


def still_withheld(case: Case) -> bool:
    """The same as it is now, for whoever holds the referral's row: she may have chosen otherwise since the case was read."""
    return bool(_withholding(case.id))


@kept
def _withholding(case: UUID) -> QuerySet[Consent]:
    return Consent.objects.filter(case_id=case, progress=RECEIVED_ONLY)


def as_sent(case: UUID, *, locking: bool = False) -> Referral:
    """The referral as such a sender may read it, whatever was done; `locking`: nobody acts on it meanwhile.

    Raises Referral.DoesNotExist for anybody else.
    """
    found = list(Referral.objects.raw("SELECT * FROM referral_as_sent(%s, %s)", [case, locking]))
    if not found:
        raise Referral.DoesNotExist
    (row,) = found
    vars(row)["withheld"] = True
    return row


def with_what_hangs(case: UUID, rows: QuerySet[Any]) -> Referral:
    """The referral as such a sender may read it, with what hangs on it as `rows`, annotated for the same case, found it.

    The care that it described is there, without what became of it.
    """
    noted: Mapping[str, Any] = rows.values().get(case_id=case)
    referral = as_sent(case)
    columns = [field.attname for field in Renunciation._meta.concrete_fields]
    described = Renunciation.objects.raw("SELECT * FROM renunciations_as_sent(%s)", [case])
    known = {field.attname for field in rows.model._meta.concrete_fields}
    vars(referral).update({name: value for name, value in noted.items() if name not in known})
    vars(referral)["noted_renunciations"] = [
        {column: getattr(row, column) for column in columns} for row in described
    ]
    return referral


def withdraw_withheld(referral: Referral, reason: str, *, at: datetime) -> bool:
    """Stop a referral that its sender does not read any more; False when it has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT withdraw_withheld(%s, %s, %s)", [referral.case_id, reason, at])
        return bool(cursor.fetchone()[0])
