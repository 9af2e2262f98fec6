"""The identity of her cases is put right to answer her, and whoever else received it is told at once (GDPR art. 16 and 19; S3 art. 6)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from maillage.beneficiaries import correcting
from maillage.beneficiaries.models import Correction
from maillage.beneficiaries.rules import Identity, fields_words
from maillage.cases.models import Participation
from maillage.organisations.member import Member
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.queries import parts_in
from maillage.protection.requests.receiving import require_follower
from maillage.protection.requests.restricting import told_to_others
from maillage.protection.requests.rules import Told
from maillage.protection.requests.saying import tell_journal


def part_to_correct(file: RequestFile, case: UUID, by: Member) -> Participation:
    """One's own part in one of her cases. Raises Participation.DoesNotExist for another."""
    found = parts_in(by, [case]) if case in file.cases else []
    if not found:
        raise Participation.DoesNotExist
    return found[0]


@transaction.atomic
def correct(
    *,
    file: RequestFile,
    part: Participation,
    corrected: Identity,
    seen: UUID | None,
    by: Member,
    at: datetime,
) -> Correction:
    """Put right the identity of one of her cases, restricted or not; each other organisation that takes part is told, with a receipt.

    Raises PermissionDenied, Refused at each field, or where somebody went first.
    """
    require_follower(by)
    row = correcting.correct_for_her(
        part=part, corrected=corrected, seen=seen, request=file.request_id, by=by, at=at
    )
    told = told_to_others(
        request=file.request_id,
        cases=[part.case_id],
        what=f"Identité corrigée : {fields_words(row.fields)}.",
        kind=Told.RECTIFICATION,
        by=by,
    )
    if told:
        tell_journal("rectify", file.request_id, by)
    return row


def corrected_since(file: RequestFile) -> dict[UUID, list[Correction]]:
    """What was corrected in her cases since she asked, by case, the oldest first: for this request, or in the daily work of either side."""
    rows = Correction.objects.filter(case_id__in=file.cases, corrected_at__gte=file.request.recorded_at)
    found: dict[UUID, list[Correction]] = {}
    for row in rows.select_related("organisation").order_by("corrected_at", "id"):
        found.setdefault(row.case_id, []).append(row)
    return found


def uncorrected(file: RequestFile) -> list[UUID]:
    """Her cases in which nothing was corrected since she asked."""
    done = corrected_since(file)
    return [case for case in file.cases if case not in done]
