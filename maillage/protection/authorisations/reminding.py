"""The daily round: whoever was granted an authorisation is told once, thirty days before it ends."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from maillage.core.calendar import DAY
from maillage.core.row_security import acting
from maillage.protection.authorisations.answering import reached
from maillage.protection.authorisations.notifications import tell
from maillage.protection.authorisations.queries import ending
from maillage.protection.authorisations.rules import REMINDED, State, reminded_on

logger = logging.getLogger(__name__)


def remind(at: datetime) -> int:
    """The worker's: tell the askers what ends within thirty days, once for each last day; how many. Twice, it tells nothing more."""
    on = at.date()
    done = 0
    for transfer, organisation in ending(on - DAY, on + timedelta(days=REMINDED + 1)):
        try:
            with transaction.atomic(), acting(organisation=organisation):
                done += _remind_one(transfer, organisation, at)
        except Exception as error:  # noqa: BLE001 - one authorisation must not keep the others from being told
            logger.error("Reminder of authorisation %s failed: %s", transfer, type(error).__name__)  # noqa: TRY400 - a traceback may quote values
    return done


def _remind_one(transfer: UUID, organisation: UUID, at: datetime) -> int:
    found = reached(transfer, at)
    last = found.standing.last_day
    if found.standing.state is not State.GRANTED or last is None or found.on < reminded_on(last):
        return 0
    tell("transfer_ending", transfer, [organisation], fact=last.isoformat())
    return 1
