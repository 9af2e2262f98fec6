"""What was wrong is put right in the case, and told to each other organisation that received it; each receipt is tracked (S3 art. 6)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.protection.breaches.saying import text_faults
from maillage.protection.requests.models import Rectification, RequestFile
from maillage.protection.requests.receiving import require_follower
from maillage.protection.requests.restricting import told_to_others
from maillage.protection.requests.rules import Told
from maillage.protection.requests.saying import tell_journal


@transaction.atomic
def propagate(*, file: RequestFile, cases: Sequence[UUID], what: str, by: Member) -> int:
    """Tell what was put right in these cases to the other organisations that take part in them; how many are told.

    The correction itself is made in the case, by whoever works it. Raises PermissionDenied, Refused at `cases`, `what`.
    """
    require_follower(by)
    text = what.strip()
    check(
        [
            None
            if cases and set(cases) <= set(file.cases)
            else Fault("Choisissez au moins un de ses dossiers.", "cases"),
            *text_faults({"what": text}, by=by, needed=("what",)),
        ]
    )
    told = told_to_others(request=file.request_id, cases=cases, what=text, kind=Told.RECTIFICATION, by=by)
    if not told:
        raise Refused("Personne d’autre n’a reçu ces données : rien n’est à transmettre.", "cases")
    tell_journal("rectify", file.request_id, by)
    return told


def is_shared(cases: Sequence[UUID]) -> bool:
    """Whether another organisation takes part now in one of these cases of one's own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM protection_shared(%s)", [list(cases)])
        return cursor.fetchone() is not None


def is_propagated(file: RequestFile, by: Member) -> bool:
    """Whether one's own organisation told the others, for this request, what it put right."""
    rows = Rectification.objects.filter(request=file.request_id, organisation=by.organisation)
    return rows.filter(kind=Told.RECTIFICATION).exists()


@transaction.atomic
def take_up(*, rectification: UUID, by: Member, at: datetime) -> bool:
    """Say that one's organisation put the same right on its side; False when it was said already.

    Raises PermissionDenied, Rectification.DoesNotExist.
    """
    require_follower(by)
    row = Rectification.objects.get(pk=rectification, addressee=by.organisation)
    done = Rectification.objects.filter(pk=row.pk, acknowledged_at=None).update(
        acknowledged_at=at, acknowledged_by=by.user
    )
    if done:
        tell_journal("take_up", row.request_id, by)
    return bool(done)
