"""The daily round: whoever leads an assessment is told once, two months before its review."""

import logging
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from maillage.core.calendar import DAY
from maillage.core.row_security import acting
from maillage.protection.assessments.notifications import tell_review
from maillage.protection.assessments.rules import is_reminded

logger = logging.getLogger(__name__)
_LONGEST: Final = 62 * DAY
"""Two months, whichever they are."""


def remind(at: datetime) -> int:
    """The worker's: tell of each review within two months, once for its day; how many were near. Twice, it tells nothing more."""
    on = at.date()
    near = [row for row in _coming(on) if is_reminded(row[2], on)]
    for assessment, organisation, review_on in near:
        try:
            with transaction.atomic(), acting(organisation=organisation):
                tell_review(assessment, organisation, review_on)
        except Exception as error:  # noqa: BLE001 - one assessment must not keep the others from being told
            logger.error("Reminder of assessment %s failed: %s", assessment, type(error).__name__)  # noqa: TRY400 - a traceback may quote values
    return len(near)


def _coming(on: date) -> list[tuple[UUID, UUID, date]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT assessment, organisation, review_on FROM protection_reviews_coming(%s)", [on + _LONGEST]
        )
        return list(cursor.fetchall())
