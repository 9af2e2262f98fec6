"""A restriction that is granted: her cases are restricted, and whoever else takes part in them is told at once (GDPR art. 18 and 19)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from maillage.cases import freezing
from maillage.cases.models import Freeze
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.protection.breaches.saying import text_faults
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.notifications import tell_rectified
from maillage.protection.requests.receiving import day_of, require_follower
from maillage.protection.requests.rules import Told
from maillage.protection.requests.saying import tell_journal

RESTRICTED: Final = (
    "L’usage des données de ce dossier est limité à la demande de la personne (RGPD, article 18) :"
    " on peut le lire, pas y agir."
)
LIFTED: Final = "La limitation de ce dossier est levée : on peut de nouveau y agir."


def told_to_others(*, request: UUID, cases: Sequence[UUID], what: str, kind: Told, by: Member) -> int:
    """Tell it, with a receipt each, to the other organisations that take part in these cases; how many are told."""
    told: list[tuple[UUID, UUID]] = []
    for case in sorted(set(cases)):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM protection_rectify(%s, %s, %s, %s, %s)",
                [request, case, what, by.user, kind.value],
            )
            told += cursor.fetchall()
    for notice, body in told:
        tell_rectified(notice, body)
    return len(told)


def restrict(*, file: RequestFile, ground: str, by: Member, at: datetime) -> int:
    """Restrict all the cases of hers that are ticked; how many organisations are told. Raises Refused at `ground`."""
    freezing.freeze(cases=file.cases, ground=ground, by=by, at=at)
    return told_to_others(
        request=file.request_id, cases=file.cases, what=RESTRICTED, kind=Told.RESTRICTION, by=by
    )


def restrictions_of(file: RequestFile, by: Member) -> list[Freeze]:
    """What one's own organisation restricts now, of the cases of a request."""
    return [row for row in freezing.running(file.cases) if row.organisation_id == by.organisation]


@transaction.atomic
def lift(
    *, file: RequestFile, cases: Sequence[UUID], why: str, told_on: date | None, told_how: str, by: Member, at: datetime
) -> int:  # fmt: skip
    """Lift the restriction of these cases, once the person was told; how many.

    Raises PermissionDenied, TransitionRefused, Refused at `cases`, `why`, `told_on`, `told_how`.
    """
    require_follower(by)
    rows = [row for row in restrictions_of(file, by) if row.case_id in set(cases)]
    if not rows or len(rows) != len(set(cases)):
        raise Refused("Choisissez au moins un dossier que votre organisme a limité.", "cases")
    on, zone = day_of(by, at), ZoneInfo(by.time_zone)
    faults = [one for one in text_faults({"why": why}, by=by, needed=()) if one]
    if faults:
        raise Refused.because(faults)
    for row in rows:
        since = row.since.astimezone(zone).date()
        freezing.lift(row=row, why=why, told_on=told_on, told_how=told_how, by=by, at=at, on=on, since=since)
    lifted = [row.case_id for row in rows]
    told_to_others(request=file.request_id, cases=lifted, what=LIFTED, kind=Told.LIFTING, by=by)
    tell_journal("lift", file.request_id, by)
    return len(lifted)
