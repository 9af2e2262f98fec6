"""The summary of the day of an organisation's box, and of each of its referents': one e-mail for all that was held for it. For the
worker's role."""

from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from maillage.core.holidays import is_working_day
from maillage.notifications.mailing import FROM_HOUR

_USUAL = "75"  # whose holidays count where an organisation has no département


def gather(*, at: datetime) -> int:
    """Write the summaries of the boxes whose working day has come; how many. A second run of the day writes none.

    One transaction an organisation: what each says and the messages that it stands for are marked together, so that a stop loses none.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notifications_boxes(%s, %s)", [at, FROM_HOUR])
        boxes: list[tuple[UUID, date, str]] = cursor.fetchall()
    return sum(
        _gather(box, day, at) for box, day, departement in boxes if is_working_day(day, departement or _USUAL)
    )


def _gather(box: UUID, day: date, at: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT gather_messages(%s, %s, %s)", [box, day, at])
        return int(cursor.fetchone()[0])
